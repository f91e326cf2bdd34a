"""Forms of hearing the family: whether it is right, a parent's consent, an attempt, a conversation that begins."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from crispy_forms_gds.layout import Field, Fixed, Size
from django import forms

from audits.consultation_forms import DAY, check_day, choice
from audits.family_models import FamilyMethod, Relation
from audits.forms import helper
from audits.models import FamilyAttempt, FamilyDecision, ParentalConsent
from audits.workflow.hearing import WITHOUT_CHILD
from calendars.fields import ClockField, DayField
from calendars.rules import at_london
from programmes.asks import QuestionSet

SMALL = Size.SMALL
Outcome = FamilyDecision.Outcome
MOST = 2_000


def _text(label: str, hint: str, missing: str = "", **more) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=MOST, help_text=hint, widget=forms.Textarea(attrs={"rows": 3}), required=bool(missing),
        error_messages={"required": missing, "max_length": "Use 2,000 characters or fewer"}, **more)


def _day(label: str) -> DayField:
    return DayField(label=label, missing="Give the day", example="30 11 2026")


class WithDay(forms.Form):
    """One day while the auditor had the case; `day_field` names it."""

    day_field = ""

    def __init__(self, *args, first: date, today: date, **kwargs) -> None:
        kwargs["initial"] = {self.day_field: today} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.first, self.today = first, today

    def clean(self) -> dict:
        """The day is one on which the auditor had the case."""
        data = super().clean()
        if self.day_field in data:
            try:
                check_day(data[self.day_field], self.first, self.today)
            except forms.ValidationError as error:
                self.add_error(self.day_field, error)
        return data


class DecisionForm(WithDay):
    """Whom it is right to speak with, by age and understanding; and the worker's word against it (S2-08, S2-12)."""

    day_field = "decided_on"
    decided_with = choice("Who decided?", FamilyDecision.DecidedWith.choices, "Say who decided")
    decided_on = _day("On which day?")
    understanding = _text("What did you consider?", "The child’s age and understanding, and what happens for the "
                          "family now", "Say how you considered the child’s age and understanding")
    against_interest = _text("If the worker thinks it is not in the child’s interest, why? (optional)",
                             "It stands in the audit, and you do not speak with the child")
    outcome = choice("Whom is it right to speak with?", Outcome.choices, "Say whom it is right to speak with")
    reasons = _text("If not everybody, why not?", "Leave this empty if it is right for the child and the parents")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        texts = {name: Field.textarea(name, rows=3, label_size=SMALL)
                 for name in ("understanding", "against_interest", "reasons")}
        self.helper = helper(
            Field.radios("decided_with", legend_size=SMALL), Field("decided_on", context=DAY), texts["understanding"],
            texts["against_interest"], Field.radios("outcome", legend_size=SMALL), texts["reasons"],
            button="Record what you decided")

    def clean(self) -> dict:
        """A reason where not everybody; never the child against the worker's word."""
        data = super().clean()
        outcome = data.get("outcome")
        if outcome and outcome != Outcome.ALL and not data.get("reasons") and "reasons" not in self.errors:
            self.add_error("reasons", "Say why not everybody")
        if outcome and outcome not in WITHOUT_CHILD and data.get("against_interest"):
            self.add_error("outcome", "The worker thinks that it is not in the child’s interest: choose an answer "
                                      "without the child")
        return data


class ConsentForm(WithDay):
    """Which parent said what, and when (S2-09)."""

    day_field = "said_on"
    parent = choice("Whom did you ask?", ParentalConsent.Parent.choices, "Say whom you asked")
    is_given = choice("Do they agree that you speak with the child?", [("yes", "Yes"), ("no", "No")],
                      "Say whether they agree")
    said_on = _day("On which day did they say so?")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Field.radios("parent", legend_size=SMALL), Field.radios("is_given", legend_size=SMALL, inline=True),
            Field("said_on", context=DAY), button="Record their answer")

    def clean_is_given(self) -> bool:
        """Yes or no."""
        return self.cleaned_data["is_given"] == "yes"


class FamilyAttemptForm(WithDay):
    """Whom, when, how, and what came of it (S2-36)."""

    day_field = "made_on"
    who = choice("Whom did you try to reach?", Relation.choices, "Say whom you tried to reach")
    made_on = _day("On which day?")
    method = choice("How?", FamilyMethod.choices, "Say how you tried")
    outcome = choice("What came of it?", FamilyAttempt.Outcome.choices, "Say what came of it")

    def __init__(self, *args, hindrances: Mapping[str, str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.hindrances = hindrances
        self.helper = helper(
            Field.radios("who", legend_size=SMALL), Field("made_on", context=DAY),
            Field.radios("method", legend_size=SMALL), Field.radios("outcome", legend_size=SMALL),
            button="Record this attempt")

    def clean_who(self) -> str:
        """Only whom it is right to speak with."""
        return check_who(self.cleaned_data["who"], self.hindrances)


def check_who(who: str, hindrances: Mapping[str, str]) -> str:
    """Somebody who may be spoken with now; else the sentence why not."""
    if hindrances[who]:
        raise forms.ValidationError(hindrances[who])
    return who


class ViewForm(WithDay):
    """The start of a conversation: who, which questions, and their consent before anything else (S2-15, S2-16)."""

    day_field = "spoken_on"
    who = choice("Who is it?", Relation.choices, "Say who it is")
    method = choice("How do you speak with them?", FamilyMethod.choices, "Say how")
    spoken_on = DayField(label="On which day?", missing="Give the day", example="30 11 2026",
                         help_text="For a questionnaire, the day on which it was filled in")
    told_of_sharing = forms.BooleanField(
        label="They know that what they say goes on the child’s file and to the worker and the manager",
        error_messages={"required": "Tell them first that it goes on file and is shared, and tick it"})
    consents = forms.BooleanField(
        label="They agreed to take part",
        error_messages={"required": "Ask them first whether they agree, and tick it. Without it nothing is recorded"})
    consent_time = ClockField(label="At what time did they agree?", missing="Give the time at which they agreed",
                              help_text="For example, 10:30am or 2pm")

    def __init__(self, *args, sets: Sequence[QuestionSet], hindrances: Mapping[str, str], now: datetime,
                 **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.hindrances, self.now = hindrances, now
        self.fields["question_set"] = choice("Which questions?", [(row.slug, row.label) for row in sets],
                                             "Choose the questions")
        self.order_fields(["who", "question_set", "method", "spoken_on", "told_of_sharing", "consents",
                           "consent_time"])
        self.helper = helper(
            Field.radios("who", legend_size=SMALL), Field.radios("question_set", legend_size=SMALL),
            Field.radios("method", legend_size=SMALL), Field("spoken_on", context=DAY), Field("told_of_sharing"),
            Field("consents"), Field.text("consent_time", field_width=Fixed.TEN, label_size=SMALL),
            button="Begin with the questions")

    def clean_who(self) -> str:
        """Only whom it is right to speak with."""
        return check_who(self.cleaned_data["who"], self.hindrances)

    def clean(self) -> dict:
        """They agreed before now, on the day itself."""
        data = super().clean()
        data.pop("consents", None)
        if data.get("spoken_on") and data.get("consent_time"):
            data["consent_at"] = at_london(data["spoken_on"], data.pop("consent_time"))
            if data["consent_at"] > self.now:
                self.add_error("consent_time", "Give a time up to now")
        return data


class PassOnForm(WithDay):
    """When worker and manager were told (S2-14)."""

    day_field = "on"
    on = _day("When did you tell the worker and the team manager?")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(Field("on", context=DAY), button="Record that they were told")
