"""Forms of doing an audit together: a session, an appointment, and why the worker cannot take part."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from crispy_forms_gds.layout import Field, Fixed, Size
from django import forms

from audits.consultation_models import Mode
from audits.contacts import Contact
from audits.forms import helper
from audits.models import Appointment, Session, WithoutWorker
from calendars.fields import ClockField, DayField
from calendars.rules import at_london, exists_in_london
from calendars.words import day_and_month
from people.models import Staff

SMALL = Size.SMALL
DAY = {"legend_size": "govuk-fieldset__legend--s"}
Why = WithoutWorker.Why
LENGTHS = [("30", "Half an hour"), ("60", "One hour"), ("90", "One and a half hours"), ("120", "Two hours"),
           ("180", "Three hours")]  # fmt: skip
FURTHEST = timedelta(days=366)


def choice(label: str, choices: Sequence[tuple], missing: str, **more) -> forms.ChoiceField:
    """Radios with one sentence for nothing and for nonsense."""
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect,
                             error_messages={"required": missing, "invalid_choice": missing}, **more)


def check_day(day: date, first: date, today: date) -> date:
    """Not before the auditor had the case, and not tomorrow."""
    if not first <= day <= today:
        since = f"from {day_and_month(first)} until today" if first < today else "of today"
        raise forms.ValidationError(f"Give a day {since}")
    return day


class WithPeople(forms.Form):
    """Ticks for people of the case, under whatever name the form gives the field."""

    def set_people(self, label: str, contacts: Sequence[Contact], *, required: bool) -> None:
        """One box for each."""
        self.people = {str(contact.person.pk): contact.person for contact in contacts}
        named = [(str(contact.person.pk), f"{contact.person.name}, {contact.capacity_label.lower()}")
                 for contact in contacts]
        missing = "Choose at least one person"
        self.fields["people"] = forms.MultipleChoiceField(
            label=label, choices=named, required=required, widget=forms.CheckboxSelectMultiple,
            error_messages={"required": missing, "invalid_choice": missing})

    def clean_people(self) -> list[Staff]:
        """The people behind the boxes."""
        return [self.people[key] for key in self.cleaned_data["people"]]


class SessionForm(WithPeople):
    """What was done together, when, how, and who was there (S1-23)."""

    purpose = choice("What did you do?", Session.Purpose.choices, "Say what you did")
    held_on = DayField(label="On which day?", missing="Give the day", example="30 11 2026")
    mode = choice("How?", Mode.choices, "Say how you met")
    others = forms.CharField(
        label="Who else was there? (optional)", max_length=200, required=False,
        help_text="Their role, such as the student on placement. Nobody of the family.",
        error_messages={"max_length": "Use 200 characters or fewer"})

    def __init__(self, *args, contacts: Sequence[Contact], first: date, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.first, self.today = first, today
        self.set_people("Who was there?", contacts, required=False)
        self.order_fields(["purpose", "held_on", "mode", "people", "others"])
        self.fields["held_on"].help_text = "Today, unless you write it down later"
        self.helper = helper(
            Field.radios("purpose", legend_size=SMALL), Field("held_on", context=DAY),
            Field.radios("mode", legend_size=SMALL), Field.checkboxes("people", legend_size=SMALL),
            Field.text("others", label_size=SMALL), button="Record this")

    def clean_held_on(self) -> date:
        """While the auditor had the case."""
        return check_day(self.cleaned_data["held_on"], self.first, self.today)

    def clean(self) -> dict:
        """Somebody was there."""
        data = super().clean()
        if "people" in data and not data["people"] and not data.get("others"):
            self.add_error("people", "Say who was there")
        return data


class WithoutWorkerForm(forms.Form):
    """Why the worker cannot take part; away with its days (S1-18, S2-11, A50, B1)."""

    why = choice("Why can the worker not take part?", Why.choices, "Say why")
    away_from = DayField(label="First day away", required=False, example="2 11 2026")
    away_until = DayField(label="Last day away", required=False, example="30 11 2026")

    def __init__(self, *args, due_on: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["away_from"].help_text = "Only if they are away from work"
        self.fields["away_until"].help_text = (
            f"Away until {day_and_month(due_on)}, when the audit is due, or longer. If they are back before, try to "
            "reach them")
        self.helper = helper(Field.radios("why", legend_size=SMALL), Field("away_from", context=DAY),
                             Field("away_until", context=DAY), button="Record this")

    def clean(self) -> dict:
        """Away has two days in order."""
        data = super().clean()
        if data.get("why") != Why.AWAY:
            return data | {"away_from": None, "away_until": None}
        for name, word in (("away_from", "first"), ("away_until", "last")):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, f"Give the {word} day away")
        if not self.errors and data["away_until"] < data["away_from"]:
            self.add_error("away_until", "The last day cannot come before the first")
        return data


class WhenForm(forms.Form):
    """A day, a time of the clock in London, and how long."""

    day = DayField(label="On which day?", missing="Give the day", example="30 11 2026")
    time = ClockField(label="At what time?", missing="Give the time", help_text="For example, 10:30am or 2pm")
    minutes = choice("How long?", LENGTHS, "Say how long", initial="60")

    def __init__(self, *args, now: datetime, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def fields_of_when(self) -> list[Field]:
        """As they stand in the page."""
        return [Field("day", context=DAY), Field.text("time", field_width=Fixed.TEN, label_size=SMALL),
                Field.radios("minutes", legend_size=SMALL)]

    def clean_minutes(self) -> int:
        """A number."""
        return int(self.cleaned_data["minutes"])

    def clean(self) -> dict:
        """A moment to come that there is: in March the clocks leave an hour out."""
        data = super().clean()
        if not (data.get("day") and data.get("time")):
            return data
        if not exists_in_london(data["day"], data["time"]):
            self.add_error("time", "There is no such time on this day: the clocks go forward. Choose another")
            return data
        starts_at = at_london(data.pop("day"), data.pop("time"))
        if not self.now < starts_at <= self.now + FURTHEST:
            self.add_error("day", "Give a day and time that are still to come, within a year")
        return data | {"starts_at": starts_at}


class AppointmentForm(WithPeople, WhenForm):
    """Whom, when, how and where (S1-20, S2-06)."""

    mode = choice("How do you meet?", Mode.choices, "Say how you meet")
    place = forms.CharField(
        label="Where? (optional)", max_length=Appointment._meta.get_field("place").max_length, required=False,
        help_text="A room, or who sends the link or rings. Nothing about the child.",
        error_messages={"max_length": "Use 120 characters or fewer"})

    def __init__(self, *args, contacts: Sequence[Contact], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.set_people("With whom?", contacts, required=True)
        self.order_fields(["people", "day", "time", "minutes", "mode", "place"])
        self.helper = helper(
            Field.checkboxes("people", legend_size=SMALL), *self.fields_of_when(),
            Field.radios("mode", legend_size=SMALL), Field.text("place", label_size=SMALL),
            button="Make this appointment")


def _because(label: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=300, help_text="The invited read it. Nothing about the child.",
        error_messages={"required": "Say why", "max_length": "Use 300 characters or fewer"})


class MoveForm(WhenForm):
    """Another time, with the reason."""

    because = _because("Why do you move it?")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(*self.fields_of_when(), Field.text("because", label_size=SMALL),
                             button="Move this appointment")


class CancelForm(forms.Form):
    """Why an appointment does not take place."""

    because = _because("Why does it not take place?")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(Field.text("because", label_size=SMALL), button="Cancel this appointment",
                             colour="warning")
