"""Forms of the case page: correcting a fact, a line of its history."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fluid, Layout, Size
from django import forms

from calendars.fields import DayField
from calendars.rules import today_in_london
from casefiles.models import CaseFile, Correction, Involvement
from casefiles.typed import NameField
from people.models import Staff, Unit

Fact = Correction.Fact


def helper(*fields, button: str) -> FormHelper:
    """A GOV.UK form: fields, then one button that says the verb."""
    made = FormHelper()
    made.form_tag = False
    made.layout = Layout(*fields, Button.primary("", button))
    return made


class CorrectForm(forms.Form):
    """Who is it? A name, or nobody."""

    nobody = forms.BooleanField(required=False)

    def __init__(self, *args, fact: str, case_file: CaseFile, by: Staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.fact, word = fact, Fact(fact).label.lower()
        self.fields["who"] = self._who_field(word, by)
        self.fields["nobody"].label = self._nothing(case_file)
        self.helper = helper(
            Field.text("who", field_width=Fluid.TWO_THIRDS, label_size=Size.SMALL), Field("nobody"),
            button=f"Correct the {word}",
        )
        self.order_fields(["who", "nobody"])

    def _who_field(self, word: str, by: Staff) -> NameField:
        if self.fact == Fact.TEAM:
            teams = Unit.objects.visible_to(by).open(today_in_london()).filter(kind=Unit.Kind.TEAM)
            return NameField(teams.select_related("parent"), noun="teams", label="Name of the team", required=False,
                             help_text="Begin to type and choose")
        staff = Staff.objects.visible_to(by).working().select_related("unit")
        return NameField(staff, noun="colleagues", label=f"Name of the {word}", required=False,
                         help_text="Begin to type and choose, or give the name or staff number")

    def _nothing(self, case_file: CaseFile) -> str:
        if self.fact == Fact.TEAM:
            return "It belongs to no team that the portal knows"
        own = case_file.team and case_file.team.manager
        if self.fact == Fact.MANAGER:
            return f"The manager of its team{f', {own.name}' if own else ''}"
        return "Nobody at the moment"

    def clean(self):
        """One of the two."""
        data = super().clean()
        if "who" in data and bool(data["who"]) == data["nobody"]:
            word = "team" if self.fact == Fact.TEAM else "person"
            both = f"You named a {word} and ticked the box as well. Do one of the two"
            self.add_error("who", both if data["nobody"] else f"Name the {word}, or tick the box below")
        return data

    def right(self) -> dict[str, Staff | Unit | None]:
        """For the verb."""
        return {"unit" if self.fact == Fact.TEAM else "staff": self.cleaned_data["who"]}


class DaysForm(forms.Form):
    """From when to when somebody worked on a case file."""

    from_on = DayField(label="From", missing="Give the first day", help_text="For example, 4 12 2025",
                       example="4 12 2025")
    until_on = DayField(label="Until", required=False, example="4 12 2025",
                        help_text="Leave this empty where it still goes on")
    button = "Change the days"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        days = [Field(name, context={"legend_size": "govuk-fieldset__legend--s"}) for name in ("from_on", "until_on")]
        self.helper = helper(*self.before(), *days, button=self.button)

    def before(self) -> list:
        """The fields above the days."""
        return []


class InvolvementForm(DaysForm):
    """Somebody who worked on a case file, of whom no list told."""

    capacity = forms.ChoiceField(label="As", choices=Involvement.Capacity.choices, widget=forms.RadioSelect,
                                 error_messages={"required": "Choose what they were in this case"})
    button = "Add to the history"

    def __init__(self, *args, by: Staff, **kwargs):
        super().__init__(*args, **kwargs)
        staff = Staff.objects.visible_to(by).filter(is_system=False).select_related("unit")
        self.fields["person"] = NameField(
            staff, noun="people", label="Who worked on this case?",
            help_text="Begin to type and choose. People who have left are offered too",
            error_messages={"required": "Name the person"},
        )
        self.order_fields(["person", "capacity", "from_on", "until_on"])

    def before(self) -> list:
        """Who, and in which capacity."""
        return [Field.text("person", field_width=Fluid.TWO_THIRDS, label_size=Size.SMALL),
                Field.radios("capacity", legend_size=Size.SMALL)]
