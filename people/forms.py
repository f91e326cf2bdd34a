"""Forms of people: staff, units, roles, absence, the register. Shape here; what fits is for the verbs to say."""

from collections.abc import Callable, Iterable
from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fluid, Layout, Size
from django import forms

from calendars.fields import DayField
from people.fields import PersonField
from people.models import Auditor, Staff, Unit
from people.refusals import Refused
from people.roles import Role
from people.workflow.units import FROM_THE_TOP

SLUG_HELP = "Letters, digits and hyphens, as your list of units has it. It does not change later."


def helper(*fields: Any, button: str, colour: str = "") -> FormHelper:
    """A GOV.UK form: fields, then one button that says the verb."""
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    made.layout = Layout(*fields, Button.warning("", button) if colour == "warning" else Button.primary("", button))
    return made


def line(name: str, width: Any = Fluid.TWO_THIRDS) -> Field:
    """One line of text."""
    return Field.text(name, field_width=width, label_size=Size.SMALL)


def day(name: str) -> Field:
    """Three boxes."""
    return Field(name, context={"legend_size": "govuk-fieldset__legend--s"})


def choice(name: str) -> Field:
    """One of few, as radios."""
    return Field.radios(name, legend_size=Size.SMALL)


def pick(name: str) -> Field:
    """One of many, as a select."""
    return Field(name, context={"label_size": "govuk-label--s"})


class VerbForm(forms.Form):
    """A form whose verb may refuse: the sentence then stands at its field, with all that was typed."""

    def carry_out(self, verb: Callable[..., Any], **given: Any) -> Any:
        """Call the verb with the cleaned values; None, and an error in the form, where it refuses."""
        try:
            return verb(**given, **self.values())
        except Refused as refused:
            self.add_error(refused.field if refused.field in self.fields else None, str(refused))
            return None

    def values(self) -> dict[str, Any]:
        """What the verb is given."""
        return dict(self.cleaned_data)


def needed_text(label: str, most: int, missing: str, **kwargs: Any) -> forms.CharField:
    """A text that must be given."""
    messages = {"required": missing, "max_length": f"Use at most {most} signs"}
    return forms.CharField(label=label, max_length=most, error_messages=messages, **kwargs)


def optional_text(label: str, most: int, **kwargs: Any) -> forms.CharField:
    """A text that may stay empty."""
    messages = {"max_length": f"Use at most {most} signs"}
    return forms.CharField(label=label, max_length=most, required=False, error_messages=messages, **kwargs)


class StaffForm(VerbForm):
    """A person: name, how to reach them, where they belong."""

    name = needed_text("Name", 120, "Give the name")
    email = forms.EmailField(
        label="E-mail address", max_length=254, help_text="They sign in with it",
        error_messages={"required": "Give the e-mail address: it is how they sign in",
                        "invalid": "This is not an e-mail address. For example, name@council.gov.uk"},
    )
    reference = needed_text("Staff number", 40, "Give the staff number")
    job_title = optional_text("Job", 120)
    phone = optional_text("Phone", 30)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="Unit", required=False, empty_label="None",
        error_messages={"invalid_choice": "This unit is not open any more. Choose another"},
    )
    line_manager = PersonField(
        label="Line manager", required=False,
        help_text="Only where it is not the manager of the unit. A colleague’s name or staff number",
    )
    is_external = forms.BooleanField(label="External auditor, for a time", required=False)
    access_ends_on = DayField(
        label="Last day of access", required=False, example="31 3 2027",
        help_text="For an external auditor. From the day after they cannot sign in. For example, 31 3 2027",
    )

    def __init__(self, *args: Any, units: Any, button: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.helper = helper(
            line("name"), line("email"), line("reference", Fluid.ONE_THIRD), line("job_title"),
            line("phone", Fluid.ONE_THIRD), pick("unit"), line("line_manager"), "is_external", day("access_ends_on"),
            button=button,
        )

    def clean(self) -> dict[str, Any]:
        """An end without being external is a slip; external without an end is refused by the verb."""
        cleaned = super().clean()
        if cleaned.get("access_ends_on") and not cleaned.get("is_external"):
            self.add_error("is_external", "Tick this, or leave the last day of access empty")
        return cleaned

    @staticmethod
    def initial_of(person: Staff) -> dict[str, Any]:
        """What stands there now."""
        names = ("name", "email", "reference", "job_title", "phone", "line_manager", "is_external", "access_ends_on")
        return {name: getattr(person, name) for name in names} | {"unit": person.unit_id}


class UnitForm(VerbForm):
    """A unit's name, place, manager and phones. Kind and reference are asked when it is new."""

    kind = forms.ChoiceField(
        label="What is it?", choices=[(kind.value, kind.label) for kind in FROM_THE_TOP], widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Say what kind of unit it is"),
    )
    reference = forms.SlugField(
        label="Reference", max_length=60, help_text=SLUG_HELP,
        error_messages={"required": "Give a reference. For example, east-2",
                        "invalid": "Use letters, digits and hyphens only. For example, east-2"},
    )
    name = needed_text("Name", 120, "Give the name")
    parent = forms.ModelChoiceField(
        Unit.objects.none(), label="Lies under", required=False, empty_label="Nothing: it is a directorate",
        error_messages={"invalid_choice": "This unit is not open any more. Choose another"},
    )
    manager = PersonField(
        label="Manager", required=False,
        help_text="A colleague’s name or staff number. Empty: the manager of the unit above answers",
    )
    phone = optional_text("Phone", 30)
    out_of_hours_phone = optional_text("Out-of-hours phone", 30, help_text="Shown beside an immediate concern")
    is_quality_service = forms.BooleanField(
        label="It belongs to Performance and Quality: the strategic lead decides for its auditors", required=False,
    )

    def __init__(self, *args: Any, parents: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents
        first = [choice("kind"), line("reference", Fluid.ONE_THIRD)] if is_new else []
        if not is_new:
            del self.fields["kind"], self.fields["reference"]
        self.helper = helper(
            *first, line("name"), pick("parent"), line("manager"), line("phone", Fluid.ONE_THIRD),
            line("out_of_hours_phone", Fluid.ONE_THIRD), "is_quality_service",
            button="Add this unit" if is_new else "Save this unit",
        )

    @staticmethod
    def initial_of(unit: Unit) -> dict[str, Any]:
        """What stands there now."""
        names = ("name", "manager", "phone", "out_of_hours_phone", "is_quality_service")
        return {name: getattr(unit, name) for name in names} | {"parent": unit.parent_id}


class GrantForm(VerbForm):
    """A role, from when to when, for what, and why."""

    role = forms.ChoiceField(
        label="Role", choices=[("", "Choose a role"), *Role.choices],
        error_messages={"required": "Choose the role", "invalid_choice": "Choose the role"},
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="For which unit", required=False, empty_label="The whole council",
        help_text="Acting manager of a unit: choose it, and they see what its manager sees",
        error_messages={"invalid_choice": "This unit is not open any more. Choose another"},
    )
    starts_on = DayField(label="First day", help_text="Today or later", example="30 11 2026",
                         missing="Give the first day. For example, 30 11 2026")
    ends_on = DayField(label="Last day", required=False, example="18 12 2026",
                       help_text="For a delegation or an acting post. Empty: until somebody ends it")
    reason = optional_text("Why", 200, help_text="For example, acting while the post is vacant")

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.helper = helper(pick("role"), pick("unit"), day("starts_on"), day("ends_on"), line("reason"),
                             button="Give this role")


class EndGrantForm(VerbForm):
    """The last day of a role."""

    ends_on = DayField(label="Last day", help_text="Yesterday ends it at once", example="30 11 2026",
                       missing="Give the last day. For example, 30 11 2026")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(day("ends_on"), button="End this role", colour="warning")


class AbsenceForm(VerbForm):
    """From when to when somebody is away, and who covers."""

    starts_on = DayField(label="First day away", example="21 12 2026",
                         missing="Give the first day. For example, 21 12 2026")
    ends_on = DayField(label="Last day away", example="31 12 2026",
                       missing="Give the last day. For example, 31 12 2026")
    cover = PersonField(
        label="Who covers?", required=False,
        help_text="A colleague’s name or staff number. They get the reminders too, for what they may know of",
    )

    def __init__(self, *args: Any, button: str = "Save this absence", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(day("starts_on"), day("ends_on"), line("cover"), button=button)


def experience_field() -> forms.ChoiceField:
    """How much somebody has audited."""
    return forms.ChoiceField(label="Experience of auditing", choices=Auditor.Experience.choices,
                             widget=forms.RadioSelect,
                             error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose how much experience"))


def expertise_field() -> forms.CharField:
    """What they know best."""
    return optional_text("Knows best", 200, help_text="For example, leaving care, disabled children")


class EntryForm(VerbForm):
    """An entry of the register."""

    trained_on = DayField(label="Trained on", required=False, example="12 3 2026",
                          help_text="Nobody is given an audit before they are trained")
    training_expires_on = DayField(label="Training runs out on", required=False, example="12 3 2028")
    capacity = forms.IntegerField(
        label="Audits a month", min_value=1, max_value=20, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "Give a number from 1 to 20", "invalid": "Give a number from 1 to 20",
                        "min_value": "Give a number from 1 to 20", "max_value": "Give a number from 1 to 20"},
    )
    basis = forms.ChoiceField(label="Why they audit", choices=Auditor.Basis.choices, widget=forms.RadioSelect,
                              error_messages=dict.fromkeys(("required", "invalid_choice"), "Say why they audit"))
    experience = experience_field()
    expertise = expertise_field()
    joined_on = DayField(label="In the register from", example="1 12 2026",
                         missing="Give the first day in the register. For example, 1 12 2026")
    left_on = DayField(label="Out of it from", required=False, example="1 4 2027",
                       help_text="Empty while they stay")
    suspended_from = DayField(label="Pause: first day", required=False, example="1 1 2027",
                              help_text="For example during a long piece of work elsewhere")
    suspended_until = DayField(label="Pause: last day", required=False, example="31 3 2027",
                               help_text="Empty: until somebody ends the pause")

    def __init__(self, *args: Any, months: int, button: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = f"Empty: {months} months after the training" if months else "Empty: it does not run out"
        self.fields["training_expires_on"].help_text = rule
        self.helper = helper(
            day("trained_on"), day("training_expires_on"), line("capacity", Fluid.ONE_QUARTER), choice("basis"),
            choice("experience"), line("expertise"), day("joined_on"), day("left_on"), day("suspended_from"),
            day("suspended_until"), button=button,
        )


class VolunteerForm(VerbForm):
    """Why not audit? (S4-08)."""

    experience = experience_field()
    expertise = expertise_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(choice("experience"), line("expertise"), button="Ask to join the auditors")


class ByRoleForm(forms.Form):
    """Who of those found is added."""

    people = forms.TypedMultipleChoiceField(
        label="Who is added", coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one person",
                        "invalid_choice": "Somebody here was added or changed meanwhile. Look at the list again"},
    )

    def __init__(self, *args: Any, found: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = list(found)
