"""The duty of a challenge, registered at start."""

from django.db.models import QuerySet

from audits.knowing import in_status, programme_of
from audits.models import Audit
from challenges.models import Challenge
from duties.registry import Kind, register, register_event, register_subject
from people.models import Staff


def known_to(staff: Staff) -> QuerySet[Challenge]:
    """Those of the audits that somebody may see."""
    return Challenge.objects.filter(audit__in=Audit.objects.visible_to(staff).values("pk"))


def register_duties() -> None:
    """Settling a challenge with whoever raised it."""
    register_subject(Challenge, known_to)
    register_event("challenge.settled", "A challenge was answered")
    register(
        Kind(
            "challenge.settle",
            "Settle a challenge",
            Challenge,
            title=lambda challenge: f"Talk with {challenge.raised_by} about a challenge",
            url=lambda challenge: f"/audits/{challenge.audit.number}/challenges/{challenge.pk}/",
            must_be_open=in_status(Challenge.Status.OPEN),
            meta=lambda challenge: challenge.audit.service_name,
            records=lambda: Challenge.objects.filter(status=Challenge.Status.OPEN),
            programme=lambda challenge: programme_of(challenge.audit),
            can_hand_over=False,
        )
    )
