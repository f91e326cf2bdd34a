"""The pages that belong to no single app: My work, search, sign-in, help, errors."""

import sys

from allauth.account.views import LoginView, PasswordChangeView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit_portal import demo, work, year
from audit_portal.looking import look_up
from audits.models import Audit
from calendars.calendar import this_moment
from calendars.rules import today_in_london
from calendars.words import when_in_words
from duties.filters import DutyFilter, paged
from duties.models import Duty
from duties.registry import label_of
from duties.whose import tabs_of
from people.files import csv_file
from programmes.models import ProgrammeVersion
from trail.writing import record

A_PAGE, MOST_PEOPLE = 50, 12


class SignIn(LoginView):
    """allauth's sign-in, with the demo people below it while the demo is on."""

    def get_form(self, form_class=None):
        """Says what to give, where nothing was given."""
        form = super().get_form(form_class)
        form.fields["login"].error_messages["required"] = "Give your e-mail address"
        form.fields["password"].error_messages["required"] = "Give your password"
        return form

    def get_context_data(self, **kwargs):
        """Adds the cards of the demo council."""
        return super().get_context_data(**kwargs) | {"cards": demo.cards() if settings.DEMO_LOGINS else []}


class ChangePassword(PasswordChangeView):
    """allauth's page, for those who have a password; the demo people sign in without one."""

    def dispatch(self, request, *args, **kwargs):
        """Says so to somebody without a password."""
        if request.user.is_authenticated and not request.user.has_usable_password():
            raise PermissionDenied("You sign in without a password, so there is none to change.")
        return super().dispatch(request, *args, **kwargs)


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """All that waits for me, soonest first, and my audit of the month beside it."""
    mine, moment = Duty.objects.held_by(request.user), this_moment()
    request.moment, counts = moment, work.counts(mine, moment.now)
    paginator = Paginator(mine.select_related("ladder"), A_PAGE)
    paginator.count = sum(counts.values())
    page = paginator.get_page(request.GET.get("page"))
    audit = current_audit(request.user)
    return render(
        request,
        "home/my_work.html",
        {
            "page": page,
            "groups": work.grouped(work.with_requests(page, request.user), counts, moment),
            "sentence": year.sentence(counts),
            "whose": tabs_of(request.user, work.of_team(request.user).count() if request.user.hats().manages else None),
            "waiting": work.waiting_for_others(request.user),
            "covered": work.covered_by(request.user, today_in_london()),
            "audit": audit,
            "progress": year.progress_of(audit) if audit else None,
            "year": year.year_of(request.user, today_in_london()),
        },
    )


def current_audit(staff) -> Audit | None:
    """The audit that the person is to complete next."""
    unfinished = Audit.objects.filter(auditor=staff, status__in=["allocated", "in_progress", "returned"])
    unfinished = unfinished.filter(awaits_auditor_since=None, connection_at=None).with_request()
    return unfinished.select_related("version", "case_file").order_by("due_at", "number").first()


@require_safe
def team_work(request: HttpRequest) -> HttpResponse:
    """A manager's view of the work that waits for the people under them.

    Each line leads to the audit, not to the page on which its holder works; to nothing where one may not see it.
    """
    hats = request.user.hats()
    if not (hats.manages or hats.is_pq):
        raise PermissionDenied("Only managers see the work of a team.")
    team = work.of_team(request.user)
    found = DutyFilter(request.GET, team.select_related("holder", "ladder"), request=request)
    if request.GET.get("export") == "csv":
        return _team_file(request, found.qs)
    moment = request.moment = this_moment()
    people = work.by_person(team, moment.now)
    total = sum(person["open"] for person in people)
    page = paged(found, total, A_PAGE)
    return render(request, "home/team_work.html", {
        "filter": found, "page": page, "whose": tabs_of(request.user, total), "people": people[:MOST_PEOPLE],
        "rows": work.with_ways(page, request.user, moment),
    })


@transaction.atomic
def _team_file(request: HttpRequest, duties) -> HttpResponse:
    now, moment = timezone.now(), this_moment()
    rows = [[duty.holder, label_of(duty.kind), duty.audit_number, when_in_words(duty.due_at, *moment),
             "yes" if duty.due_at < now else "no"] for duty in duties]
    record("duties.exported", target=request.user, by=request.user, at=now, changes={"rows": len(rows)})
    return csv_file("team.csv", ("Who has it", "What", "Audit", "Due", "Overdue"), rows)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Case reference, audit number or person, among what one may see."""
    words = request.GET.get("q", "").strip()[:100]
    return render(request, "home/search.html", {"words": words, "found": look_up(words, request.user)})


@require_safe
@login_not_required
def help_page(request: HttpRequest, page: str) -> HttpResponse:
    """Help, privacy and accessibility: open to everybody."""
    return render(request, f"help/{page}.html")


@require_safe
def audit_policy(request: HttpRequest) -> HttpResponse:
    """The rules audits follow now: domains, grades and their descriptors, timescales."""
    versions = ProgrammeVersion.objects.visible_to(request.user).select_related("programme")
    try:
        version = versions.monthly(today_in_london())
    except ProgrammeVersion.DoesNotExist:
        version = None
    return render(request, "help/audit_policy.html", {"version": version})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 in the portal's look, without asking the database."""
    return render(None, "400.html", _frame(), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 in the portal's look, without asking the database; 503 where it is the database that is gone."""
    gone = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if gone else 500
    return render(None, f"{status}.html", _frame(), status=status)


def _frame() -> dict[str, str]:
    return {"council": settings.COUNCIL_NAME, "help_line": settings.HELP_LINE}
