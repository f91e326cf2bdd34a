"""What an e-mail says: one notice by the template of its event, several as a list. Numbers and links, no child data."""

from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string

from duties.models import Notice
from people.models import Staff

MANY = "many"
URGENT = ("concern.", "inadequate.")


def is_urgent(notice: Notice) -> bool:
    """An immediate concern or an inadequate audit: an e-mail of its own, always at once (S2-22)."""
    return _about(notice).startswith(URGENT)


def _about(notice: Notice) -> str:
    return notice.duty.kind if notice.duty else notice.event


def is_true(notice: Notice) -> bool:
    """Whether it still holds: the duty it speaks of is open, with the same holder and due time."""
    duty = notice.duty
    return duty is None or (duty.is_open and duty.revision == notice.duty_revision)


def compose(person: Staff, notices: Sequence[Notice]) -> tuple[str, str, str]:
    """Subject, plain text and HTML of an e-mail."""
    first = notices[0]
    alone = len(notices) == 1
    title = " ".join(first.title.split())  # a line break in somebody's name is no header, and keeps nobody's e-mail
    subject = title if alone else f"{title}, and {len(notices) - 1} more"
    name = f"emails/{first.event if alone else MANY}"
    context = {"notice": first, "notices": notices, "person": person, "portal": settings.PUBLIC_URL,
               "council": settings.COUNCIL_NAME}
    return (f"Audit Portal: {subject}"[:200], render_to_string(f"{name}.txt", context),
            render_to_string(f"{name}.html", context))
