"""Forms of the outstanding board."""

from crispy_forms_gds.layout import HTML

from people.fields import PersonField
from people.forms import VerbForm, helper, line, needed_text


class HandOverForm(VerbForm):
    """To whom, and why; what is handed over stands above it."""

    to = PersonField(label="Who takes it over?", missing="Name the person who takes it over",
                     help_text="Somebody who may see it and can do it. They are told at once.")
    because = needed_text("Why?", 200, "Say why, in a few words", help_text="Stays in the audit trail. Nothing about "
                                                                            "a child or family.")

    def __init__(self, *args, button: str, hidden: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(HTML(hidden), line("to"), line("because"), button=button)
