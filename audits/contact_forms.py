"""Forms of contact: an attempt to reach somebody, and what came of an escalation."""

from collections.abc import Sequence
from datetime import date

from crispy_forms_gds.layout import Field, Size
from django import forms

from audits.contacts import Contact
from audits.forms import helper
from audits.models import ContactAttempt
from calendars.fields import DayField
from calendars.words import day_and_month
from people.models import Staff

Method, Outcome = ContactAttempt.Method, ContactAttempt.Outcome


def _choice(label: str, choices: Sequence[tuple], missing: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect,
                             error_messages={"required": missing, "invalid_choice": missing})


class AttemptForm(forms.Form):
    """Whom, when, how, and whether they answered (S1-20)."""

    made_on = DayField(label="On which day?", missing="Give the day of the attempt", example="30 11 2026")
    method = _choice("How?", Method.choices, "Say how you tried")
    outcome = _choice("Did they answer?", Outcome.choices, "Say whether they answered")
    note = forms.CharField(
        label="Note (optional)",
        max_length=ContactAttempt._meta.get_field("note").max_length,
        required=False,
        help_text="Such as when they will ring back. Nothing about the child.",
        error_messages={"max_length": "Use 300 characters or fewer"},
    )

    def __init__(self, *args, contacts: Sequence[Contact], first: date, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.first, self.today = first, today
        self.people = {str(contact.person.pk): contact.person for contact in contacts}
        named = [(str(contact.person.pk), f"{contact.person.name}, {contact.capacity_label.lower()}")
                 for contact in contacts]
        self.fields["person"] = _choice("Whom did you try to reach?", named, "Choose a person")
        self.order_fields(["person", "made_on", "method", "outcome", "note"])
        self.fields["made_on"].help_text = "Today, unless you write it down later"
        small = Size.SMALL
        self.helper = helper(
            Field.radios("person", legend_size=small),
            Field("made_on", context={"legend_size": "govuk-fieldset__legend--s"}),
            Field.radios("method", legend_size=small), Field.radios("outcome", legend_size=small),
            Field.text("note", label_size=small), button="Record this attempt")

    def clean_made_on(self) -> date:
        """Not before the auditor had the case, and not tomorrow."""
        day = self.cleaned_data["made_on"]
        if not self.first <= day <= self.today:
            since = f"from {day_and_month(self.first)}" if self.first < self.today else "of today"
            raise forms.ValidationError(f"Give a day {since}{' until today' if self.first < self.today else ''}")
        return day

    def values(self) -> dict[str, object]:
        """What the verb takes."""
        return self.cleaned_data | {"person": self._person()}

    def _person(self) -> Staff:
        return self.people[self.cleaned_data["person"]]


class OutcomeForm(forms.Form):
    """What came of an escalation (S1-22)."""

    outcome = forms.CharField(
        label="What came of it?",
        max_length=2_000,
        help_text="What you agreed, or why they cannot take part. The auditor reads it. Nothing about the child.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say what came of it", "max_length": "Use 2,000 characters or fewer"},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(Field.textarea("outcome", rows=4, label_size=Size.SMALL), button="Resolve this escalation")
