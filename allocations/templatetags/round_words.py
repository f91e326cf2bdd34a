"""The state of a round as a tag, and months in words (`{% load round_words %}`)."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from allocations.models import Exemption, Round
from allocations.months import month_name

register = template.Library()
Status = Round.Status

COLOURS = {
    Status.PLANNED: "grey", Status.FROZEN: "blue", Status.DRAWN: "teal", Status.REVIEWED: "teal",
    Status.PUBLISHED: "blue", Status.CLOSED: "grey",
}
REQUEST_COLOURS = {
    Exemption.Status.WITH_LINE_MANAGER: "yellow", Exemption.Status.AWAITING_DECISION: "yellow",
    Exemption.Status.AGREED: "green", Exemption.Status.REFUSED: "orange", Exemption.Status.WITHDRAWN: "grey",
}


@register.filter
def request_tag(exemption: Exemption) -> SafeString:
    """The state of a request for exemption."""
    colour = REQUEST_COLOURS[exemption.status]
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour, exemption.get_status_display())


@register.filter
def round_tag(round: Round) -> SafeString:
    """The state of a round."""
    colour = COLOURS[round.status]
    extra = "" if colour == "blue" else f" govuk-tag--{colour}"
    return format_html('<strong class="govuk-tag{}">{}</strong>', extra, round.get_status_display())


@register.filter
def month_words(month: date) -> str:
    """ "December 2026"."""
    return month_name(month)
