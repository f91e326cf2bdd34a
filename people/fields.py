"""A person in a form: typed or picked by name, staff number or e-mail address. Works without a script."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from people.folding import fold
from people.models import Staff

SUGGESTED = "colleagues"
MOST_SUGGESTED = 1_000


def written(person: Staff) -> str:
    """How a person stands in the field: "Tomasz Nowak (NB1234)"."""
    return f"{person.name} ({person.reference})"


def suggestions() -> list[str]:
    """For the datalist of the page. A council too large for one types the name."""
    people = list(Staff.objects.working().order_by("folded_name", "pk")[: MOST_SUGGESTED + 1])
    return [written(person) for person in people] if len(people) <= MOST_SUGGESTED else []


class PersonField(forms.CharField):
    """Somebody who works here. Two of one name are told apart by the staff number."""

    def __init__(self, *, missing: str = "Name somebody", **kwargs) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"list": SUGGESTED, "autocomplete": "off"}))
        super().__init__(max_length=200, **kwargs)
        self.error_messages["required"] = missing

    def prepare_value(self, value):
        """A person as text; what was typed as it is."""
        return written(value) if isinstance(value, Staff) else value

    def clean(self, value) -> Staff | None:
        """The one person meant; a sentence where there is none, or more than one."""
        given = super().clean(value)
        if not given:
            return None
        found = list(_meant(given)[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(f"Two people are called “{given}”. Give the staff number.")
        raise ValidationError(f"Nobody who works here is called “{given}”. Give the name or the staff number.")

    def has_changed(self, initial, data) -> bool:
        """Compared as it is written."""
        return self.prepare_value(initial) != data


def _meant(given: str):
    """By staff number or address, else by name; "Name (number)" is the number alone."""
    working = Staff.objects.working()
    name, bracket, number = given.rpartition("(")
    if bracket and number.endswith(")"):
        exact = working.filter(reference__iexact=number[:-1].strip(), folded_name=fold(name))
        if exact.exists():
            return exact
    exact = working.filter(Q(reference__iexact=given) | Q(email__iexact=given))
    return exact if exact.exists() else working.filter(folded_name=fold(given)).order_by("pk")
