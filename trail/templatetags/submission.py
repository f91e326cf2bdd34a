"""`{% submission %}`: the hidden field that makes a form count once."""

import uuid

from django import template
from django.utils.html import format_html

from trail.once import FIELD

register = template.Library()


@register.simple_tag
def submission() -> str:
    """A hidden input with a new submission id."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid.uuid4())
