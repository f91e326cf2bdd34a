"""Forms of what follows a final audit: the check, an addendum, the confirmation that something was copied."""

from typing import Any

from crispy_forms_gds.layout import Field, Size
from django import forms

from audits.quality import BY_SLUG, ITEMS, Checklist, Ticked, reasons_from, unanswered
from calendars.fields import DayField
from people.forms import VerbForm, helper, needed_text, optional_text, pick

MOST = 10_000


class CheckForm(forms.Form):
    """A tick and a note for each item, and the reasons for a return; shown by a template of its own (S1-47)."""

    reasons = optional_text("What has to be amended?", MOST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in ITEMS:
            self.fields[f"ok-{item.slug}"] = forms.BooleanField(label=item.title, required=False)
            self.fields[f"note-{item.slug}"] = optional_text("Note", 2000)

    def checklist(self) -> Checklist:
        """What was ticked and written, also where something else is wrong."""
        data = self.cleaned_data
        return {slug: Ticked(data.get(f"ok-{slug}", False), data.get(f"note-{slug}", "")) for slug in BY_SLUG}

    def may_be_accepted(self) -> bool:
        """Everything is ticked, or a note says why not; else an error stands at each item without."""
        if not self.is_valid():
            return False
        for item in unanswered(self.checklist()):
            self.add_error(f"note-{item.slug}", f"Tick “{item.title}”, or say why you accept the audit without it")
        return self.is_valid()

    def may_be_returned(self) -> bool:
        """With reasons. Where none are written they begin with what is not ticked, to be looked at first (S1-48)."""
        if not self.is_valid():
            return False
        if not self.cleaned_data["reasons"]:
            self._begin_reasons(reasons_from(self.checklist()))
        return self.is_valid()

    def _begin_reasons(self, reasons: str) -> None:
        self.data = self.data.copy()
        self.data["reasons"] = reasons
        said = ("These are the things that you have not ticked. Say what has to be amended, then return the audit"
                if reasons else "Say what has to be amended")
        self.add_error("reasons", said)

    def rows(self) -> list[dict[str, Any]]:
        """The items with their two fields."""
        return [{"item": item, "ok": self[f"ok-{item.slug}"], "note": self[f"note-{item.slug}"]} for item in ITEMS]


class AddendumForm(VerbForm):
    """Which part, and what is to be added or corrected (S1-17)."""

    about = forms.ChoiceField(label="Which part is it about?", error_messages={
        "required": "Choose the part that it is about", "invalid_choice": "Choose the part that it is about"})
    text = needed_text("What is to be added or corrected?", MOST, "Say what is to be added or corrected",
                       help_text="It stands at the end of the audit with your name and today’s date, and cannot be "
                                 "changed. No name of a child or family.",
                       widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, parts: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = [("", "Choose a part"), *((part, part) for part in parts)]
        self.helper = helper(pick("about"), Field.textarea("text", rows=6, label_size=Size.SMALL),
                             button="Add this to the audit")


class FiledForm(VerbForm):
    """On which day it was copied, and where it stands."""

    on = DayField(label="Copied on", example="18 11 2026",
                  missing="Give the day on which they were copied. For example, 18 11 2026")
    place = optional_text("Where on the record (optional)", 120)

    @property
    def on_parts(self) -> list:
        """Day, month and year as typed, or as they begin."""
        value = self["on"].value()
        return [value.day, value.month, value.year] if hasattr(value, "year") else value or []
