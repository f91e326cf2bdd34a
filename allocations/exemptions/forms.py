"""Forms of an exemption: why, what the line manager says, the decision."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout, Size
from django import forms

from allocations.exemption_models import Exemption
from allocations.exemptions.workflow import NEEDS_TEXT

LONGEST = Exemption._meta.get_field("explanation").max_length
TOO_LONG = f"Use {LONGEST:,} characters or fewer"
NOT_CLINICAL = "Only what is needed to decide: no details of an illness, and nothing about a child or family."


def _helper(*fields: Field, button: str) -> FormHelper:
    made = FormHelper()
    made.form_tag = False
    made.layout = Layout(*fields, Button.primary("", button))
    return made


def _note(label: str, hint: str = "", required: str = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, required=bool(required), help_text=hint,
                           widget=forms.Textarea(attrs={"rows": 4}),
                           error_messages={"required": required, "max_length": TOO_LONG})


class AskForm(forms.Form):
    """Why the audit cannot be done: one of a few reasons, and some words (A11)."""

    reason = forms.ChoiceField(label="Why can this audit not be done?", choices=Exemption.Reason.choices,
                               widget=forms.RadioSelect, error_messages={
                                   "required": "Choose a reason", "invalid_choice": "Choose a reason"})
    explanation = _note("Say a little more", NOT_CLINICAL, NEEDS_TEXT.rstrip("."))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(Field.radios("reason", legend_size=Size.SMALL),
                              Field.textarea("explanation", rows=4, label_size=Size.SMALL),
                              button="Ask for an exemption")


class SupportForm(forms.Form):
    """What the line manager says (S2-33)."""

    supports = forms.ChoiceField(
        label="Do you support this request?", widget=forms.RadioSelect,
        choices=[("yes", "Yes, they cannot do this audit"), ("no", "No, they can do it")],
        error_messages={"required": "Say whether you support it", "invalid_choice": "Say whether you support it"})
    note = _note("What should whoever decides know? (optional where you support it)", NOT_CLINICAL)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(Field.radios("supports", legend_size=Size.SMALL),
                              Field.textarea("note", rows=3, label_size=Size.SMALL), button="Send on for decision")

    def clean(self) -> dict:
        """A no says why."""
        if self.cleaned_data.get("supports") == "no" and not self.cleaned_data.get("note"):
            self.add_error("note", "Say why you do not support it")
        return self.cleaned_data


class DecideForm(forms.Form):
    """Agreed or refused; a refusal says why, for the auditor to read."""

    decision = forms.ChoiceField(
        label="Your decision", widget=forms.RadioSelect,
        choices=[("agree", "Agree: the audit goes to another auditor"), ("refuse", "Refuse: the audit stays")],
        error_messages={"required": "Agree or refuse", "invalid_choice": "Agree or refuse"})
    note = _note("What should the auditor know? (optional where you agree)", "The auditor reads it. " + NOT_CLINICAL)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(Field.radios("decision", legend_size=Size.SMALL),
                              Field.textarea("note", rows=3, label_size=Size.SMALL), button="Record this decision")

    def clean(self) -> dict:
        """A refusal says why."""
        if self.cleaned_data.get("decision") == "refuse" and not self.cleaned_data.get("note"):
            self.add_error("note", "Say why it is refused: the auditor reads it")
        return self.cleaned_data
