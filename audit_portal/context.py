"""What the frame of every page shows: council, navigation by role, unread notices."""

from django.conf import settings
from django.http import HttpRequest

from audit_portal.navigation import items_for
from calendars.calendar import this_moment


def portal(request: HttpRequest) -> dict[str, object]:
    """Council, demo, help line; for somebody signed in also navigation and the count of the inbox."""
    shown: dict[str, object] = {
        "council": settings.COUNCIL_NAME,
        "demo": settings.DEMO_LOGINS,
        "help_line": settings.HELP_LINE,
        "idle_seconds": settings.SESSION_COOKIE_AGE,
    }
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        shown["moment"] = getattr(request, "moment", None) or this_moment()  # a page that needed it has it already
        shown["navigation"] = items_for(user, request.path)
        shown["unread"] = user.notices.inbox_of(user).unread().count()
    return shown
