"""Saving answers: each on its own, with its version; a text changed elsewhere is never overwritten."""

from datetime import datetime

from django.db import transaction

from audits.models import Answer, AnswerRevision, Audit, TaggedAs
from audits.permissions import check_can_write
from audits.workflow.inadequate import follow_grade
from audits.workflow.life import locked
from calendars.rules import london_date
from people.models import Staff
from programmes.models import Domain, Grade, Tag
from trail.models import Event
from trail.writing import record

TAGS = {"good_practice_tags": Tag.Kind.GOOD_PRACTICE, "learning_themes": Tag.Kind.LEARNING}


class AnswerChanged(Exception):
    """Somebody saved this answer in the meantime: `answer` is what stands, `value` what was to be saved."""

    def __init__(self, answer: Answer, value: str) -> None:
        self.answer, self.value = answer, value
        super().__init__("This answer was changed somewhere else. Nothing is lost: choose which text to keep.")


@transaction.atomic
def save_answer(
    *, audit: Audit, field: str, value: str, version: int, by: Staff, at: datetime, domain: Domain | None = None
) -> Answer:
    """Save one answer on top of `version` (0 for none yet); the text before is kept as a revision.

    Raises AnswerChanged when another version stands there, and PermissionDenied when nothing may be written.
    """
    audit = locked(audit)
    check_can_write(by, audit)
    answer = Answer.objects.filter(audit=audit, domain=domain, field=field).first()
    standing = answer.version if answer else 0
    if answer and answer.value == value or answer is None and value == "":
        return answer or Answer(audit=audit, domain=domain, field=field, version=0, saved_at=at, saved_by=by)
    if answer and version != standing:
        raise AnswerChanged(answer, value)
    answer = _write(answer, audit, domain, field, value, by, at)
    if field in TAGS:
        _tag(audit, TAGS[field], value.split("\n"))
    if field == "grade":
        audit.grade = Grade.objects.filter(version=audit.version_id, slug=value).first()
        audit.save(update_fields=["grade"])
        follow_grade(audit, by=by, at=at, is_step=False)
    return answer


def _tag(audit: Audit, kind: str, slugs: list[str]) -> None:
    """Keep the rows by which tags are counted in step with the answer."""
    audit.tagged_as.filter(tag__kind=kind).delete()
    tags = Tag.objects.filter(version=audit.version_id, kind=kind, slug__in=slugs)
    TaggedAs.objects.bulk_create(TaggedAs(audit=audit, tag=tag) for tag in tags)


def _write(
    answer: Answer | None, audit: Audit, domain: Domain | None, field: str, value: str, by: Staff, at: datetime
) -> Answer:
    answer = answer or Answer(audit=audit, domain=domain, field=field, version=0)
    new_sitting = answer.version == 0 or answer.saved_by_id != by.pk or london_date(answer.saved_at) != london_date(at)
    answer.value, answer.version, answer.saved_at, answer.saved_by = value, answer.version + 1, at, by
    answer.save()
    AnswerRevision.objects.create(answer=answer, version=answer.version, value=value, saved_at=at, saved_by=by)
    if new_sitting:
        _record_sitting(answer, by, at)
    return answer


def _record_sitting(answer: Answer, by: Staff, at: datetime) -> Event:
    """One event an answer and sitting; the texts themselves are in the revisions."""
    part = answer.domain.title if answer.domain else answer.field
    return record("audit.answered", target=answer, subject=answer.audit, by=by, at=at, changes={"part": part})
