"""Forms of the audit that are more than one answer: an action, a connection, a case less."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fluid, Layout, Size
from django import forms
from django.utils import timezone

from allocations.substituting import Offer, Why
from audits.models import Audit, ProposedAction
from calendars.fields import DayField
from calendars.rules import add_months_clamped, london_date
from people.models import Staff

MOST_MONTHS = 60


def helper(*fields, button: str, colour: str = "") -> FormHelper:
    """A GOV.UK form: fields, then one button that says the verb."""
    made = FormHelper()
    made.form_tag = False
    made.layout = Layout(*fields, Button.warning("", button) if colour == "warning" else Button.primary("", button))
    return made


class ActionForm(forms.ModelForm):
    """What, who, by when, how we will know, what changes for the child (S1-44)."""

    owner_name = forms.CharField(
        label="Who does it?",
        max_length=120,
        required=False,
        help_text="A colleague’s name. Somebody outside the portal is fine: the team manager then sees to it.",
        widget=forms.TextInput(attrs={"list": "colleagues", "autocomplete": "off"}),
    )
    due_on = DayField(label="By when?", required=False, help_text="For example, 4 12 2026", example="4 12 2026")

    class Meta:
        model = ProposedAction
        fields = ["what", "measure", "change_for_child"]
        labels = {
            "what": "What has to be done?",
            "measure": "How will we know that it is done?",
            "change_for_child": "What changes for the child?",
        }
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in fields}
        error_messages = {"what": {"required": "Say what has to be done"}}

    def __init__(self, *args, **kwargs):
        """Starts from the action's owner and date."""
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial |= {"owner_name": self.instance.owner_name, "due_on": self.instance.due_on}
        self.helper = helper(
            Field.textarea("what", rows=3, label_size=Size.SMALL),
            Field.text("owner_name", field_width=Fluid.TWO_THIRDS, label_size=Size.SMALL),
            Field("due_on", context={"legend_size": "govuk-fieldset__legend--s"}),
            Field.textarea("measure", rows=3, label_size=Size.SMALL),
            Field.textarea("change_for_child", rows=3, label_size=Size.SMALL),
            button="Save this action",
        )

    def clean_due_on(self):
        """An action is due after today, and while somebody can still see to it."""
        due_on = self.cleaned_data["due_on"]
        today = london_date(timezone.now())
        if due_on and due_on <= today:
            raise forms.ValidationError("The date must be after today. For example, 4 12 2026.")
        if due_on and due_on > add_months_clamped(today, MOST_MONTHS):
            raise forms.ValidationError("The date must be within five years. For example, 4 12 2026.")
        return due_on

    def values(self) -> dict:
        """The fields of the action; a name that belongs to one colleague becomes the owner."""
        data = self.cleaned_data
        name = data["owner_name"].strip()
        found = list(Staff.objects.working().filter(name__iexact=name)[:2]) if name else []
        owner = found[0] if len(found) == 1 else None
        return {
            "what": data["what"],
            "owner": owner,
            "owner_outside": "" if owner else name,
            "due_on": data["due_on"],
            "measure": data["measure"],
            "change_for_child": data["change_for_child"],
        }


class ConnectionForm(forms.Form):
    """What connects the auditor with the child or family (B4)."""

    text = forms.CharField(
        label="What is your connection?",
        max_length=Audit._meta.get_field("connection").max_length,
        help_text="One sentence, such as: our children are in the same class. Do not give the child’s name.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say in one sentence what your connection is"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field.textarea("text", rows=3, label_size=Size.SMALL),
                             button="Tell Performance and Quality that I have a connection")


class SubstituteForm(forms.Form):
    """Why a case is substituted, and which reserve was shown when that was confirmed."""

    why = forms.ChoiceField(label="Why is another case needed?", choices=Why.choices, widget=forms.RadioSelect,
                            error_messages={"required": "Choose why another case is needed"})
    text = forms.CharField(
        label="Say more about it, if that helps",
        max_length=230,
        required=False,
        help_text="It stands on the certificate of the draw. Do not give a child’s name, nor what somebody told you.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    expects = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, offer: Offer | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.next = offer.case_file.reference if offer and offer.case_file else ""
        self.initial["expects"] = self.next
        button = "Substitute this case" if self.next else "Take this case off the list"
        self.helper = helper(Field.radios("why", legend_size=Size.SMALL),
                             Field.textarea("text", rows=3, label_size=Size.SMALL), "expects", button=button)

    def clean(self):
        """Another reason is said in words; what was shown must still come next."""
        if self.cleaned_data.get("why") == Why.OTHER and not self.cleaned_data.get("text"):
            self.add_error("text", "Say in a sentence why another case is needed")
        if self.cleaned_data.get("expects", "") != self.next:
            self.data = self.data.copy()
            self.data["expects"] = self.next
            self.add_error(None, "Another reserve comes next now. Look at it, then confirm again.")


class CancelForm(forms.Form):
    """Why an audit is called off (S1-66)."""

    reason = forms.CharField(
        label="Why is this audit cancelled?",
        max_length=300,
        help_text="Audits are cancelled in exceptional circumstances only. The reason stays in the audit trail.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why this audit is cancelled"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field.textarea("reason", rows=3, label_size=Size.SMALL), button="Cancel this audit",
                             colour="warning")
