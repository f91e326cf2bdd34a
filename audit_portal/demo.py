"""The demo council's sign-in: one click for each role. It exists only while DEMO_LOGINS is on."""

from dataclasses import dataclass

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from people.models import Staff

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

# Staff numbers that seed_demo gives to the people on the sign-in page, and what each shows.
PEOPLE = (
    ("demo-auditor", "Auditor", "Team manager in Fostering. One audit in progress, one sent back"),
    ("demo-worker", "Social worker", "Has an audit of his work to read and answer"),
    ("demo-team-manager", "Team manager", "Actions to confirm in supervision, one of them overdue"),
    ("demo-group-manager", "Group manager", "The audits of two teams"),
    ("demo-pq-lead", "Performance and Quality lead", "The next month’s draw and list"),
    ("demo-pq-officer", "Performance and Quality officer", "Finished audits to check"),
    ("demo-assistant-director", "Assistant director", "The month’s figures"),
    ("demo-head-of-service", "Head of service", "Her service’s audits and figures"),
    ("demo-director", "Director of children’s services", "Every inadequate case, the month’s figures"),
    ("demo-board", "Safeguarding partnership", "Totals only, small numbers hidden"),
    ("demo-administrator", "System administrator", "People and teams; no case content"),
)


@dataclass(frozen=True)
class Card:
    """One person on the sign-in page."""

    role: str
    about: str
    staff: Staff


def cards() -> list[Card]:
    """The demo people who are there, in the order of the page."""
    found = {person.reference: person for person in Staff.objects.working().filter(is_demo=True)}
    return [Card(role, about, found[reference]) for reference, role, about in PEOPLE if reference in found]


@require_POST
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the people on the page; nobody who is not part of the demo."""
    asked = request.POST.get("person", "")
    known = [reference for reference, _, _ in PEOPLE if reference == asked]
    person = get_object_or_404(Staff.objects.working(), is_demo=True, reference__in=known)
    login(request, person, backend=BACKEND)
    return redirect("my-work")
