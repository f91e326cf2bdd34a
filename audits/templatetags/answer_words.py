"""Texts of answers beside each other, with what differs marked (`{% load answer_words %}`)."""

from django import template
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from audits.differences import IN, OUT, SAME, differences

register = template.Library()
# Not every screen reader says what is put in and taken out, so it is said.
MARKS = {
    SAME: ("", ""),
    IN: ('<ins><span class="govuk-visually-hidden">[put in: </span>',
         '<span class="govuk-visually-hidden">]</span></ins>'),
    OUT: ('<del><span class="govuk-visually-hidden">[taken out: </span>',
          '<span class="govuk-visually-hidden">]</span></del>'),
}


@register.filter
def marked_against(after: str, before: str) -> SafeString:
    """A text with what differs from the one before it: <ins> for what is put in, <del> for what is taken out."""
    pieces = ((mark_safe(start), _lines(run.text), mark_safe(end))  # noqa: S308 (our own tags)
              for run in differences(before, after) for start, end in [MARKS[run.kind]])
    return format_html_join("", "{}{}{}", pieces)


@register.filter
def in_words(value: str, question) -> str:
    """What was chosen, in the words of the question."""
    return question.words_of(value)


def _lines(text: str) -> SafeString:
    return mark_safe(escape(text).replace("\n", "<br>"))  # noqa: S308 (escaped)
