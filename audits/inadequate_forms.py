"""Forms of the notice that an audit is inadequate."""

from calendars.fields import DayField
from people.forms import VerbForm, day, helper, line, needed_text


class TellForm(VerbForm):
    """When the worker was told by the auditor in person; then everybody is told in writing."""

    worker_told_on = DayField(label="When did you tell the worker?",
                              missing="Give the day on which you told the worker",
                              help_text="Speak with the worker first. For example, 30 11 2026")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(day("worker_told_on"), button="Notify that this audit is inadequate", colour="warning")


class WithdrawForm(VerbForm):
    """Why it does not hold."""

    because = needed_text("Why is it withdrawn?", 300, "Say why, in a few words",
                          help_text="The people who were told can read this. Nothing about a child or family.")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(line("because"), button="Withdraw the notice")
