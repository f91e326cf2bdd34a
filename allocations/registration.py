"""The duties and jobs of a round, registered at start."""

from collections.abc import Callable

from django.db.models import QuerySet

from allocations import documents, publishing
from allocations.exemptions.routes import decides
from allocations.models import Break, BreakMonth, Exemption, Round
from allocations.months import month_name
from duties.registry import Kind, register, register_event, register_subject
from jobs import registry as jobs
from people.models import Staff
from people.roles import Role

BEFORE_PUBLISHING = {Round.Status.PLANNED, Round.Status.FROZEN, Round.Status.DRAWN, Round.Status.REVIEWED}


EVENTS = {
    "break.asked": "A break was asked for",
    "break.granted": "A break was granted",
    "break.withdrawn": "A break was withdrawn",
    "break.limit": "The limit of breaks is reached",
    "exemption.asked": "An exemption was asked for",
    "exemption.agreed": "An exemption was agreed",
    "exemption.refused": "An exemption was refused",
    "exemption.withdrawn": "A request for exemption was withdrawn",
}


def limits_known_to(staff: Staff) -> QuerySet[BreakMonth]:
    """Heads of service and P&Q hear that a month's places are gone (S1-08)."""
    hats = staff.hats()
    return BreakMonth.objects.all() if hats.is_pq or hats.wears(Role.HEAD_OF_SERVICE) else BreakMonth.objects.none()


def register_jobs() -> None:
    """Long papers are made, and long lists sent out, in the background."""
    jobs.register(documents.JOB, documents.make)
    jobs.register(publishing.JOB, publishing.make)


def _exemption(exemption_id: int) -> Exemption:
    rows = Exemption.objects.select_related("allocation__auditor__unit", "allocation__round__version")
    return rows.get(pk=exemption_id)


def may_decide_exemption(staff: Staff, exemption_id: int) -> bool:
    """A role of the route, and never one's own (A9)."""
    return decides(staff, _exemption(exemption_id))


def may_support_exemption(staff: Staff, exemption_id: int) -> bool:
    """Anybody but the auditor."""
    return _exemption(exemption_id).allocation.auditor_id != staff.pk


def register_exemptions() -> None:
    """The line manager speaks first where the programme says so; then it is decided."""
    register_subject(Exemption, Exemption.objects.visible_to, also=may_decide_exemption)
    waits = Exemption.Status
    register(Kind(
        "exemption.support", "Say whether an exemption is supported", Exemption,
        title=lambda exemption: f"Speak with {exemption.allocation.auditor} about an exemption"[:200],
        url=Exemption.get_absolute_url, must_be_open=_in_status(waits.WITH_LINE_MANAGER), meta=_month_of,
        may_hold=may_support_exemption, programme=_programme_of, records=Exemption.objects.pending,
    ))
    register(Kind(
        "exemption.decide", "Decide on an exemption", Exemption,
        title=lambda exemption: f"Decide whether {exemption.allocation.auditor} is exempted"[:200],
        url=Exemption.get_absolute_url, must_be_open=_in_status(waits.AWAITING_DECISION), meta=_month_of,
        may_hold=may_decide_exemption, programme=_programme_of, records=Exemption.objects.pending,
    ))


def _in_status(status: str) -> Callable[[Exemption], tuple[str, ...]]:
    return lambda exemption: ("",) if exemption.status == status else ()


def _month_of(exemption: Exemption) -> str:
    """The line under the title. The duty is about the request and no step of the audit, so it bears no audit number."""
    return f"{exemption.allocation.number} · {month_name(exemption.allocation.round.month)}"


def _running_rounds() -> QuerySet:
    return Round.objects.exclude(status=Round.Status.CLOSED)


def _programme_of(exemption: Exemption) -> str:
    return exemption.allocation.round.version.programme.slug


def register_duties() -> None:
    """Publishing in time, closing after the month; who may know of breaks; exemptions."""
    for name, label in EVENTS.items():
        register_event(name, label)
    register_exemptions()
    register_subject(Round, Round.objects.visible_to)
    register_subject(Break, Break.objects.visible_to)
    register_subject(BreakMonth, limits_known_to)
    register(Kind(
        "round.publish", "Publish a round", Round, title=lambda round: f"Draw and publish the list for {round}",
        url=lambda round: f"/rounds/{round.slug}/",
        must_be_open=lambda round: ("",) if round.status in BEFORE_PUBLISHING else (),
        meta=lambda round: round.version.programme.title, programme=lambda round: round.version.programme.slug,
        records=_running_rounds,
    ))
    register(Kind(
        "round.close", "Close a round", Round, title=lambda round: f"Close the round of {round}",
        url=lambda round: f"/rounds/{round.slug}/progress/",
        must_be_open=lambda round: ("",) if round.status == Round.Status.PUBLISHED else (),
        meta=lambda round: round.version.programme.title, programme=lambda round: round.version.programme.slug,
        records=_running_rounds,
    ))
