"""The form on which a leaver's work is handed on. Nobody chosen means: by rule."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from crispy_forms_gds.helper import FormHelper
from django import forms

from calendars.fields import DayField
from calendars.rules import add_months_clamped, today_in_london
from casefiles.leaving import Choices, Named
from people.fields import PersonField
from people.models import Staff, Unit

LAST_DAY = "on"


class LeaveForm(forms.Form):
    """The last day, then one field for each thing that somebody may take over."""

    on = DayField(label="Last day", missing="Give the last day. For example, 30 11 2026")

    def __init__(self, *args: Any, staff: Staff, facts: Iterable[tuple[str, str]], cases: list[Named],
                 units: list[Unit], reports: int, covers: int, **kwargs: Any) -> None:
        """`facts` are all capacities in which case files name them, `cases` those that the reader may see."""
        super().__init__(*args, **kwargs)
        self.staff, self.cases, self.units = staff, cases, units
        self.facts = dict(facts)
        for fact, label in self.facts.items():
            self.fields[f"all-{fact}"] = person(f"Who takes over as {label[0].lower()}{label[1:]}?")
        for named in cases:
            self.fields[f"case-{named.file.pk}-{named.fact}"] = person(f"Case {named.file.reference}")
        for unit in units:
            self.fields[f"unit-{unit.pk}"] = person("New manager")
        if reports:
            self.fields["reports_to"] = person("Who is their line manager from now on?")
        if covers:
            self.fields["cover"] = person("Who covers instead?")
        self.helper = FormHelper()  # for the error summary

    def clean_on(self) -> date:
        """Not long ago, not in many years."""
        day, today = self.cleaned_data["on"], today_in_london()
        if day < add_months_clamped(today, -12):
            raise forms.ValidationError("The last day is more than a year ago. Check the year.")
        if day > add_months_clamped(today, 24):
            raise forms.ValidationError("The last day is more than two years away. Check the year.")
        return day

    def clean(self) -> dict[str, Any]:
        """Nothing goes back to the one who leaves."""
        cleaned = super().clean()
        for name, value in list(cleaned.items()):
            if isinstance(value, Staff) and value.pk == self.staff.pk:
                self.add_error(name, f"{self.staff} leaves. Name somebody else, or leave it empty")
        return cleaned

    @property
    def lies_ahead(self) -> bool:
        """Whether the last day is not here yet."""
        return self.cleaned_data["on"] > today_in_london()

    def has_choices(self) -> bool:
        """Whether somebody was chosen for anything."""
        return any(isinstance(value, Staff) for value in self.cleaned_data.values())

    def choices(self, named: Iterable[Named]) -> Choices:
        """Who takes what over, for all case files that name the leaver."""
        given = self.cleaned_data
        cases = {each.key: given.get(f"case-{each.file.pk}-{each.fact}") or given.get(f"all-{each.fact}")
                 for each in named}
        units = {unit.pk: given.get(f"unit-{unit.pk}") for unit in self.units}
        return Choices(
            cases={key: taker for key, taker in cases.items() if taker},
            units={pk: taker for pk, taker in units.items() if taker},
            reports_to=given.get("reports_to"), cover=given.get("cover"),
        )

    def case_rows(self) -> list[tuple[Named, forms.BoundField]]:
        """Each case with its field."""
        return [(named, self[f"case-{named.file.pk}-{named.fact}"]) for named in self.cases]

    def unit_rows(self) -> list[tuple[Unit, forms.BoundField]]:
        """Each unit with its field."""
        return [(unit, self[f"unit-{unit.pk}"]) for unit in self.units]

    def fact_fields(self) -> list[forms.BoundField]:
        """One field for each capacity."""
        return [self[f"all-{fact}"] for fact in self.facts]


def person(label: str) -> PersonField:
    """Somebody, or nobody in particular."""
    return PersonField(label=label, required=False)
