"""The duty of a challenge, registered at start."""

from audits.knowing import in_status
from audits.models import Audit
from challenges.models import Challenge
from duties.registry import Kind, register, register_subject
from people.models import Staff


def may_know(staff: Staff, challenge_id: int) -> bool:
    """Whoever may see the audit."""
    return Audit.objects.visible_to(staff).filter(challenges=challenge_id).exists()


def register_duties() -> None:
    """Settling a challenge with whoever raised it."""
    register_subject(Challenge, may_know)
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
        )
    )
