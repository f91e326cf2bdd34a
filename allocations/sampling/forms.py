"""Forms of a sample: how many cases, a same-team exception, a theme. What fits is for the verbs to say."""

from crispy_forms_gds.layout import Fluid
from django import forms

from allocations.forms import AS_MANY, wanted_field
from allocations.models import TeamOverride, Theme
from people.forms import VerbForm, choice, helper, line, needed_text, pick
from people.models import Staff

WHICH = {"one": "One case", "all": "Every case of their own team and group"}


class SizeForm(VerbForm):
    """How many cases are drawn."""

    wanted = wanted_field(AS_MANY)

    def __init__(self, *args, hint: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wanted"].help_text = f"{AS_MANY} {hint}".strip()
        self.helper = helper(line("wanted", Fluid.ONE_QUARTER), button="Save how many cases")


class OverrideForm(VerbForm):
    """Who may have which case of their own team, and why."""

    auditor = forms.ModelChoiceField(
        Staff.objects.none(), label="Auditor", empty_label="Choose an auditor on duty",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose an auditor on duty"),
    )
    which = forms.ChoiceField(label="Which cases?", choices=list(WHICH.items()), widget=forms.RadioSelect,
                              error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose which cases"))
    case = forms.CharField(label="Case reference", required=False, max_length=80, help_text="Only for one case")
    reason = needed_text("Why?", TeamOverride._meta.get_field("reason").max_length, "Say why",
                         widget=forms.Textarea(attrs={"rows": 2}),
                         help_text="On the certificate. Say nothing about the child")

    def __init__(self, *args, auditors, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["auditor"].queryset = auditors
        self.initial.setdefault("which", "one")
        self.helper = helper(pick("auditor"), choice("which"), line("case", Fluid.ONE_THIRD), line("reason"),
                             button="Allow it")

    def clean(self) -> dict:
        """One case has its reference; all have none."""
        data = super().clean()
        case = data.get("case", "").strip()
        data["case"] = case if data.get("which") == "one" else ""
        if data.get("which") == "one" and not case and "case" not in self.errors:
            self.add_error("case", "Give the reference of the case")
        return data

    def values(self) -> dict:
        """As the verb takes them."""
        return {name: self.cleaned_data[name] for name in ("auditor", "case", "reason")}


class ThemeForm(VerbForm):
    """What the theme is, why, and which cases may be drawn for it."""

    name = needed_text("Name", Theme._meta.get_field("name").max_length, "Give the theme a name",
                       help_text="For example, Domestic abuse")
    reason = needed_text("Why?", Theme._meta.get_field("reason").max_length, "Say why",
                         widget=forms.Textarea(attrs={"rows": 2}), help_text="For example, an inspection asked for it")
    wanted = forms.IntegerField(
        label="How many cases are drawn?", min_value=1, max_value=2_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"),
                                     "Give a whole number of cases, 1 or more"),
    )
    cases = needed_text("From which cases?", 100_000, "Name the cases",
                        widget=forms.Textarea(attrs={"rows": 6}), help_text="Case references, one a line")

    def __init__(self, *args, button: str = "Add this theme", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(line("name"), line("reason"), line("wanted", Fluid.ONE_QUARTER), line("cases"),
                             button=button)
