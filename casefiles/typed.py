"""A colleague or team that is named by typing: what is offered, and who is meant by what was typed."""

from collections.abc import Iterable

from django import forms

from casefiles.names import key
from people.models import Staff, Unit

SHOWN = 5


def label_of(record: Staff | Unit) -> str:
    """How a record is offered: "Amy Lowther, Fostering Team (1042)"."""
    place = record.unit if isinstance(record, Staff) else record.parent
    return f"{record.name}, {place.name} ({record.reference})" if place else f"{record.name} ({record.reference})"


class NameField(forms.CharField):
    """One of `records` by what is offered, by number, or by name in any spelling that imports match."""

    def __init__(self, records: Iterable[Staff | Unit], *, noun: str, **kwargs) -> None:
        super().__init__(max_length=200, **kwargs)
        self.records, self.noun = list(records), noun
        self.widget.attrs |= {"list": "offered", "autocomplete": "off"}

    def offered(self) -> list[str]:
        """For the datalist."""
        return [label_of(record) for record in self.records]

    def clean(self, value: str) -> Staff | Unit | None:
        """Whoever is meant; where that is nobody or could be several, a sentence that names who comes near."""
        given = super().clean(value)
        if not given:
            return None
        folded = key(given)
        found = [row for row in self.records if key(label_of(row)) == folded]
        found = found or [row for row in self.records if folded in {key(row.name), key(row.reference)}]
        if len(found) == 1:
            return found[0]
        raise forms.ValidationError(self._several(given, found) if found else self._nobody(given, folded))

    def _several(self, given: str, found: list) -> str:
        return f"{len(found)} {self.noun} are called “{given}”. Give one of these in full: {_named(found)}."

    def _nobody(self, given: str, folded: str) -> str:
        near = [row for row in self.records if folded and folded in key(row.name)][:SHOWN]
        if near:
            return f"There is no “{given}”. Give one of these in full: {_named(near)}."
        return (f"There is no “{given}” among the {self.noun} in the portal. Check the spelling, or choose from the "
                "list.")


def _named(records: list) -> str:
    return "; ".join(label_of(row) for row in records[:SHOWN])
