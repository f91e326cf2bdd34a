"""Forms of an immediate concern: the one box, who was rung, what was done."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from crispy_forms_gds.layout import Field, Fixed, Fluid, Size
from django import forms

from audits.forms import helper
from audits.ringing import Number
from calendars.fields import ClockField
from calendars.rules import at_london, london_date
from people.models import Staff

SOMEBODY_ELSE = "else"
OUT_OF_HOURS = "Out of hours"


class ConcernForm(forms.Form):
    """The one required field of an immediate concern (S1-26)."""

    text = forms.CharField(
        label="What are you worried about?",
        max_length=10_000,
        help_text="One sentence is enough. Nothing of it is in the e-mail that is sent.",
        error_messages={"required": "Say what you are worried about. One sentence is enough"},
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Field.textarea("text", rows=5, label_size=Size.MEDIUM), button="Raise this concern now", colour="warning"
        )


class CallForm(forms.Form):
    """Whom somebody rang, when, and whether they spoke with them (B3)."""

    who = forms.ChoiceField(label="Whom did you ring?", widget=forms.RadioSelect,
                            error_messages={"required": "Say whom you rang", "invalid_choice": "Say whom you rang"})
    somebody_else = forms.CharField(label="If somebody else: who?", max_length=120, required=False,
                                    help_text="Their name or office. Nothing about the child.",
                                    error_messages={"max_length": "Use 120 characters or fewer"})
    spoke = forms.ChoiceField(label="Did you speak with them?", choices=[("yes", "Yes"), ("no", "No answer")],
                              widget=forms.RadioSelect, error_messages={"required": "Say whether you spoke with them"})
    rung_at = ClockField(label="At what time? (optional)", required=False,
                         help_text="Just now, unless you give a time, such as 2:05pm")

    def __init__(self, *args, numbers: Sequence[Number], raised_at: datetime, now: datetime, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.raised_at, self.now = raised_at, now
        self.people: dict[str, Staff] = {str(row.person.pk): row.person for row in numbers if row.person}
        choices = [(str(row.person.pk), row.name) for row in numbers if row.person]
        if any(row.person is None for row in numbers):
            choices.append((OUT_OF_HOURS, OUT_OF_HOURS))
        self.fields["who"].choices = [*choices, (SOMEBODY_ELSE, "Somebody else")]
        small = Size.SMALL
        self.helper = helper(
            Field.radios("who", legend_size=small),
            Field.text("somebody_else", field_width=Fluid.TWO_THIRDS, label_size=small),
            Field.radios("spoke", legend_size=small),
            Field.text("rung_at", field_width=Fixed.TEN, label_size=small),
            button="Record this call")

    def clean(self) -> None:
        """Somebody else has a name; the call was made since the concern."""
        if self.cleaned_data.get("who") == SOMEBODY_ELSE and not self.cleaned_data.get("somebody_else"):
            self.add_error("somebody_else", "Say whom you rang")
        if self._moment().replace(second=59) < self.raised_at:
            self.add_error("rung_at", "Give a time between the raising of the concern and now")

    def _moment(self) -> datetime:
        """A time later than now was that of the day before: somebody rang before midnight."""
        given = self.cleaned_data.get("rung_at")
        if not given:
            return self.now
        today = london_date(self.now)
        at = at_london(today, given)
        return at if at <= self.now else at_london(today - timedelta(days=1), given)

    def values(self) -> dict[str, object]:
        """What the verb takes."""
        who = self.cleaned_data["who"]
        named = {SOMEBODY_ELSE: self.cleaned_data["somebody_else"], OUT_OF_HOURS: OUT_OF_HOURS}.get(who, "")
        return {"person": self.people.get(who), "somebody_else": named, "rung_at": self._moment(),
                "was_spoken_to": self.cleaned_data["spoke"] == "yes"}


class ConcernDoneForm(forms.Form):
    """What was done, and where it stands on the child's record (S1-28, S1-29)."""

    action_taken = forms.CharField(
        label="What was done?",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say what was done"},
    )
    record_reference = forms.CharField(
        label="Where is it recorded?",
        max_length=120,
        help_text="Date or reference of the entry under Management Oversight",
        error_messages={"required": "Give the date or reference of the entry under Management Oversight"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Field.textarea("action_taken", rows=4, label_size=Size.SMALL),
            Field.text("record_reference", field_width=Fluid.TWO_THIRDS, label_size=Size.SMALL),
            button="Confirm that this is dealt with",
        )
