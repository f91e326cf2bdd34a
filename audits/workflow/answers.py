"""Saving answers: each on its own, with its version and sitting; a text changed elsewhere is never overwritten (T-R9).

A sitting is one page as it was shown to somebody; its savings of a box are numbered. The rules are in
docs/architecture.md.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from audits.models import Answer, AnswerRevision, Audit, KeptText, TaggedAs
from audits.permissions import check_can_write
from audits.workflow.inadequate import follow_grade
from calendars.rules import london_date
from people.models import Staff
from programmes.models import Domain, Grade, Tag
from trail.models import Event
from trail.writing import record

ATTEMPTS = 5
TAGS = {"good_practice_tags": Tag.Kind.GOOD_PRACTICE, "learning_themes": Tag.Kind.LEARNING}
STANDING = ("pk", "value", "version", "sitting", "sequence", "saved_at", "saved_by_id")


class AnswerChanged(Exception):
    """Somebody saved this answer in the meantime: `answer` is what stands, `value` what was to be saved, and is kept.

    Raised after the transaction that kept it.
    """

    def __init__(self, answer: Answer, value: str) -> None:
        self.answer, self.value = answer, value
        super().__init__("This answer was changed somewhere else. Nothing is lost: choose which text to keep.")


class Unfit(ValueError):
    """A grade that the programme does not have."""


class Overtaken(Exception):
    """Somebody wrote the same answer in the same moment: look again."""


@dataclass(frozen=True)
class Sitting:
    """The page from which something is saved, and the number of this saving of a box; 0 without script."""

    id: UUID | None = None
    sequence: int = 0


NOWHERE = Sitting()


@dataclass(frozen=True)
class Typed:
    """One text on its way: for which field (of which domain), on top of which version, by whom and when."""

    field: str
    slug: str
    value: str
    version: int
    by: Staff
    at: datetime
    sitting: Sitting = NOWHERE


@dataclass
class Found:
    """What stands when a text comes: the locked audit, its answer (version 0 for none), what this sitting did before.

    `wrote` and `kept` are its highest numbers among what was written and what was kept; None for none.
    """

    audit: Audit
    answer: Answer
    part: str
    wrote: int | None
    kept: int | None

    @property
    def seen(self) -> int:
        """The highest number that came from this sitting; 0 for none."""
        return max(self.wrote or 0, self.kept or 0)


def save_answer(
    *, audit: Audit, field: str, value: str, version: int, by: Staff, at: datetime, domain: Domain | None = None,
    sitting: Sitting = NOWHERE,
) -> Answer:
    """Save one answer on top of `version` (0 for none yet); each text that stood is a revision.

    Raises AnswerChanged when another version stands there, and PermissionDenied when nothing may be written.
    """
    typed = Typed(field, domain.slug if domain else "", value, version, by, at, sitting)
    return _saved(Audit.objects.filter(pk=audit.pk), typed)


def save_typed(*, number: str, typed: Typed) -> Answer:
    """The same as somebody types: the door, the lock and what stands are one query. Raises Audit.DoesNotExist."""
    return _saved(Audit.objects.written_by(typed.by, typed.at).filter(number=number), typed)


def _saved(audits: QuerySet[Audit], typed: Typed) -> Answer:
    for _ in range(ATTEMPTS):
        with suppress(Overtaken):
            outcome = _attempt(audits, typed)
            break
    else:
        outcome = _attempt(audits, typed)
    if isinstance(outcome, AnswerChanged):
        raise outcome
    return outcome


@transaction.atomic
def _attempt(audits: QuerySet[Audit], typed: Typed) -> Answer | AnswerChanged:
    """One try. What was found may be older than a saving for which the lock was waited for: `write` then says so."""
    found = find(audits, typed)
    check_can_write(typed.by, found.audit)
    answer, sitting = found.answer, typed.sitting
    is_late = 0 < sitting.sequence <= found.seen
    if answer.value == typed.value:
        return answer if is_late else _noted(found, typed)
    if is_late:
        return _come_late(found, typed)
    goes_on = sitting.id and answer.sitting == sitting.id and sitting.sequence > answer.sequence
    if answer.pk is None or answer.version == typed.version or goes_on:
        return write(found, typed)
    return _keep(found, typed)


def find(audits: QuerySet[Audit], typed: Typed) -> Found:
    """The audit, locked, with the answer that stands in one place of it. One query.

    Raises Audit.DoesNotExist, Domain.DoesNotExist or Unfit where there is no such place.
    """
    domain = Domain.objects.filter(version=OuterRef("version"), slug=typed.slug)
    grade = Grade.objects.filter(version=OuterRef("version"), slug=typed.value if typed.field == "grade" else "")
    audit = audits.select_for_update(of=("self",)).annotate(
        place=Subquery(domain.values(row=JSONObject(pk="pk", title="title"))),
        grade_found=Subquery(grade.values("pk")),
        is_or_was_inadequate=Exists(grade.filter(is_inadequate=True))
        | Exists(Grade.objects.filter(pk=OuterRef("grade"), is_inadequate=True)),
        standing=Subquery(_answers(typed).values(row=JSONObject(**_columns(typed.sitting)))),
    ).get()
    if typed.slug and audit.place is None:
        raise Domain.DoesNotExist(typed.slug)
    if typed.field == "grade" and typed.value and audit.grade_found is None:
        raise Unfit(typed.value)
    row = dict(audit.standing or {})
    wrote, kept = row.pop("wrote", None), row.pop("kept", None)
    place = audit.place or {"pk": None, "title": typed.field}
    answer = _answer(audit, place["pk"], typed, row)
    if answer.sitting and answer.sitting == typed.sitting.id:
        wrote = max(wrote or 0, answer.sequence)
    return Found(audit, answer, place["title"], wrote, kept)


def _answers(typed: Typed) -> QuerySet[Answer]:
    place = {"domain__slug": typed.slug} if typed.slug else {"domain": None}
    return Answer.objects.filter(audit=OuterRef("pk"), field=typed.field, **place)


def _columns(sitting: Sitting) -> dict[str, Any]:
    """What is read of the answer, with the highest number that came from this sitting."""
    columns: dict[str, Any] = {name: name for name in STANDING}
    if sitting.id:
        columns["wrote"] = _highest(AnswerRevision.objects, sitting.id)
        columns["kept"] = _highest(KeptText.objects, sitting.id)
    return columns


def _highest(rows: Any, sitting: UUID) -> Subquery:
    of_sitting = rows.filter(answer=OuterRef("pk"), sitting=sitting).order_by().values("answer")
    return Subquery(of_sitting.annotate(highest=Max("sequence")).values("highest"))


def _answer(audit: Audit, domain: int | None, typed: Typed, row: dict[str, Any]) -> Answer:
    if not row:
        return Answer(audit=audit, domain_id=domain, field=typed.field, version=0, saved_at=typed.at, saved_by=typed.by)
    row["sitting"] = UUID(row["sitting"]) if row["sitting"] else None
    row["saved_at"] = datetime.fromisoformat(row["saved_at"])
    answer = Answer(audit=audit, domain_id=domain, field=typed.field, **row)
    answer._state.adding = False
    return answer


def _noted(found: Found, typed: Typed) -> Answer:
    """The same text: nothing to write, but what this sitting sent before must not come after it."""
    answer, sitting = found.answer, typed.sitting
    if not sitting.sequence:
        return answer
    answer.sitting, answer.sequence = sitting.id, sitting.sequence
    if answer.pk is None:
        return _inserted(answer)
    Answer.objects.filter(pk=answer.pk, version=answer.version).update(sitting=sitting.id, sequence=sitting.sequence)
    return answer


def _come_late(found: Found, typed: Typed) -> Answer | AnswerChanged:
    """Sent before what came already: acknowledged, findable in the history, and never on top."""
    answer, same = found.answer, {"answer": found.answer, "value": typed.value}
    if not (AnswerRevision.objects.filter(**same).exists() or KeptText.objects.filter(**same).exists()):
        KeptText.objects.create(**_kept_fields(found, typed), settled_at=typed.at, settled_by=typed.by)
    if (found.kept or 0) > (found.wrote or 0):
        return AnswerChanged(answer, typed.value)
    if answer.sitting != typed.sitting.id:
        answer.version = typed.version  # this sitting knows of no later one
    return answer


def write(found: Found, typed: Typed) -> Answer:
    """A new version; the trail has one event an answer and sitting. Raises Overtaken where another one was first."""
    answer, is_new = found.answer, _is_new_sitting(found, typed)
    before, answer.version = answer.version, answer.version + 1
    answer.value, answer.saved_at, answer.saved_by = typed.value, typed.at, typed.by
    answer.sitting, answer.sequence = typed.sitting.id, typed.sitting.sequence
    if answer.pk is None:
        _inserted(answer)
    elif not Answer.objects.filter(pk=answer.pk, version=before).update(
        value=answer.value, version=answer.version, sitting=answer.sitting, sequence=answer.sequence,
        saved_at=answer.saved_at, saved_by=answer.saved_by,
    ):
        raise Overtaken
    if is_new:
        _record_sitting(found, typed)
    if typed.field == "grade":
        found.audit.grade_id = found.audit.grade_found
        found.audit.save(update_fields=["grade"])
        if found.audit.is_or_was_inadequate:
            follow_grade(found.audit, by=typed.by, at=typed.at, is_step=False)
    if typed.field in TAGS:
        _tag(found.audit, TAGS[typed.field], typed.value.split("\n"))
    return answer


def _tag(audit: Audit, kind: str, slugs: list[str]) -> None:
    """Keep the rows by which tags are counted in step with the answer."""
    audit.tagged_as.filter(tag__kind=kind).delete()
    tags = Tag.objects.filter(version=audit.version_id, kind=kind, slug__in=slugs)
    TaggedAs.objects.bulk_create(TaggedAs(audit=audit, tag=tag) for tag in tags)


def _inserted(answer: Answer) -> Answer:
    try:
        answer.save(force_insert=True)
    except IntegrityError as error:
        raise Overtaken from error
    return answer


def _keep(found: Found, typed: Typed) -> AnswerChanged:
    """Beside what stands; of one sitting the newest is open, and what it said before is history."""
    kept = None
    if typed.sitting.id:
        kept = KeptText.objects.open().filter(answer=found.answer, sitting=typed.sitting.id).first()
    if kept is None:
        KeptText.objects.create(**_kept_fields(found, typed))
        if _is_new_sitting(found, typed):
            _record_sitting(found, typed)
    elif kept.value != typed.value or kept.sequence != typed.sitting.sequence:
        _follow(kept, typed)
    return AnswerChanged(found.answer, typed.value)


def _follow(kept: KeptText, typed: Typed) -> None:
    if kept.value != typed.value:
        KeptText.objects.create(
            answer_id=kept.answer_id, sitting=kept.sitting, sequence=kept.sequence, value=kept.value,
            base_version=kept.base_version, saved_at=kept.saved_at, saved_by_id=kept.saved_by_id,
            settled_at=typed.at, settled_by=typed.by,
        )
        kept.version, kept.value, kept.saved_at, kept.saved_by = kept.version + 1, typed.value, typed.at, typed.by
    kept.sequence = max(kept.sequence, typed.sitting.sequence)
    kept.save(update_fields=["version", "value", "saved_at", "saved_by", "sequence"])


def _kept_fields(found: Found, typed: Typed) -> dict[str, Any]:
    return {
        "answer": found.answer, "sitting": typed.sitting.id, "sequence": typed.sitting.sequence, "value": typed.value,
        "base_version": typed.version, "saved_at": typed.at, "saved_by": typed.by,
    }


def _is_new_sitting(found: Found, typed: Typed) -> bool:
    """Nothing of this answer came from the page before; without a page, another person or another day."""
    if typed.sitting.id:
        return found.wrote is None and found.kept is None
    answer = found.answer
    other_day = london_date(answer.saved_at) != london_date(typed.at)
    return answer.version == 0 or answer.saved_by_id != typed.by.pk or other_day


def _record_sitting(found: Found, typed: Typed) -> Event:
    """One event an answer and sitting; the texts themselves are in the revisions and kept texts."""
    return record("audit.answered", target=found.answer, subject=found.audit, by=typed.by, at=typed.at,
                  changes={"part": found.part})
