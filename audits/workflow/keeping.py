"""Choosing between what stands and a kept text, and putting an earlier text back: never over a text nobody saw."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices

from audits.models import Answer, AnswerRevision, Audit, KeptText
from audits.permissions import check_can_write
from audits.workflow.answers import NOWHERE, Found, Sitting, Typed, find, write
from people.models import Staff
from trail.writing import record


class Take(TextChoices):
    """What somebody chose; the rest stays in the history."""

    STANDING = "standing", "Keep what stands"
    OTHER = "other", "Keep the other text"
    BOTH = "both", "Put both in the box"


@dataclass(frozen=True)
class Seen:
    """The versions of the two texts that the page showed."""

    standing: int
    kept: int


class NotSeen(Exception):
    """One of the two texts was changed after the page was shown."""

    def __init__(self) -> None:
        super().__init__("One of the two texts was changed again in the meantime. Look at both, then choose.")


@transaction.atomic
def settle(*, kept: KeptText, take: str, seen: Seen, by: Staff, at: datetime, sitting: Sitting = NOWHERE) -> Answer:
    """Choose: what stands, the other, or both in one box. A second press does nothing.

    Raises NotSeen where a text was changed since; what was typed on the very page (`sitting`) counts as seen.
    """
    found = _found(kept.answer, by, at, sitting)
    kept = KeptText.objects.select_for_update().get(pk=kept.pk)
    if kept.settled_at:
        return found.answer
    _check_seen(found, kept, seen, sitting)
    kept.settled_at, kept.settled_by = at, by
    kept.save(update_fields=["settled_at", "settled_by"])
    record("audit.settled", target=found.answer, subject=found.audit, by=by, at=at,
           changes={"part": found.part, "take": str(take)})
    chosen = _chosen(found.answer.value, kept.value, take)
    return _stand(found, chosen, by, at, sitting)


def _check_seen(found: Found, kept: KeptText, seen: Seen, sitting: Sitting) -> None:
    standing_known = found.answer.version == seen.standing or _is_here(found.answer.sitting, sitting)
    if not standing_known or kept.version != seen.kept and not _is_here(kept.sitting, sitting):
        raise NotSeen


def _is_here(sitting, own: Sitting) -> bool:
    return own.id is not None and sitting == own.id


def _chosen(standing: str, kept: str, take: str) -> str:
    both = "\n\n".join(text for text in (standing, kept) if text)
    return {Take.STANDING: standing, Take.OTHER: kept, Take.BOTH: both}[Take(take)]


@transaction.atomic
def put_back(*, text: AnswerRevision | KeptText, version: int, by: Staff, at: datetime) -> Answer:
    """An earlier text stands again, as a new version. Raises NotSeen where `version` stands no more."""
    found = _found(text.answer, by, at, NOWHERE)
    if found.answer.version != version:
        raise NotSeen
    record("audit.put_back", target=found.answer, subject=found.audit, by=by, at=at, changes={"part": found.part})
    return _stand(found, text.value, by, at, NOWHERE)


def _found(answer: Answer, by: Staff, at: datetime, sitting: Sitting) -> Found:
    """The audit is locked before anything else; only then what stands is read, so nobody can be overtaken."""
    Audit.objects.select_for_update().get(pk=answer.audit_id)
    slug = answer.domain.slug if answer.domain else ""
    found = find(Audit.objects.filter(pk=answer.audit_id), Typed(answer.field, slug, "", 0, by, at, sitting))
    check_can_write(by, found.audit)
    return found


def _stand(found: Found, value: str, by: Staff, at: datetime, sitting: Sitting) -> Answer:
    answer = found.answer
    if value == answer.value:
        return answer
    slug = answer.domain.slug if answer.domain else ""
    typed = Typed(answer.field, slug, value, answer.version, by, at, sitting)
    return write(find(Audit.objects.filter(pk=answer.audit_id), typed), typed)
