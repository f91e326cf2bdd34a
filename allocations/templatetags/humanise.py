"""Numbers and sentences in words (`{% load humanise %}`)."""

from django import template

register = template.Library()
ENDINGS = {1: "st", 2: "nd", 3: "rd"}


@register.filter
def thousands(number: int) -> str:
    """ "1,637"."""
    return f"{number:,}"


@register.filter
def nth(number: int) -> str:
    """ "2nd"."""
    return f"{number}{'th' if number % 100 in {11, 12, 13} else ENDINGS.get(number % 10, 'th')}"


@register.filter
def lower_first(text: str) -> str:
    """A sentence within a sentence: "Due today" becomes "due today"."""
    return text[:1].lower() + text[1:]


@register.filter
def cap_first(text: str) -> str:
    """A line that stands alone: "answered" becomes "Answered"."""
    return text[:1].upper() + text[1:]
