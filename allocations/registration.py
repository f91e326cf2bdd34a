"""The duties and jobs of a round, registered at start."""

from allocations import documents
from allocations.models import Break, BreakMonth, Round
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
    """Long papers are made in the background."""
    jobs.register(documents.JOB, documents.make)


def register_duties() -> None:
    """Publishing in time, closing after the month; who may know of breaks."""
    register_subject(Round, may_know_round)
    register_subject(Break, may_know_break)
    register_subject(BreakMonth, may_know_limit)
    register(Kind(
        "round.publish", "Publish a round", Round, title=lambda round: f"Draw and publish the list for {round}",
        url=lambda round: f"/rounds/{round.slug}/",
        must_be_open=lambda round: ("",) if round.status in BEFORE_PUBLISHING else (),
        meta=lambda round: round.version.programme.title,
    ))
    register(Kind(
        "round.close", "Close a round", Round, title=lambda round: f"Close the round of {round}",
        url=lambda round: f"/rounds/{round.slug}/progress/",
        must_be_open=lambda round: ("",) if round.status == Round.Status.PUBLISHED else (),
        meta=lambda round: round.version.programme.title,
    ))
