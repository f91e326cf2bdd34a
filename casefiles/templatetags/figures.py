"""`{% load figures %}`: numbers as people write them."""

from django import template

register = template.Library()


@register.filter
def thousands(value: int) -> str:
    """2418 as "2,418"."""
    return f"{value:,}"
