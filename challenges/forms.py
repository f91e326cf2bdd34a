"""Forms of a reader's answer and of settling a challenge."""

from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout
from django import forms

from audits.models import Response
from challenges.models import Challenge
from challenges.points import points_of

Verdict = Response.Verdict


class AnswerForm(forms.Form):
    """One answer to the whole audit; what is said on single points goes with it."""

    verdict = forms.ChoiceField(
        choices=[
            (Verdict.AGREES, "I agree"),
            (Verdict.COMMENTS, "I agree, with the comments I made"),
            (Verdict.CHALLENGES, "I challenge the points I marked"),
        ],
        error_messages={"required": "Say whether you agree, comment or challenge"},
    )
    text = forms.CharField(required=False, max_length=10_000)

    def __init__(self, *args, content: dict[str, Any], **kwargs):
        """One more field for each point of the version that was shared."""
        super().__init__(*args, **kwargs)
        self.points = points_of(content)
        for point in self.points:
            self.fields[self.name_of(point.key)] = forms.CharField(required=False, max_length=10_000)

    @staticmethod
    def name_of(key: str) -> str:
        """The name of a point's field."""
        return f"say-{key}"

    def said(self) -> dict[str, str]:
        """What was said on which point."""
        texts = {point.key: self.cleaned_data[self.name_of(point.key)].strip() for point in self.points}
        return {key: text for key, text in texts.items() if text}

    def clean(self):
        """A challenge names at least one point."""
        cleaned = super().clean()
        if cleaned.get("verdict") == Verdict.CHALLENGES and not self.said():
            self.add_error("verdict", "Open “Comment or challenge” at the point you challenge, and say how you see it")
        if cleaned.get("verdict") == Verdict.COMMENTS and not self.said() and not cleaned.get("text", "").strip():
            self.add_error("verdict", "Write your comment at a point above, or in the box below")
        return cleaned


class SettleForm(forms.Form):
    """How the auditor and the reader settled it."""

    outcome = forms.ChoiceField(
        label="What did you agree?",
        choices=Challenge.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the audit was changed or stays as it is"},
    )
    answer = forms.CharField(
        label="What do you answer?",
        max_length=10_000,
        help_text="The reader sees this",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write what you agreed and why"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Field.radios("outcome"), Field.textarea("answer", rows=4), Button.primary("", "Settle this challenge")
        )
