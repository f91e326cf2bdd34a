"""The dashboard against data counted by hand; who reads what; what the board may not learn."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from allocations.models import Allocation, Round
from audit_portal.testing.factories import make_auditor, make_case, make_staff, make_unit
from audits.models import Answer, Audit, Concern, FamilyView, Return
from followup.models import Action, PartB
from people.models import RoleGrant
from people.roles import Role
from reporting import dashboard, figures, words
from reporting.permissions import Scope, scope_of
from reporting.telling import Plain, Suppressed

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MONTH = date(2026, 9, 1)
BEFORE = date(2026, 8, 1)
HERE = "/reports/2026-09/"
NEED, CARE = "Children in Need", "Fostering"
GRADES = ("outstanding", "good", "requires-improvement-good-elements", "requires-improvement", "inadequate")


@pytest.fixture
def signed_in(client):
    def sign_in(person):
        client.force_login(person, backend=BACKEND)
        return client

    return sign_in


class Council:
    """Writes audits of past months as rows: many at once, in the states that a test wants to count."""

    def __init__(self, cast, version) -> None:
        self.cast, self.version, self.number = cast, version, 0
        self.grades = list(version.grades.order_by("position"))
        self.rounds: dict[date, Round] = {}

    def round(self, month):
        if month not in self.rounds:
            opened = datetime(month.year, month.month, 1, 9, tzinfo=UTC)
            self.rounds[month] = Round.objects.create(
                version=self.version, month=month, status="published", due_at=opened + timedelta(days=29),
                publish_by=month, planned_at=opened, planned_by=self.cast.pq_lead, published_at=opened,
                published_by=self.cast.pq_lead)
        return self.rounds[month]

    def audit(self, month=MONTH, grade=None, service=NEED, shared=20, case=None, status=None, **more):
        """One audit: shared on a day of the round, final with a grade (0 is best), or still open."""
        self.number += 1
        round = self.round(month)
        unit = self.cast.team if service == NEED else self.cast.other_team
        case = case or make_case(f"{self.number}", unit)
        number = f"A-{month:%Y-%m}-{self.number:04}"
        start = round.published_at
        allocation = Allocation.objects.create(
            round=round, case_file=case, auditor=self.cast.auditor, status="allocated", position=self.number,
            stratum=case.category, number=number, due_at=round.due_at, allocated_at=start,
            allocated_by=self.cast.pq_lead)
        final = {} if grade is None else {
            "grade": self.grades[grade], "finalised_at": start + timedelta(days=25), "finalised_by": self.cast.auditor}
        status = status or ("quality_check" if final else "shared" if shared else "in_progress")
        at = start + timedelta(days=shared) if shared else None
        return Audit.objects.create(
            number=number, allocation=allocation, version=self.version, case_file=case, month=month,
            auditor=self.cast.auditor, team=unit, unit_path=unit.path, service_name=service, category=case.category,
            status=status, visible_from=more.pop("visible_from", start), due_at=round.due_at, allocated_at=start,
            first_shared_at=at, shared_at=at, respond_by=at, **final, **more)

    def many(self, counts, **more):
        """So many final audits of each grade, best first."""
        return [self.audit(grade=grade, **more) for grade, count in enumerate(counts) for _ in range(count)]

    def judge(self, audit, position, value):
        domain = self.version.domains.get(position=position)
        self.answer(audit, "judgement", value, domain)

    def answer(self, audit, field, value, domain=None):
        Answer.objects.create(audit=audit, domain=domain, field=field, value=value, saved_at=audit.allocated_at,
                              saved_by=self.cast.auditor)

    def hear(self, audit, **more):
        at = audit.allocated_at
        FamilyView.objects.create(audit=audit, who="mother", question_set="adult", method="phone", spoken_on=at.date(),
                                  consent_at=at, told_of_sharing=True, recorded_at=at, recorded_by=audit.auditor,
                                  **more)


@pytest.fixture
def council(cast, s1):
    return Council(cast, s1)


@pytest.fixture
def figured(council):
    """September: 66 given out, 62 finished, 60 of them in time, 58 final (4, 28, 13, 11, 2); August: 3 of 4 in time."""
    council.many([4, 28, 13, 11, 2])
    for shared in (20, 20, 40, 40):
        council.audit(shared=shared)
    for _ in range(4):
        council.audit(shared=None)
    council.audit(status="cancelled", shared=None)
    council.many([0, 1, 1, 0, 0], month=BEFORE)
    council.audit(month=BEFORE)
    council.audit(month=BEFORE, shared=None)
    return council


def counted(scope=None, month=MONTH):
    return dashboard.count_figures(scope or Scope(sees_no_notice=True), month, timezone.now())


def tile(name, found, tell=None):
    return next(tile for tile in dashboard.tiles(found, tell or Plain()) if tile.name == name)


def test_audited_against_allocated(figured):
    found = counted()
    assert (found.volume(MONTH).allocated, found.volume(MONTH).finished, found.volume(MONTH).in_time) == (66, 62, 60)
    assert (found.volume(MONTH).missed, found.volume(MONTH).late) == (6, 2)
    shown = tile("Finished in time", found)
    assert (shown.value, shown.words) == ("60 of 66", "91%. August: 3 of 4")


def test_good_or_better_counts_final_audits_only(figured):
    shown = tile("Good or better", counted())
    assert (shown.value, shown.words) == ("55%", "32 of 58; likely 42% to 67%. August: 1 of 2")
    assert counted().grades.of(MONTH) == [4, 28, 13, 11, 2]


@pytest.mark.req("S1-63")
def test_the_page_begins_with_a_sentence_and_what_it_rests_on(figured, cast, signed_in):
    text = signed_in(cast.director).get(HERE).text
    assert "60 of 66 audits were finished in time in September. 55% were good or better." in text
    assert "Two children’s cases remain inadequate." in text
    assert "58 of the 62 finished are final; 4 are provisional and not in the grades." in text
    assert "6: 2 done since, 4 open" in text
    assert "September: outstanding 4, good 28," in text


@pytest.mark.parametrize(("milliseconds", "in_time"), [(0, True), (900, True), (1000, False)])
def test_within_the_second_in_which_it_is_due_is_in_time(milliseconds, in_time, council):
    audit = council.audit()
    due = datetime(2026, 9, 30, 22, 59, 59, tzinfo=UTC)
    Audit.objects.filter(pk=audit.pk).update(due_at=due, first_shared_at=due + timedelta(milliseconds=milliseconds))
    assert counted().volume(MONTH).in_time == in_time


def test_an_audit_sent_back_by_quality_check_is_provisional_again(council):
    council.audit(grade=1, status="returned")
    council.audit(grade=1)
    assert counted().grades.final(MONTH) == 1
    assert counted().volume(MONTH).finished == 2


def test_a_case_stays_inadequate_until_a_later_audit_finds_it_better(council):
    first = council.audit(month=BEFORE, grade=4)
    council.audit(month=BEFORE, grade=4)
    assert len(counted(month=BEFORE).inadequate) == 2
    council.audit(grade=3, case=first.case_file)
    council.audit(grade=4)
    found = counted()
    assert (len(found.inadequate), found.inadequate_before) == (2, 2)
    assert tile("Inadequate now", found).words == "children’s cases. August: 2"
    council.audit(case=first.case_file, month=date(2026, 10, 1), shared=None)
    assert len(counted(month=date(2026, 10, 1)).inadequate) == 2


def test_the_familys_voice_is_counted_among_finished_audits(council):
    for heard in (1, 2, 0):
        audit = council.audit(grade=1)
        for _ in range(heard):
            council.hear(audit)
    council.hear(council.audit(shared=None))
    council.hear(council.audit(grade=1), removed_at=timezone.now())
    assert tile("Family’s voice heard", counted()).value == "2 of 4"


def part_b(council, audit, opened, returned=None, supervised=None):
    by = council.cast.team_manager
    recorded = {} if supervised is None else {
        "supervision_recorded_at": opened + timedelta(days=supervised), "supervision_recorded_by": by,
        "supervision_on": opened.date()}
    closed = {} if returned is None else {
        "status": "closed", "returned_at": opened + timedelta(days=returned), "returned_by": by}
    due = opened + timedelta(days=30)
    return PartB.objects.create(audit=audit, manager=by, opened_at=opened, supervision_due_at=due, **recorded, **closed)


@pytest.mark.req("S1-62")
def test_part_b_supervision_median_and_age(council):
    now = timezone.now()
    long_ago = now - timedelta(days=95)
    for returned in (10, 20, 40):
        part_b(council, council.audit(grade=1), long_ago, returned, supervised=returned - 1)
    for days in (95, 65, 5):
        part_b(council, council.audit(grade=1), now - timedelta(days=days))
    rows = {step: this for step, this, _ in dashboard.on_time(counted(), Plain())}
    assert rows["Supervision discussion in time"] == "2 of 5"
    assert rows["Team manager confirmed, median"] == "20 days"
    assert rows["Open more than 30, 60, 90 days"] == "2, 2, 1"


def test_actions_that_nobody_confirmed_are_reported(council):
    now = timezone.now()
    open_b = part_b(council, council.audit(grade=1), datetime(2026, 8, 1, tzinfo=UTC))
    for position, days in enumerate((-70, -3, 0, 5)):
        Action.objects.create(part_b=open_b, position=position, what="w", measure="m", change_for_child="c",
                              due_on=(now + timedelta(days=days)).date())
    Action.objects.create(part_b=open_b, position=9, what="w", measure="m", change_for_child="c", status="done",
                          due_on=date(2026, 8, 20), done_on=date(2026, 9, 5), evidence="e",
                          confirmed_at=datetime(2026, 9, 5, tzinfo=UTC), confirmed_by=council.cast.team_manager)
    shown = tile("Actions overdue", counted())
    assert shown.value == "2 of 4"
    assert shown.words.startswith("50%. 1 for over 60 days. End of August: 1 of 5")


def test_returned_audits_back_in_time(council):
    for late in (0, 0, 1, None):
        audit = council.audit(grade=1)
        due = datetime(2026, 9, 28, 22, 59, 59, tzinfo=UTC)
        Return.objects.create(audit=audit, reasons="r", returned_at=due - timedelta(days=3), due_at=due,
                              returned_by=council.cast.pq_officer,
                              resubmitted_at=None if late is None else due + timedelta(days=late))
    rows = {step: this for step, this, _ in dashboard.on_time(counted(), Plain())}
    assert rows["Sent back within 3 working days"] == "2 of 4"


def test_concerns_by_the_month_in_which_they_were_raised(council):
    audit = council.audit(grade=1)
    for day, minutes in ((3, 30), (9, 59), (12, 61)):
        at = datetime(2026, 9, day, tzinfo=UTC)
        Concern.objects.create(audit=audit, status="acknowledged", text="t", raised_at=at,
                               raised_by=council.cast.auditor, acknowledged_at=at + timedelta(minutes=minutes),
                               acknowledged_by=council.cast.team_manager)
    Concern.objects.create(audit=audit, text="t", raised_at=datetime(2026, 8, 31, 22, 59, tzinfo=UTC),
                           raised_by=council.cast.auditor)
    shown = tile("Immediate concerns", counted())
    assert (shown.value, shown.words) == ("3", "2 answered within the hour, 1 later. August: 1")


def test_the_heat_map_leaves_out_not_applicable_and_small_numbers(council):
    for number in range(12):
        audit = council.audit(grade=1)
        council.judge(audit, 1, "met" if number < 9 else "not_met")
        council.judge(audit, 2, "not_applicable" if number < 3 else "met")
        council.judge(audit, 3, "partially_met")
    council.judge(council.audit(shared=20), 1, "met")
    rows = dict(dashboard.heat_rows(counted().heat, Plain()))
    shown = {domain[0]: (cells[0].word, cells[0].small) for domain, cells in rows.items()}
    assert shown == {
        "1": ("Mostly met", "75%, 9 of 12"), "2": ("Too few", "9 of 9"), "3": ("Seldom met", "0%, 0 of 12")}


def test_whether_a_month_is_usual_is_said_from_ten_months_on(council):
    months = figures.window(MONTH, 10)
    for place, month in enumerate(months):
        council.many([0, 5 + place % 2, 0, 5, 0], month=month)
    found = counted()
    assert words.usual(MONTH, found.grades) == ", within the usual range"
    assert words.usual(MONTH, counted(month=months[8]).grades) == ""
    council.many([0, 60, 0, 0, 0])
    assert words.usual(MONTH, counted().grades) == ", above the usual range"


# Who reads what


READERS = {"pq_lead": 200, "pq_officer": 200, "director": 200, "assistant_director": 200, "strategic_lead": 200,
           "leader": 200, "head_of_service": 200, "board_viewer": 200, "auditor": 403, "worker": 403, "iro": 403,
           "team_manager": 403, "group_manager": 403, "administrator": 403}


@pytest.mark.parametrize(("who", "code"), READERS.items())
def test_reports_open_for_leaders_and_nobody_else(who, code, council, signed_in):
    council.audit(grade=1)
    client = signed_in(getattr(council.cast, who))
    places = ["", "figures.csv", "charts/grades.svg"]
    assert {client.get(HERE + place).status_code for place in places} == {code}
    index = client.get("/reports/")
    assert index.status_code == (302 if code == 200 else 403)
    if code == 403:
        assert "Reports are for senior leaders" in index.text


def test_a_head_of_service_reads_their_own_service_only(figured, cast, signed_in):
    figured.many([0, 3, 0, 0, 1], service=CARE)
    client = signed_in(cast.head_of_service)
    text = client.get(HERE).text
    assert "60 of 66 audits" in text and CARE not in text
    assert client.get(f"{HERE}?service={CARE}").status_code == 404
    assert client.get(f"{HERE}charts/grades.svg?service={CARE}").status_code == 404
    assert client.get(f"{HERE}figures.csv?service={CARE}").status_code == 404
    assert client.get(f"{HERE}?service={NEED}").status_code == 200
    assert "64 of 70 audits" in signed_in(cast.pq_lead).get(HERE).text


def test_a_role_given_for_a_service_counts_like_managing_it(figured, cast):
    figured.many([0, 3, 0, 0, 1], service=CARE)
    deputy = make_staff("Dora Deputy", cast.service)
    RoleGrant.objects.create(staff=deputy, role=Role.HEAD_OF_SERVICE, unit=cast.other_team.parent.parent,
                             starts_on=date(2026, 1, 1), granted_by=cast.pq_lead)
    assert counted(scope_of(deputy)).volume(MONTH).allocated == 4


def test_who_heads_no_service_reads_nothing(figured, cast):
    lost = make_staff("Lost Head", None, roles=(Role.HEAD_OF_SERVICE,))
    assert counted(scope_of(lost)).volume(MONTH).allocated == 0


def test_the_picker_shows_one_service(figured, cast, signed_in):
    figured.many([0, 3, 0, 0, 1], service=CARE)
    text = signed_in(cast.leader).get(f"{HERE}?service={CARE}").text
    assert "4 of 4 audits were finished in time in September. 3 of 4 were good or better." in text
    assert f"charts/grades.svg?service={CARE}" in text
    assert signed_in(cast.leader).get(f"{HERE}?service=Nowhere").status_code == 404


def test_a_no_notice_audit_is_not_counted_before_its_day(council):
    council.audit(grade=1, visible_from=timezone.now() + timedelta(days=2))
    council.audit(grade=1)
    assert counted(scope_of(council.cast.leader)).volume(MONTH).allocated == 1
    assert counted(scope_of(council.cast.pq_lead)).volume(MONTH).allocated == 2


@pytest.mark.parametrize(("who", "sees"), [("director", True), ("assistant_director", True), ("head_of_service", True),
                                           ("pq_lead", True), ("leader", False), ("strategic_lead", False)])
def test_an_inadequate_case_is_named_only_to_who_may_read_its_audit(who, sees, council, signed_in):
    audit = council.audit(grade=4)
    text = signed_in(getattr(council.cast, who)).get(HERE).text
    assert "Cases still inadequate (1)" in text
    assert (audit.number in text) is sees


def test_the_board_reads_suppressed_totals_and_no_case(figured, cast, signed_in):
    client = signed_in(cast.board_viewer)
    text = client.get(HERE).text
    assert "55% of" not in text and "55% were good or better" in text
    assert "Cases still inadequate" not in text and 'id="service"' not in text and "A-2026-09" not in text
    assert "A few children’s cases remain inadequate" in text
    assert "62" not in text.partition("<h1")[2].partition("portal-filter")[0]
    assert client.get(f"{HERE}?service={NEED}").status_code == 404
    file = client.get(f"{HERE}figures.csv").content.decode("utf-8-sig")
    row = next(row for row in csv.reader(io.StringIO(file))
               if row[:3] == ["Grades by month", "Inadequate", "September 2026"])
    assert row[3] == "c"
    assert dashboard.shown_counts(counted().grades, MONTH, Suppressed()) == ["c", "c", "13", "c", "c"]


def test_the_chart_of_the_board_holds_small_grades_back_together(figured):
    rows = dashboard.chart_rows(counted().grades, MONTH, Suppressed())
    september = {row["grade"]: row["n"] for row in rows if row["month"] == "Sep|"}
    assert september == {"Held back (small numbers)": 45, "Requires improvement with elements of good practice": 13}
    whole = dashboard.chart_rows(counted().grades, MONTH, Plain())
    assert [row["n"] for row in whole if row["month"] == "Sep|of 58"] == [2, 11, 13, 28, 4]
    assert whole[-1]["high"] == 1


def test_the_chart_is_asked_for_each_time_and_sent_when_it_changed(council, cast, signed_in):
    council.audit(grade=1)
    client = signed_in(cast.leader)
    answer = client.get(f"{HERE}charts/grades.svg")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/svg+xml", "private, no-cache")
    assert b"Good" in answer.content and b"of 1" in answer.content
    again = client.get(f"{HERE}charts/grades.svg", HTTP_IF_NONE_MATCH=answer["ETag"])
    assert (again.status_code, again["Cache-Control"]) == (304, "private, no-cache")
    council.audit(grade=2)
    assert client.get(f"{HERE}charts/grades.svg", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 200


def test_without_a_final_audit_there_is_no_chart(council, cast, signed_in):
    council.audit()
    client = signed_in(cast.leader)
    assert "No audit is final yet" in client.get(HERE).text
    assert client.get(f"{HERE}charts/grades.svg").status_code == 404


def test_the_index_leads_to_the_month_that_was_asked_for(council, cast, signed_in):
    client = signed_in(cast.leader)
    assert "No report yet" in client.get("/reports/").text
    council.audit(month=BEFORE)
    council.audit()
    assert client.get("/reports/").url == HERE
    assert client.get("/reports/?month=2026-08&service=").url == "/reports/2026-08/"
    asked = client.get("/reports/?month=2026-08&service=Children+in+Need")
    assert asked.url == "/reports/2026-08/?service=Children+in+Need"
    assert client.get("/reports/?month=nonsense").url == HERE
    assert client.get("/reports/2026-07/").status_code == 404


def test_the_file_has_every_part_and_no_formula(figured, cast, signed_in):
    figured.many([0, 1, 0, 0, 0], service="=1+1")
    answer = signed_in(cast.pq_lead).get(f"{HERE}figures.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row[0] for row in rows[1:]} == {"About", "At a glance", "Grades by month", "On time"}
    assert ["Grades by month", "Good", "September 2026", "29", "of 59"] in rows
    assert answer["Content-Disposition"] == 'attachment; filename="dashboard-2026-09.csv"'


def test_the_running_month_says_so_far(council):
    volume = figures.Volume(allocated=64, in_time=26)
    said = words.finished(MONTH, volume, Plain(), datetime(2026, 9, 18, tzinfo=UTC))
    assert said == "26 of 64 audits are finished so far; all are due on Wednesday 30 September."


@pytest.mark.parametrize("who", ["pq_lead", "director", "head_of_service", "board_viewer"])
def test_the_dashboard_asks_as_often_for_many_as_for_one(who, council, cast, signed_in, django_assert_max_num_queries):
    client = signed_in(getattr(cast, who))
    council.judge(council.audit(grade=4), 1, "met")
    with django_assert_max_num_queries(25) as few:
        client.get(HERE)
    for month in figures.window(MONTH, 4):
        for service in (NEED, CARE):
            for audit in council.many([1, 2, 1, 1, 1], month=month, service=service):
                council.judge(audit, 1, "met")
    with django_assert_max_num_queries(len(few)):
        client.get(HERE)


def test_other_services_have_their_column(council):
    elsewhere = make_unit("Youth", "service", council.cast.care)
    assert elsewhere.pk
    make_auditor("Anil Kapoor", elsewhere)
    for service in (NEED, CARE):
        council.judge(council.audit(grade=1, service=service), 1, "met")
    assert counted().heat.services == [NEED, CARE]
