"""The round: planned, frozen, drawn, reviewed, published, closed (S1-01, S1-02)."""

import secrets
from collections import Counter
from datetime import date, datetime, timedelta

from django.db import transaction

from allocations.breaks.workflow import check_nobody_on_a_break
from allocations.draw import Auditor, Case, DrawError, DrawInput, DrawResult, EarlierDraw, draw, fingerprint
from allocations.draw.certificates import auditor_rows, drawn_part, exclusion_rows, frame_rows, override_rows
from allocations.exemptions.states import drop_request
from allocations.frame import build_frame, published_in_year, recent_allocations
from allocations.models import Allocation, Draw, MonthCounter, Round
from allocations.months import month_name
from allocations.permissions import check_can_run_rounds
from allocations.registry import open_published
from calendars.calendar import local_extra_days
from calendars.rules import (
    add_working_days,
    break_deadline,
    end_of_day,
    first_working_day,
    in_time_for_break,
    is_late,
    london_date,
    month_end_due,
)
from calendars.words import clock, count, long_date
from casefiles.models import CaseFile
from duties.workflow import close_duty, open_duty
from jobs.progress import tell
from people.models import Staff
from people.refusals import Refused
from people.roles import Role
from programmes.models import ProgrammeVersion
from trail.writing import record
from workflows import move, register

Status = Round.Status

TRANSITIONS = {
    Status.PLANNED: frozenset({Status.FROZEN}),
    Status.FROZEN: frozenset({Status.DRAWN, Status.FROZEN}),
    Status.DRAWN: frozenset({Status.REVIEWED, Status.FROZEN}),
    Status.REVIEWED: frozenset({Status.PUBLISHED, Status.FROZEN}),
    Status.PUBLISHED: frozenset({Status.CLOSED}),
    Status.CLOSED: frozenset(),
}
Given = Allocation.Status
ALLOCATION_TRANSITIONS = {
    Given.DRAFT: frozenset({Given.ALLOCATED}),
    Given.ALLOCATED: frozenset({Given.SUBSTITUTED, Given.EXEMPTED, Given.REALLOCATED, Given.CANCELLED}),
    Given.SUBSTITUTED: frozenset(),
    Given.EXEMPTED: frozenset(),
    Given.REALLOCATED: frozenset(),
    Given.CANCELLED: frozenset(),
}
REASON_LENGTH = Allocation._meta.get_field("ended_because").max_length
register(Round, TRANSITIONS, title="round", unfinished=frozenset(Status) - {Status.CLOSED})
register(Allocation, ALLOCATION_TRANSITIONS, title="allocation")


class CannotDraw(Exception):
    """There is no full list; the message names the reason and `possible` how long the longest list is."""

    def __init__(self, reason: str, possible: int) -> None:
        self.possible = possible
        super().__init__(reason)


class TooEarly(Exception):
    """The step has to wait; the message says for what."""


def _locked(round: Round) -> Round:
    return Round.objects.select_for_update(of=("self",)).select_related("version__programme").get(pk=round.pk)


@transaction.atomic
def plan_round(*, version: ProgrammeVersion, month: date, by: Staff, at: datetime, wanted: int | None = None,
               audit_day: date | None = None, is_no_notice: bool = False) -> Round:
    """Plan a month: pinned to a programme version, due on its last day, out by its first working day (S1-02, S1-15).

    Audits of one day are due on it, and their list goes out as long before as the programme gives notice (S0-12,
    S4-04, A31); of cases without notice their teams hear on the day itself (S0-14). `wanted` is how many cases are
    drawn, where it is not what the auditors on duty can take (S0-07).
    """
    check_can_run_rounds(by)
    due_at = end_of_day(audit_day) if audit_day else month_end_due(month.year, month.month)
    round = Round.objects.create(
        version=version, month=month, planned_at=at, planned_by=by, due_at=due_at, wanted=wanted, audit_day=audit_day,
        is_no_notice=is_no_notice, publish_by=_publish_by(version, month, audit_day, is_no_notice),
    )
    open_duty("round.publish", round, owner=by, role=Role.QA_LEAD, due_at=end_of_day(round.publish_by), at=at)
    record("round.planned", target=round, by=by, at=at)
    return round


def _publish_by(version: ProgrammeVersion, month: date, audit_day: date | None, is_no_notice: bool) -> date:
    """The first working day of the month, or the day itself, less the notice that the programme gives."""
    if audit_day is None:
        return first_working_day(month.year, month.month, local_extra_days())
    notice = version.rules.timescales.notice_days or 0
    return audit_day - timedelta(days=0 if is_no_notice else notice)


@transaction.atomic
def freeze_frame(*, round: Round, by: Staff, at: datetime, reason: str = "", seed: str = "") -> Draw:
    """Freeze who and what may be drawn, and commit the seed to the trail. Doing it again needs a reason.

    The seed is secret chance; only the demo council gives its own, so that it is the same each time.
    Raises DrawError when there is nobody or nothing to draw.
    """
    round = _locked(round)
    check_can_run_rounds(by)
    number = round.draws.count() + 1
    if number > 1 and not reason.strip():
        raise DrawError("Say why the frame is frozen again: the reason is on the certificate.")
    move(round, Status.FROZEN)
    round.reviewed_at = round.reviewed_by = None
    round.save(update_fields=["status", "reviewed_at", "reviewed_by"])
    round.allocations.filter(status=Given.DRAFT).delete()
    frozen = _freeze(round, number, reason, by, at, seed or secrets.token_hex(16))
    record("round.frozen", target=round, by=by, at=at,
           changes={"draw": number, "seed": frozen.seed, "frame_sha256": frozen.frame_digest, "reason": reason})
    return frozen


def _freeze(round: Round, number: int, reason: str, by: Staff, at: datetime, seed: str) -> Draw:
    frame = build_frame(round, london_date(at))
    if not frame.auditors:
        raise DrawError("No auditor is on duty this month. Add people to the auditor register, then freeze the frame.")
    if not frame.cases:
        raise DrawError("No open case file can be drawn. Import this month’s case files first.")
    rows = frame_rows(frame.cases)
    return Draw.objects.create(
        round=round, number=number, seed=seed, reason=reason, frozen_at=at, frozen_by=by,
        frame={"cases": rows, "auditors": auditor_rows(frame.auditors)}, frame_digest=fingerprint(rows),
        exclusions=exclusion_rows(frame.exclusions), overrides=override_rows(frame.overrides),
        quotas=frame.quotas(seed),
    )


def inputs_of(frozen: Draw) -> DrawInput:
    """The inputs of the draw, read back from the frozen frame."""
    return DrawInput(
        seed=frozen.seed,
        cases=tuple(Case(row["reference"], row["stratum"], frozenset(row["siblings"]), frozenset(row["forbidden"]))
                    for row in frozen.frame["cases"]),
        quotas=frozen.quotas,
        auditors=tuple(Auditor(row["reference"], row["capacity"]) for row in frozen.frame["auditors"]),
    )


@transaction.atomic
def draw_round(*, round: Round, by: Staff, at: datetime, allow_short: bool = False) -> Draw:
    """Draw the list from the frozen frame: once for each freezing, written down in a certificate.

    Raises CannotDraw when no full list exists and the longest was not confirmed.
    """
    round = _locked(round)
    check_can_run_rounds(by)
    move(round, Status.DRAWN)
    frozen = round.draws.last()
    inputs = inputs_of(frozen)
    result = draw(inputs, allow_short=allow_short)
    if not result.is_drawn:
        raise CannotDraw(result.short, result.possible)
    frozen.certificate = drawn_part(result, who=by.reference, when=at, earlier_draws=_earlier(round, frozen))
    frozen.drawn_at, frozen.drawn_by = at, by
    frozen.save(update_fields=["certificate", "drawn_at", "drawn_by"])
    _write_draft(round, inputs, result)
    round.save(update_fields=["status"])
    record("round.drawn", target=round, by=by, at=at, changes={"draw": frozen.number, "cases": len(result.assigned)})
    return frozen


def _earlier(round: Round, frozen: Draw) -> list[EarlierDraw]:
    """The draws that a refreezing has replaced, each with the reason given by the next."""
    draws = list(round.draws.without_documents().select_related("frozen_by"))
    return [
        EarlierDraw(before.seed, before.frame_digest, before.frozen_by.reference, before.frozen_at, after.reason)
        for before, after in zip(draws, draws[1:], strict=False)
        if before.pk != frozen.pk
    ]


def _write_draft(round: Round, inputs: DrawInput, result: DrawResult) -> None:
    """The list as draft allocations, which nobody but P&Q can see."""
    strata = {case.reference: case.stratum for case in inputs.cases}
    files = CaseFile.objects.in_bulk([case for case, _ in result.assigned], field_name="reference")
    staff = Staff.objects.in_bulk([auditor for _, auditor in result.assigned], field_name="reference")
    Allocation.objects.bulk_create(
        Allocation(round=round, case_file=files[case], auditor=staff[auditor], position=position,
                   stratum=strata[case], is_second_pass=case in result.second_pass, due_at=round.due_at)
        for position, (case, auditor) in enumerate(result.assigned, start=1)
    )


@transaction.atomic
def review(*, round: Round, by: Staff, at: datetime) -> Round:
    """P&Q looked at the drawn list; it can go out."""
    round = _locked(round)
    check_can_run_rounds(by)
    move(round, Status.REVIEWED)
    round.reviewed_at, round.reviewed_by = at, by
    round.save(update_fields=["status", "reviewed_at", "reviewed_by"])
    record("round.reviewed", target=round, by=by, at=at)
    return round


@transaction.atomic
def publish(*, round: Round, by: Staff, at: datetime, early: bool = False) -> Round:
    """Send the list out: numbers are given, audits opened, everybody concerned is told (S1-02).

    `early` is for the demo council alone: in the first days of a month there would be nothing to see in it.
    """
    round = _locked(round)
    check_can_run_rounds(by)
    move(round, Status.PUBLISHED)
    if not early:
        _check_breaks_are_closed(round, at)
    drafts = round.allocations.filter(status=Given.DRAFT)
    check_nobody_on_a_break(round.month, list(drafts.values_list("auditor_id", flat=True)))
    _check_on_no_other_list(round)
    _check_nobody_has_too_many(round)
    round.published_at, round.published_by = at, by
    round.save(update_fields=["status", "published_at", "published_by"])
    given = _numbered(round, by, at)
    for done, allocation in enumerate(given):
        tell(done, len(given), "Opening audits and telling everybody concerned")
        open_published(allocation=allocation, by=by, at=at)
    close_duty("round.publish", round, by=by, at=at)
    after_month = add_working_days(london_date(round.due_at), 5, local_extra_days())
    open_duty("round.close", round, owner=by, role=Role.QA_LEAD, due_at=end_of_day(after_month), at=at, tell=False)
    record("round.published", target=round, by=by, at=at, changes={"days_late": days_late(round)})
    return round


def draft_until(round: Round, at: datetime) -> datetime | None:
    """Until when a month's list stays a draft: while breaks in it can be asked for (A6); None where it may go out.

    Audits of one day are announced ahead (S0-12), whatever the month.
    """
    month = round.month
    if round.audit_day is None and in_time_for_break(at, month.year, month.month):
        return break_deadline(month.year, month.month)
    return None


def _check_breaks_are_closed(round: Round, at: datetime) -> None:
    if closes := draft_until(round, at):
        raise Refused(f"Breaks in {month_name(round.month)} can be asked for until {long_date(closes)}, "
                      f"{clock(closes)}. The list goes out after that; until then it stays a draft.")


def _check_on_no_other_list(round: Round) -> None:
    """Two rounds drawn side by side may hold the same case: the second list waits. Raises Refused."""
    drafts = round.allocations.filter(status=Given.DRAFT)
    twice = drafts.filter(case_file__in=recent_allocations(round).live().values("case_file")).count()
    if twice:
        raise Refused(f"{count(twice, 'case')} of this list went out on another list meanwhile. "
                      "Freeze the frame again: it is left out then.")


def _check_nobody_has_too_many(round: Round) -> None:
    """Two lists drawn side by side may bring somebody above the audits of a year: the second waits. Raises Refused."""
    cap, used = round.version.rules.sampling.yearly_cap, published_in_year(round)
    here = Counter(round.allocations.filter(status=Given.DRAFT).values_list("auditor_id", flat=True))
    if over := sum(used[auditor] + given > cap for auditor, given in here.items()):
        raise Refused(f"{count(over, 'auditor')} would have more than {cap} audits this year, since another list went "
                      "out meanwhile. Freeze the frame again.")


def days_late(round: Round) -> int:
    """Calendar days between the first working day and publishing; 0 when in time."""
    return max((london_date(round.published_at) - round.publish_by) // timedelta(days=1), 0)


def _numbered(round: Round, by: Staff, at: datetime) -> list[Allocation]:
    """Give each draft its audit number from the month's locked counter."""
    drafts = list(round.allocations.filter(status=Given.DRAFT)
                  .select_related("case_file__team", "case_file__worker", "case_file__iro", "case_file__cp_adviser",
                                  "auditor", "round__version__programme"))
    numbers = take_numbers(round.month, len(drafts))
    for allocation, number in zip(drafts, numbers, strict=True):
        move(allocation, Given.ALLOCATED)
        allocation.number, allocation.allocated_at, allocation.allocated_by = number, at, by
    Allocation.objects.bulk_update(drafts, ["status", "number", "allocated_at", "allocated_by"])
    return drafts


def take_numbers(month: date, count: int) -> list[str]:
    """The next audit numbers of a month, such as A-2026-11-0042; the counter stays locked until commit."""
    MonthCounter.objects.get_or_create(month=month)
    counter = MonthCounter.objects.select_for_update().get(month=month)
    first, counter.last = counter.last + 1, counter.last + count
    counter.save(update_fields=["last"])
    return [f"A-{month:%Y-%m}-{number:04}" for number in range(first, counter.last + 1)]


@transaction.atomic
def end_allocation(*, allocation: Allocation, status: str, because: str, by: Staff, at: datetime) -> Allocation:
    """An allocation is substituted, exempted, given to another or cancelled; called by the verb that decides it."""
    allocation = Allocation.objects.select_for_update(of=("self",)).select_related("round__version").get(
        pk=allocation.pk)
    move(allocation, status)
    allocation.ended_at, allocation.ended_by, allocation.ended_because = at, by, because[:REASON_LENGTH]
    allocation.save(update_fields=["status", "ended_at", "ended_by", "ended_because"])
    drop_request(allocation, allocation.ended_because, by, at)
    return allocation


@transaction.atomic
def close_round(*, round: Round, by: Staff, at: datetime) -> Round:
    """The month is over and reported; audits that are late stay to be done (S1-67).

    Raises TooEarly while the month runs.
    """
    round = _locked(round)
    check_can_run_rounds(by)
    move(round, Status.CLOSED)
    if not is_late(at, round.due_at):
        raise TooEarly(f"{round} can be closed when the month is over.")
    round.closed_at, round.closed_by = at, by
    round.save(update_fields=["status", "closed_at", "closed_by"])
    close_duty("round.close", round, by=by, at=at)
    record("round.closed", target=round, by=by, at=at)
    return round
