"""Sharing with the people of the case, their answers, and making the audit final (S1-45, S1-46)."""

import logging
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import Max

from allocations.exemptions.states import drop_request
from audits.completeness import Part, missing_before, parts_of
from audits.content import content_of, digest, judged
from audits.leave import answer_by
from audits.models import Audit, AuditVersion, Participation, Remark, Response
from audits.permissions import READERS, check_can_dispute, check_can_respond, check_can_write
from audits.terms import terms_of
from audits.workflow.checkers import open_check
from audits.workflow.inadequate import follow_grade
from audits.workflow.life import Status, check_step, locked, open_finalising
from audits.workflow.people_duties import bring_people_up_to_date
from calendars.calendar import working_days_after
from calendars.rules import is_late
from calendars.words import day_and_month
from duties.workflow import close_duty, open_duty, reschedule
from people.lines import system_actor
from people.models import Staff
from people.roles import Role
from trail.writing import record
from workflows import move

Verdict = Response.Verdict
AS_READER = {"cp_adviser": "iro"}  # a policy that names the reviewing officer means the conference chair as well
log = logging.getLogger("portal.audits")


class NotComplete(Exception):
    """Something is missing before this step; `parts` says what and where."""

    def __init__(self, parts: list[Part], reasons: list[str] | None = None) -> None:
        self.parts, self.reasons = parts, reasons or []
        named = [f"{part.title}: {part.why or 'not started'}" for part in parts] + self.reasons
        super().__init__("Something is still missing. " + "; ".join(named) + ".")


def check_complete(audit: Audit, step: str) -> None:
    """Raise NotComplete where parts are in the way of `step`."""
    if missing := missing_before(parts_of(content_of(audit), terms_of(audit)), step):
        raise NotComplete(missing)


def freeze(audit: Audit, reason: str, by: Staff, at: datetime) -> AuditVersion:
    """Write version n of the audit: immutable, with the digest of its content."""
    content = content_of(audit)
    last = audit.versions.aggregate(last=Max("number"))["last"] or 0
    return AuditVersion.objects.create(
        audit=audit,
        number=last + 1,
        reason=reason,
        content=content,
        digest=digest(content),
        grade=audit.grade,
        grade_confirmed_at=None if reason == AuditVersion.Reason.SHARED else at,
        frozen_at=at,
        frozen_by=by,
    )


@transaction.atomic
def share(*, audit: Audit, by: Staff, at: datetime) -> Audit:
    """Give the complete audit to worker, manager and IRO to read and answer within the window (S1-45)."""
    audit = locked(audit)
    check_can_write(by, audit)
    check_step(audit, Status.IN_PROGRESS, Status.SHARED)
    _check_day_has_come(audit, at)
    check_complete(audit, "share")
    days = audit.version.rules.timescales.challenge_window_working_days
    share_for(audit, working_days_after(at, days), by=by, at=at)
    audit.first_shared_at = audit.first_shared_at or at
    audit.save(update_fields=["first_shared_at"])
    for kind in ("audit.complete", "audit.substitute"):
        close_duty(kind, audit, by=by, at=at)
    bring_people_up_to_date(audit, by=by, at=at, outcome="shared")
    drop_request(audit.allocation, "The audit is complete.", by, at)
    return audit


def _check_day_has_come(audit: Audit, at: datetime) -> None:
    """An audit without notice is shared on its day, not before: its readers know nothing of it (S0-14)."""
    if audit.visible_from > at:
        raise NotComplete([], [f"The people of the case hear of this audit on {day_and_month(audit.visible_from)}; "
                               "share it then"])


def share_for(audit: Audit, respond_by: datetime, *, by: Staff, at: datetime) -> None:
    """Move to shared, freeze what is shared, and ask each reader once."""
    move(audit, Status.SHARED)
    audit.shared_at, audit.respond_by = at, respond_by
    audit.save(update_fields=["status", "shared_at", "respond_by"])
    version = freeze(audit, AuditVersion.Reason.SHARED, by, at)
    for reader in readers_of(audit):
        ask(audit, ask_of(audit, version.number, reader.staff, reader.capacity, at), at)
    record("audit.shared", target=audit, by=by, at=at, changes={"version": version.number})
    follow_grade(audit, by=by, at=at)
    _open_finalising_when_answered(audit, at)


def ask_of(audit: Audit, sharing: int, reader: Staff, capacity: str, at: datetime) -> Response:
    """The answer that is expected of a reader: until the end of the window, later where they are on leave (B10)."""
    by = answer_by(reader, audit.shared_at, audit.respond_by, audit.version.rules.timescales)
    return Response.objects.create(audit=audit, sharing=sharing, staff=reader, capacity=capacity,
                                   respond_by=by, extended_at=at if by > audit.respond_by else None)


def ask(audit: Audit, response: Response, at: datetime, *, tell: bool = True) -> None:
    """A reader owes an answer until their time is over."""
    open_duty(
        "audit.respond",
        audit,
        slot=str(response.staff_id),
        owner=response.staff,
        role=Role.TEAM_MANAGER,
        unit=audit.team,
        due_at=response.respond_by,
        at=at,
        audit_number=audit.number,
        tell=tell,
    )


@transaction.atomic
def resume(*, audit: Audit, by: Staff, at: datetime) -> Audit:
    """The dispute is over: the audit is shared again. Who had not answered is asked again, for as long as after
    a return (A16); then its auditor can make it final.
    """
    audit = locked(audit)
    check_can_dispute(by, audit)
    move(audit, Status.SHARED)
    days = audit.version.rules.timescales.reshare_working_days
    audit.respond_by = max(audit.respond_by, working_days_after(at, days))
    audit.save(update_fields=["status", "respond_by"])
    close_duty("audit.dispute", audit, by=by, at=at)
    for response in audit.responses.filter(verdict=Verdict.WAITING).select_related("staff").order_by("pk"):
        response.respond_by = max(response.respond_by, audit.respond_by)
        response.save(update_fields=["respond_by"])
        ask(audit, response, at)
    record("audit.resumed", target=audit, by=by, at=at)
    _open_finalising_when_answered(audit, at)
    return audit


def readers_of(audit: Audit) -> list[Participation]:
    """Who is asked, as the programme says: each person of the case once, with their first capacity (S1-45)."""
    named = set(audit.version.rules.sharing.readers)
    asked = [capacity for capacity in READERS if (AS_READER.get(capacity, capacity)) in named]
    rows = audit.participations.filter(capacity__in=asked, until_at=None, staff__is_active=True)
    by_person = {row.staff_id: row for row in rows.select_related("staff").order_by("-id")}
    return sorted(by_person.values(), key=lambda row: row.pk)


def _open_finalising_when_answered(audit: Audit, at: datetime) -> None:
    if not audit.responses.filter(verdict=Verdict.WAITING).exists():
        open_finalising(audit, at)


@transaction.atomic
def respond(
    *, audit: Audit, verdict: str, by: Staff, at: datetime, text: str = "", remarks: dict[str, str] | None = None
) -> Response:
    """A reader answers once: agrees, agrees with comments, or challenges."""
    audit = locked(audit)
    check_can_respond(by, audit)
    response = audit.responses.get(staff=by, verdict=Verdict.WAITING)
    response.verdict, response.text, response.responded_at = verdict, text, at
    response.save(update_fields=["verdict", "text", "responded_at"])
    Remark.objects.bulk_create(
        Remark(response=response, point=point, text=words, made_at=at) for point, words in (remarks or {}).items()
    )
    close_duty("audit.respond", audit, slot=str(by.pk), by=by, at=at, outcome=verdict)
    record("audit.responded", target=response, subject=audit, by=by, at=at, changes={"verdict": verdict})
    _open_finalising_when_answered(audit, at)
    return response


def lapse_windows(now: datetime) -> int:
    """Where the window is over, silence is recorded as "no response" and the audit may become final."""
    late = Response.objects.filter(verdict=Verdict.WAITING, respond_by__lt=now).values("audit")
    audits = list(Audit.objects.filter(status=Status.SHARED, pk__in=late))
    for audit in audits:
        _lapse_alone(audit, now)
    return len(audits)


def _lapse_alone(audit: Audit, now: datetime) -> None:
    """One audit that cannot go on never keeps the others waiting."""
    try:
        lapse(audit=audit, at=now)
    except DatabaseError as error:
        log.error("The window of audit %s could not be closed: %s", audit.number, type(error).__name__)


@transaction.atomic
def lapse(*, audit: Audit, at: datetime) -> None:
    """Record silence for each reader who did not answer in time (A14); who was on leave has longer, once (B10)."""
    audit = locked(audit)
    if audit.status != Status.SHARED:
        return
    waiting = audit.responses.filter(verdict=Verdict.WAITING, respond_by__lt=at).select_related("staff")
    lapsed = [row for row in waiting if is_late(at, row.respond_by) and not _has_longer(audit, row, at)]
    if not lapsed:
        return
    system = system_actor()
    for row in lapsed:
        row.verdict, row.responded_at = Verdict.LAPSED, at
        row.save(update_fields=["verdict", "responded_at"])
        close_duty("audit.respond", audit, slot=str(row.staff_id), by=system, at=at, outcome=Verdict.LAPSED)
    record("audit.lapsed", target=audit, by=system, at=at)
    _open_finalising_when_answered(audit, at)


def _has_longer(audit: Audit, row: Response, at: datetime) -> bool:
    """Leave that was recorded after the sharing counts as well; nobody gets longer twice."""
    if row.extended_at:
        return False
    by = answer_by(row.staff, audit.shared_at, row.respond_by, audit.version.rules.timescales)
    if by <= at:
        return False
    row.respond_by, row.extended_at = by, at
    row.save(update_fields=["respond_by", "extended_at"])
    reschedule("audit.respond", audit, slot=str(row.staff_id), due_at=by, at=at)
    return True


@transaction.atomic
def finalise(*, audit: Audit, by: Staff, at: datetime) -> Audit:
    """Make the audit final and send it to P&Q: all answered or lapsed, nothing held, everything there (S1-46).

    Where a judgement, the grade or an action was changed since it was shared, it is shared again first (S1-16).
    """
    audit = locked(audit)
    check_can_write(by, audit)
    check_step(audit, Status.SHARED, Status.FINALISED)
    reasons = [hold.because for hold in audit.holds.filter(released_at=None)]
    if audit.responses.filter(verdict=Verdict.WAITING).exists():
        reasons.append("Not everybody has answered, and the time to answer is not over")
    if reasons:
        raise NotComplete([], reasons)
    check_complete(audit, "finalise")
    if was_changed(audit):
        close_duty("audit.finalise", audit, by=by, at=at, outcome="shared again")
        share_again(audit, by=by, at=at)
    else:
        finish(audit, AuditVersion.Reason.FINALISED, by=by, at=at)
    return audit


def was_changed(audit: Audit) -> bool:
    """Whether a judgement, the grade or an action differs from what was last shared or made final."""
    last = audit.versions.order_by("-number").first()
    return judged(content_of(audit)) != judged(last.content)


def share_again(audit: Audit, *, by: Staff, at: datetime) -> None:
    """What changed is shared again, for two working days: nothing becomes final that nobody could read (A16)."""
    days = audit.version.rules.timescales.reshare_working_days
    share_for(audit, working_days_after(at, days), by=by, at=at)


def finish(audit: Audit, reason: str, *, by: Staff, at: datetime) -> None:
    """Freeze the final version and hand it to a checker in P&Q, who is never its auditor."""
    move(audit, Status.FINALISED)
    audit.finalised_at, audit.finalised_by = at, by
    version = freeze(audit, reason, by, at)
    move(audit, Status.QUALITY_CHECK)
    audit.save(update_fields=["status", "finalised_at", "finalised_by"])
    close_duty("audit.finalise", audit, by=by, at=at)
    record("audit.finalised", target=audit, by=by, at=at, changes={"version": version.number, "digest": version.digest})
    open_check(audit, at)
    follow_grade(audit, by=by, at=at)
