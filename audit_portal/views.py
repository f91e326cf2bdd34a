"""The pages that belong to no single app: My work, search, sign-in, help, errors."""

import sys
from collections.abc import Iterable

from allauth.account.views import LoginView, PasswordChangeView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from allocations.models import Exemption
from audit_portal import demo, year
from audit_portal.looking import look_up
from audits.models import Audit
from calendars.rules import today_in_london
from calendars.words import group_of
from duties.models import Duty
from programmes.models import ProgrammeVersion

GROUPS = (("overdue", "Overdue"), ("today", "Today"), ("week", "This week"), ("later", "Later"))


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


def grouped(duties: Iterable[Duty]) -> list[tuple[str, str, list[Duty]]]:
    """Duties under Overdue, Today, This week, Later; empty groups left out."""
    now = timezone.now()
    groups = {key: [] for key, _ in GROUPS}
    for duty in duties:
        groups[group_of(duty.due_at, now)].append(duty)
    return [(key, title, groups[key]) for key, title in GROUPS if groups[key]]


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """All that waits for me, soonest first, and my audit of the month beside it."""
    mine = with_requests(list(Duty.objects.held_by(request.user)), request.user)
    audit = current_audit(request.user)
    return render(
        request,
        "home/my_work.html",
        {
            "groups": grouped(mine),
            "sentence": year.sentence(mine, timezone.now()),
            "team_open": team_duties(request.user).count() if request.user.hats().manages else None,
            "waiting": waiting_for_others(request.user),
            "audit": audit,
            "progress": year.progress_of(audit) if audit else None,
            "year": year.year_of(request.user, today_in_london()),
        },
    )


def with_requests(duties: list[Duty], staff) -> list[Duty]:
    """Marks the audits from which the person asked to be exempt, while that is not decided (B6)."""
    asked = Exemption.objects.pending().filter(allocation__auditor=staff)
    numbers = set(asked.values_list("allocation__number", flat=True))
    for duty in duties:
        duty.awaits_decision = duty.kind == "audit.complete" and duty.audit_number in numbers
    return duties


def current_audit(staff) -> Audit | None:
    """The audit that the person is to complete next."""
    unfinished = Audit.objects.filter(auditor=staff, status__in=["allocated", "in_progress", "returned"])
    unfinished = unfinished.filter(awaits_auditor_since=None, connection_at=None).with_request()
    return unfinished.select_related("version", "case_file").order_by("due_at", "number").first()


def waiting_for_others(staff) -> list[Duty]:
    """What others owe to the audits of which the person is the auditor."""
    numbers = Audit.objects.filter(auditor=staff).with_auditor().values("number")
    theirs = Duty.objects.open().filter(audit_number__in=numbers, kind__in=["audit.respond", "audit.check"])
    return list(theirs.exclude(holder=staff).select_related("holder").order_by("due_at", "id"))


def team_duties(staff):
    """What waits for the people under a manager; nothing of an audit without notice before its day (S0-14)."""
    found = Duty.objects.visible_to(staff).open().exclude(holder=staff)
    if not staff.hats().is_pq:
        found = found.exclude(audit_number__in=Audit.objects.secret(timezone.now()).values("number"))
    return found.select_related("holder").order_by("due_at", "id")


@require_safe
def team_work(request: HttpRequest) -> HttpResponse:
    """A manager's view of the work that waits for the people under them.

    Each line leads to the audit, not to the page on which its holder works; to nothing where one may not see it.
    """
    hats = request.user.hats()
    if not (hats.manages or hats.is_pq):
        raise PermissionDenied("Only managers see the work of a team.")
    duties = list(team_duties(request.user)[:200])
    numbers = {duty.audit_number for duty in duties}
    seen = set(Audit.objects.visible_to(request.user).filter(number__in=numbers).values_list("number", flat=True))
    for duty in duties:
        duty.is_hidden = bool(duty.audit_number) and duty.audit_number not in seen
        duty.way = reverse("audits:audit-detail", args=[duty.audit_number]) if duty.audit_number else duty.url
    return render(request, "home/team_work.html", {"groups": grouped(duties)})


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
    versions = ProgrammeVersion.objects.visible_to(request.user).published()
    version = versions.select_related("programme").order_by("-effective_from", "-number").first()
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
