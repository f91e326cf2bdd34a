"""The duties and jobs of a round, registered at start."""

from collections.abc import Callable

from django.db.models import QuerySet

from allocations import documents, publishing
from allocations.exemptions.routes import decides
from allocations.models import Break, BreakMonth, Exemption, Round
from allocations.months import month_name
from duties.registry import Kind, register, register_subject
from jobs import registry as jobs
from people.models import Staff
from people.roles import Role

BEFORE_PUBLISHING = {Round.Status.PLANNED, Round.Status.FROZEN, Round.Status.DRAWN, Round.Status.REVIEWED}


def may_know_round(staff: Staff, round_id: int) -> bool:
    """Rounds are P&Q's."""
    return Round.objects.visible_to(staff).filter(pk=round_id).exists()


def may_know_break(staff: Staff, wish_id: int) -> bool:
    """The auditor, their line, P&Q."""
    return Break.objects.visible_to(staff).filter(pk=wish_id).exists()


def may_know_limit(staff: Staff, month_id: int) -> bool:
    """Heads of service and P&Q hear that a month's places are gone (S1-08)."""
    return staff.hats().is_pq or staff.hats().wears(Role.HEAD_OF_SERVICE)


def register_jobs() -> None:
    """Long papers are made, and long lists sent out, in the background."""
    jobs.register(documents.JOB, documents.make)
    jobs.register(publishing.JOB, publishing.make)


def _exemption(exemption_id: int) -> Exemption:
    rows = Exemption.objects.select_related("allocation__auditor__unit", "allocation__round__version")
    return rows.get(pk=exemption_id)


def may_know_exemption(staff: Staff, exemption_id: int) -> bool:
    """The auditor, who asked, their line, P&Q, and whoever may decide."""
    if Exemption.objects.visible_to(staff).filter(pk=exemption_id).exists():
        return True
    return decides(staff, _exemption(exemption_id))


def may_decide_exemption(staff: Staff, exemption_id: int) -> bool:
    """A role of the route, and never one's own (A9)."""
    return decides(staff, _exemption(exemption_id))


def may_support_exemption(staff: Staff, exemption_id: int) -> bool:
    """Anybody but the auditor."""
    return _exemption(exemption_id).allocation.auditor_id != staff.pk


def register_exemptions() -> None:
    """The line manager speaks first where the programme says so; then it is decided."""
    register_subject(Exemption, may_know_exemption)
    waits = Exemption.Status
    register(Kind(
        "exemption.support", "Say whether an exemption is supported", Exemption,
        title=lambda exemption: f"Speak with {exemption.allocation.auditor} about an exemption"[:200],
        url=Exemption.get_absolute_url, must_be_open=_in_status(waits.WITH_LINE_MANAGER), meta=_month_of,
        may_hold=may_support_exemption, records=Exemption.objects.pending,
    ))
    register(Kind(
        "exemption.decide", "Decide on an exemption", Exemption,
        title=lambda exemption: f"Decide whether {exemption.allocation.auditor} is exempted"[:200],
        url=Exemption.get_absolute_url, must_be_open=_in_status(waits.AWAITING_DECISION), meta=_month_of,
        may_hold=may_decide_exemption, records=Exemption.objects.pending,
    ))


def _in_status(status: str) -> Callable[[Exemption], tuple[str, ...]]:
    return lambda exemption: ("",) if exemption.status == status else ()


def _month_of(exemption: Exemption) -> str:
    """The line under the title. The duty is about the request and no step of the audit, so it bears no audit number."""
    return f"{exemption.allocation.number} · {month_name(exemption.allocation.round.month)}"


def _running_rounds() -> QuerySet:
    return Round.objects.exclude(status=Round.Status.CLOSED)


def register_duties() -> None:
    """Publishing in time, closing after the month; who may know of breaks; exemptions."""
    register_exemptions()
    register_subject(Round, may_know_round)
    register_subject(Break, may_know_break)
    register_subject(BreakMonth, may_know_limit)
    register(Kind(
        "round.publish", "Publish a round", Round, title=lambda round: f"Draw and publish the list for {round}",
        url=lambda round: f"/rounds/{round.slug}/",
        must_be_open=lambda round: ("",) if round.status in BEFORE_PUBLISHING else (),
        meta=lambda round: round.version.programme.title, records=_running_rounds,
    ))
    register(Kind(
        "round.close", "Close a round", Round, title=lambda round: f"Close the round of {round}",
        url=lambda round: f"/rounds/{round.slug}/progress/",
        must_be_open=lambda round: ("",) if round.status == Round.Status.PUBLISHED else (),
        meta=lambda round: round.version.programme.title, records=_running_rounds,
    ))
