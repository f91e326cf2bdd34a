"""Five years of rounds as their verbs leave them: allocations, final audits, Part B; the newest month still runs."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from allocations.models import Allocation, Break, MonthCounter, Round
from allocations.pool import service_names
from audit_portal.scale.sizes import Size
from audits.content import digest
from audits.models import Answer, Audit, AuditVersion, FamilyView, Participation
from calendars.rules import add_months_clamped, at_london, first_working_day, london_date, month_end_due
from casefiles.models import CaseFile
from followup.models import Action, PartB
from people.models import Auditor, Staff, Unit
from programmes.models import Domain, Grade, ProgrammeVersion

A_BATCH = 5_000
JUDGEMENTS = ("met", "met", "met", "partially_met", "partially_met", "not_met")
GRADES = ("outstanding", "good", "good", "good", "requires_improvement_with_good", "requires_improvement",
          "requires_improvement", "inadequate")
BREAKS_AHEAD, BREAK_SHARE = 4, 8


@dataclass
class Council:
    """What every month needs, read once."""

    version: ProgrammeVersion
    lead: Staff
    auditors: list[int]
    managers: dict[int, int]
    services: dict[int, str]
    paths: dict[int, str]
    open_files: list[CaseFile]
    closed_files: list[CaseFile]
    grades: dict[str, Grade]
    domains: list[Domain]

    @classmethod
    def found(cls, version: ProgrammeVersion) -> "Council":
        """As people and cases were made."""
        files = list(CaseFile.objects.filter(is_restricted=False).order_by("reference"))
        units = list(Unit.objects.all())
        return cls(
            version, Staff.objects.get(reference="demo-pq-lead"),
            list(Auditor.objects.order_by("pk").values_list("staff_id", flat=True)),
            {unit.pk: unit.manager_id for unit in units}, service_names(), {unit.pk: unit.path for unit in units},
            [file for file in files if file.is_open], [file for file in files if not file.is_open],
            {grade.slug: grade for grade in version.grades.all()}, list(version.domains.all()))


def make_history(size: Size, rng: random.Random, version: ProgrammeVersion, month: date, contents: bool = True) -> None:
    """Every month up to `month`, oldest first: each case once at most, three in four closed since.

    `contents` adds what is in the audits: judgements, people, Part B and actions.
    """
    council = Council.found(version)
    rng.shuffle(council.open_files)
    rng.shuffle(council.closed_files)
    for back in reversed(range(size.months)):
        audits = _month(size, rng, council, add_months_clamped(month, -back), back)
        if contents:
            _fill(rng, council, audits)
    _breaks(council, month)


def _month(size: Size, rng: random.Random, council: Council, month: date, back: int) -> list[Audit]:
    """One round; auditors take turns, so nobody has an eleventh audit in a year."""
    round = _round(council, month, is_newest=back == 0)
    files, turns = _files(council, size.a_month), len(council.auditors)
    first = back * size.a_month
    given = Allocation.objects.bulk_create([
        Allocation(round=round, case_file=file, auditor_id=council.auditors[(first + place) % turns], position=place,
                   status="allocated", stratum=file.category, number=f"A-{month:%Y-%m}-{place:04}",
                   due_at=round.due_at, allocated_at=round.published_at, allocated_by=council.lead)
        for place, file in enumerate(files, start=1)])
    MonthCounter.objects.create(month=month, last=len(given))
    return Audit.objects.bulk_create([_audit(rng, council, row, is_newest=back == 0) for row in given])


def _round(council: Council, month: date, is_newest: bool) -> Round:
    out = first_working_day(month.year, month.month)
    at, due = at_london(out, time(9)), month_end_due(month.year, month.month)
    closing = {} if is_newest else {"status": "closed", "closed_at": due, "closed_by": council.lead}
    return Round.objects.create(**{
        "version": council.version, "month": month, "status": "published", "due_at": due, "publish_by": out,
        "planned_at": at, "planned_by": council.lead, "published_at": at, "published_by": council.lead} | closing)


def _files(council: Council, count: int) -> list[CaseFile]:
    """One in four is open still; a file comes up once."""
    still = min(count // 4, len(council.open_files))
    found = [council.open_files.pop() for _ in range(still)]
    return found + [council.closed_files.pop() for _ in range(min(count - still, len(council.closed_files)))]


def _audit(rng: random.Random, council: Council, row: Allocation, is_newest: bool) -> Audit:
    file, shared = row.case_file, row.allocated_at + timedelta(days=rng.randint(8, 26))
    facts = {"number": row.number, "allocation": row, "version": council.version, "case_file": file,
             "month": row.round.month, "auditor_id": row.auditor_id, "team_id": file.team_id,
             "unit_path": council.paths[file.team_id], "service_name": council.services[file.team_id],
             "category": file.category, "visible_from": row.allocated_at, "due_at": row.due_at,
             "allocated_at": row.allocated_at, "told_at": row.allocated_at}
    if is_newest:
        return Audit(**facts)
    grade = council.grades[rng.choice(GRADES)]
    return Audit(
        **facts, status="closed", grade=grade, first_shared_at=shared, shared_at=shared,
        respond_by=shared + timedelta(days=7), finalised_at=shared + timedelta(days=9), finalised_by_id=row.auditor_id,
        accepted_at=shared + timedelta(days=12), accepted_by=council.lead, closed_at=shared + timedelta(days=40),
        closed_by=council.lead, opened_at=row.allocated_at, no_connection_at=row.allocated_at)


def _fill(rng: random.Random, council: Council, audits: list[Audit]) -> None:
    """Who took part, what was judged, the final version, Part B with an action."""
    final = [audit for audit in audits if audit.status == Audit.Status.CLOSED]
    Participation.objects.bulk_create([row for audit in audits for row in _people(council, audit)], batch_size=A_BATCH)
    Answer.objects.bulk_create([row for audit in final for row in _answers(rng, council, audit)], batch_size=A_BATCH)
    FamilyView.objects.bulk_create([_heard(audit) for audit in final], batch_size=A_BATCH)
    AuditVersion.objects.bulk_create([_version(audit) for audit in final], batch_size=A_BATCH)
    parts = PartB.objects.bulk_create([_part_b(council, audit) for audit in final], batch_size=A_BATCH)
    Action.objects.bulk_create([_action(part) for part in parts], batch_size=A_BATCH)


def _people(council: Council, audit: Audit) -> Iterator[Participation]:
    file = audit.case_file
    people = {"auditor": audit.auditor_id, "worker": file.worker_id, "team_manager": council.managers[file.team_id],
              "iro": file.iro_id, "cp_adviser": file.cp_adviser_id}
    for capacity, staff in people.items():
        if staff and (capacity == "auditor" or staff != audit.auditor_id):
            yield Participation(audit=audit, staff_id=staff, capacity=capacity, from_at=audit.allocated_at)


def _answers(rng: random.Random, council: Council, audit: Audit) -> Iterator[Answer]:
    facts = {"audit": audit, "saved_at": audit.first_shared_at, "saved_by_id": audit.auditor_id}
    for domain in council.domains:
        yield Answer(domain=domain, field="judgement", value=rng.choice(JUDGEMENTS), **facts)


def _heard(audit: Audit) -> FamilyView:
    """A parent, on the phone."""
    at = audit.first_shared_at
    return FamilyView(audit=audit, who="mother", question_set="adult", method="phone", spoken_on=london_date(at),
                      consent_at=at, told_of_sharing=True, recorded_at=at, recorded_by_id=audit.auditor_id)


def _version(audit: Audit) -> AuditVersion:
    content = {"number": audit.number, "domains": [], "answers": {"grade": audit.grade.slug}, "actions": []}
    return AuditVersion(audit=audit, number=1, reason=AuditVersion.Reason.FINALISED, content=content, grade=audit.grade,
                        digest=digest(content), grade_confirmed_at=audit.finalised_at, frozen_at=audit.finalised_at,
                        frozen_by_id=audit.auditor_id)


def _part_b(council: Council, audit: Audit) -> PartB:
    manager = council.managers[audit.team_id]
    held, back = audit.accepted_at + timedelta(days=9), audit.closed_at
    return PartB(audit=audit, manager_id=manager, status="closed", opened_at=audit.accepted_at,
                 supervision_due_at=audit.accepted_at + timedelta(days=30), supervision_on=london_date(held),
                 supervision_recorded_at=held, supervision_recorded_by_id=manager, confirm_due_at=back,
                 returned_at=back, returned_by_id=manager)


def _action(part: PartB) -> Action:
    day = london_date(part.supervision_recorded_at)
    return Action(part_b=part, position=1, what="Write down what changed.", measure="It is on the file.",
                  change_for_child="The plan fits.", due_on=day, done_on=day, status="done", evidence="Case note.",
                  owner_id=part.manager_id, confirmed_at=part.returned_at, confirmed_by_id=part.manager_id)


def _breaks(council: Council, month: date) -> None:
    """For each of the next months one auditor in eight, always others: within the fifth that the rules allow."""
    asked: datetime = at_london(month, time(8))
    Break.objects.bulk_create([
        Break(auditor_id=auditor, month=add_months_clamped(month, ahead), status="granted", asked_at=asked,
              asked_by_id=auditor, granted_at=asked, granted_by=council.lead)
        for ahead in range(1, BREAKS_AHEAD + 1) for auditor in council.auditors[ahead::BREAK_SHARE]])
