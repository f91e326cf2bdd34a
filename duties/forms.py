"""The form of preferences: one choice for each group of things."""

from typing import Any

from crispy_forms_gds.layout import Field, Size
from django import forms

from duties.models import Preference
from people.forms import helper

Group = Preference.Group
HINTS = {
    Group.AUDITING: "An audit is given to you, is due, or comes back; a challenge to it.",
    Group.CASES: "A case of yours is audited, an audit is shared with you, a challenge of yours is answered.",
    Group.FOLLOW_UP: "Supervision, actions and your confirmation.",
    Group.LISTS: "The month’s list, breaks, exemptions, other cases for auditors, volunteers.",
    Group.CHECKS: "Audits that wait for a quality check, disputes that wait for moderation.",
    Group.LATE: "What is late, yours or that of the people under you.",
}


class PreferencesForm(forms.Form):
    """At once or once a day, by group."""

    def __init__(self, *args: Any, groups: list[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group in groups:
            missing = f"Choose when you are e-mailed: {group.label}"
            self.fields[group.value] = forms.ChoiceField(
                label=group.label, help_text=HINTS[group], choices=Preference.How.choices, widget=forms.RadioSelect,
                error_messages=dict.fromkeys(("required", "invalid_choice"), missing),
            )
        radios = (Field.radios(group.value, legend_size=Size.SMALL, inline=True) for group in groups)
        self.helper = helper(*radios, button="Save these choices")
