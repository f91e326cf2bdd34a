"""How long the dashboard and the pages of a round take in a county: 10,000 open cases, 20,000 audits in five years."""

from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from time import perf_counter
from typing import Any

NEEDS_DATABASE = True
CASES, AUDITS, MONTHS, AUDITORS = 10_000, 20_000, 60, 400
TARGET, MOST_QUERIES, TIMES = 0.5, 25, 7
MONTH = date(2026, 10, 1)
Row = dict[str, Any]


def run() -> list[Row]:
    """Server time (the middle of seven) and queries of each page, and the time of each step of a month."""
    cast, version = _council()
    rows = _steps(cast, version)
    fill_months(cast, version, MONTH)
    settle()
    client, here = _signed_in(cast.pq_lead), f"{MONTH:%Y-%m}"
    leader = _signed_in(cast.director)
    pages = {
        "Round: auditors": lambda: client.get("/rounds/2026-11/auditors/"),
        "Round: frame": lambda: client.get("/rounds/2026-11/frame/"),
        "Round: draw": lambda: client.get("/rounds/2026-11/draw/"),
        "Round: progress": lambda: client.get(f"/rounds/{here}/progress/"),
        "Dashboard, whole council": lambda: leader.get(f"/reports/{here}/"),
        "Dashboard, one service": lambda: leader.get(f"/reports/{here}/?service=Children+in+Need"),
        "Dashboard, chart drawn before": lambda: leader.get(f"/reports/{here}/charts/grades.svg"),
    }
    return rows + [row for name, get in pages.items() for row in _page(name, get)]


def _page(name: str, get: Callable) -> list[Row]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    get()
    with CaptureQueriesContext(connection) as asked:
        answer = get()
    good, queries = answer.status_code == 200, len(asked)
    seconds = median(_seconds(get) for _ in range(TIMES))
    return [
        {"name": name, "value": round(seconds, 3), "unit": "s", "target": TARGET, "met": good and seconds <= TARGET},
        {"name": f"{name}, queries", "value": queries, "unit": "queries", "target": MOST_QUERIES,
         "met": good and queries <= MOST_QUERIES},
    ]


def _seconds(work: Callable) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def settle() -> None:
    """What autovacuum does within a minute on a council's server: tell the planner how full the tables are."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _signed_in(person):
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _council():
    from audit_portal.testing import factories

    version, cast = factories.load_s1(), factories.make_cast()
    fill_council(cast)
    return cast, version


def fill_council(cast) -> None:
    """Open cases in the teams of the tests' cast, and auditors of another service."""
    from casefiles.models import CaseFile
    from people.models import Auditor, Staff

    CaseFile.objects.bulk_create(
        CaseFile(reference=f"{4_000_000 + number}", team=cast.team if number % 3 else cast.other_team,
                 worker=cast.worker, category=("in_need", "in_care", "protection", "care_leaver")[number % 4],
                 opened_on=date(2025, 1, 1), sibling_group=f"S{number // 2}" if number % 5 == 0 else "")
        for number in range(CASES))
    staff = Staff.objects.bulk_create(
        Staff(name=f"Auditor {number}", folded_name=f"auditor {number}", email=f"a{number}@northbrook.example",
              reference=f"A{number:04}", unit=cast.quality) for number in range(AUDITORS))
    Auditor.objects.bulk_create(
        Auditor(staff=person, joined_on=date(2020, 1, 1), trained_on=date(2020, 1, 1)) for person in staff)


def _steps(cast, version) -> list[Row]:
    """One month through its real verbs: 401 audits out of 10,000 cases."""
    from allocations import workflow
    from audit_portal.testing.factories import START, plan_round

    month, rows = plan_round(cast, version), []
    for name, verb, target in (("Freeze", workflow.freeze_frame, 5), ("Draw", workflow.draw_round, 10),
                               ("Look", workflow.review, 1), ("Publish", workflow.publish, 60)):
        seconds = _seconds(lambda verb=verb: verb(round=month, by=cast.pq_lead, at=START))
        rows.append({"name": f"{name}: {AUDITORS + 1} of {CASES:,} cases", "value": round(seconds, 2), "unit": "s",
                     "target": target, "met": seconds <= target})
    return rows


def fill_months(cast, version, newest: date) -> None:
    """Five years of audits as rows, all but the newest month final, with judgements, Part B and one action each."""
    from calendars.rules import add_months_clamped

    for number in range(MONTHS):
        month = add_months_clamped(newest, -number)
        _month(cast, version, month, AUDITS // MONTHS, is_newest=number == 0)


def _month(cast, version, month: date, count: int, is_newest: bool) -> None:
    from django.utils import timezone

    from allocations.models import Allocation, Round
    from audits.models import Audit
    from calendars.rules import at_london, month_end_due
    from casefiles.models import CaseFile

    start, due = at_london(month, timezone.datetime.min.time()), month_end_due(month.year, month.month)
    by, files = cast.pq_lead, list(CaseFile.objects.select_related("team").order_by("?")[:count])
    round = Round.objects.create(version=version, month=month, status="published", due_at=due, publish_by=month,
                                 planned_at=start, planned_by=by, published_at=start, published_by=by)
    given = Allocation.objects.bulk_create(
        Allocation(round=round, case_file=file, auditor=cast.auditor, status="allocated", position=place, due_at=due,
                   stratum=file.category, number=f"A-{month:%Y-%m}-{place:04}", allocated_at=start, allocated_by=by)
        for place, file in enumerate(files, start=1))
    grades, shared = list(version.grades.all()), start + timedelta(days=20)
    audits = Audit.objects.bulk_create(
        Audit(number=row.number, allocation=row, version=version, case_file=row.case_file, month=month, due_at=due,
              auditor=cast.auditor, team=row.case_file.team, unit_path=row.case_file.team.path, allocated_at=start,
              service_name="Children in Need" if row.case_file.team_id == cast.team.pk else "Fostering",
              category=row.stratum, visible_from=start, first_shared_at=shared, shared_at=shared, respond_by=shared,
              **({"status": "shared"} if is_newest and place % 2 else {
                  "status": "with_team_manager", "grade": grades[place % 5], "finalised_at": shared, "accepted_by": by,
                  "finalised_by": cast.auditor, "accepted_at": shared}))
        for place, row in enumerate(given))
    _contents(cast, version, audits, start)


def _contents(cast, version, audits: list, at) -> None:
    from audits.models import Answer, FamilyView
    from followup.models import Action, PartB

    judgements = ("met", "met", "partially_met", "not_met")
    Answer.objects.bulk_create((
        Answer(audit=audit, domain=domain, field="judgement", value=judgements[(audit.pk + place) % 4], saved_at=at,
               saved_by=cast.auditor)
        for audit in audits for place, domain in enumerate(version.domains.all())), batch_size=2000)
    FamilyView.objects.bulk_create(
        FamilyView(audit=audit, who="mother", question_set="adult", method="phone", spoken_on=at.date(), consent_at=at,
                   told_of_sharing=True, recorded_at=at, recorded_by=cast.auditor) for audit in audits)
    parts = PartB.objects.bulk_create(
        PartB(audit=audit, manager=cast.team_manager, opened_at=at, supervision_due_at=at + timedelta(days=30))
        for audit in audits if audit.status == "with_team_manager")
    Action.objects.bulk_create(
        Action(part_b=part, position=1, what="w", measure="m", change_for_child="c", due_on=at.date())
        for part in parts)
