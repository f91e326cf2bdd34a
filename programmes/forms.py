"""The day for which a ladder is previewed."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Layout
from django import forms

from calendars.fields import DayField
from people.forms import day


class PreviewForm(forms.Form):
    """A due date; the address is the state, so that a preview can be sent to a colleague."""

    due = DayField(label="For something due on", help_text="For example, 31 3 2027")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = False, True
        self.helper.layout = Layout(day("due"), Button.secondary("", "Show what would be sent"))
