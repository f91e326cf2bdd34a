"""The leaders' digest: made once for each month, when its time has come, with figures that hold no names."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit_portal.testing.factories import LONG_AGO, START, make_audit, make_audit_at, make_staff, walk
from audits import workflow as audits
from calendars.models import LocalClosure
from calendars.rules import NO_DAYS, end_of_day
from duties import delivery, tasks
from duties.digests import by_kind, by_service, figures_of, leaders, make_digest, make_if_due, month_due, title_of
from duties.models import Duty, LeadersDigest, Notice, RungFired
from duties.registry import label_of
from duties.tests.together import at_once
from duties.tick import tick
from followup import workflow as followup
from people.models import RoleGrant, Staff, Unit
from people.roles import Role
from trail.models import Event

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
TICK = datetime(2026, 12, 1, 8, tzinfo=UTC)  # the morning after the audits of November were due
HALF_PAST = datetime(2027, 1, 4, 8, 30, tzinfo=UTC)  # 1 January is a holiday, then comes the week-end
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LEADING = {"Diana Prior", "Simon Hartley", "Stella Lead", "Leo Leader"}


@pytest.fixture
def late(cast, s1):
    """An audit of November that nobody does; its rungs of December have gone off."""
    audit = make_audit(cast, s1)
    tick(TICK)
    return audit


def run_until(now):
    """What the portal does when it works all the time: it ticks each morning."""
    day = TICK
    while day <= now:
        tick(day)
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "month"),
    [
        (datetime(2026, 12, 1, 8, 29, 59, tzinfo=UTC), date(2026, 10, 1)),
        (datetime(2026, 12, 1, 8, 30, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2027, 1, 1, 9, 0, tzinfo=UTC), date(2026, 11, 1)),  # a bank holiday
        (datetime(2027, 1, 4, 8, 29, tzinfo=UTC), date(2026, 11, 1)),
        (HALF_PAST, date(2026, 12, 1)),
        (datetime(2026, 6, 1, 7, 29, tzinfo=UTC), date(2026, 4, 1)),  # summer time: 8:29am in London
        (datetime(2026, 6, 1, 7, 30, tzinfo=UTC), date(2026, 5, 1)),
        (datetime(2026, 5, 31, 23, 30, tzinfo=UTC), date(2026, 4, 1)),  # already June in London
    ],
)
def test_its_time_is_half_past_eight_in_london_on_the_first_working_day_after_the_month(now, month):
    assert month_due(now, NO_DAYS) == month


def test_a_closure_day_of_the_council_puts_it_off(late):
    LocalClosure.objects.create(day=date(2027, 1, 4), name="Storm", counts_as_holiday=True)
    run_until(HALF_PAST)
    assert make_if_due(HALF_PAST).month == NOVEMBER
    assert make_if_due(HALF_PAST + timedelta(days=1)).month == DECEMBER


@pytest.mark.req("S1-63")
def test_audits_not_completed_are_counted_for_senior_leaders_in_the_month_in_which_they_became_late(late):
    run_until(HALF_PAST)
    digest = make_if_due(HALF_PAST)
    opened = Duty.objects.get(kind="audit.complete").opened_at
    line = next(line for line in by_kind(digest) if line.name == label_of("audit.complete"))
    assert (digest.month, line.late, line.still_open) == (DECEMBER, 1, 1)
    assert line.longest == (HALF_PAST - opened).days == 62


@pytest.mark.req("S1-62")
def test_an_audit_without_the_managers_confirmation_for_long_is_counted_for_senior_leaders(cast, s1):
    audit = make_audit_at("with_team_manager", cast, s1)
    for action in audit.part_b.actions.all():
        followup.confirm_action(action=action, done_on=date(2026, 11, 12), evidence="Plan", by=cast.team_manager,
                                at=START + timedelta(days=10))
    due = Duty.objects.open().get(kind="followup.confirm").due_at
    tick(due + timedelta(days=10))
    assert not RungFired.objects.filter(duty__kind="followup.confirm", tells_leaders=True).exists()
    run_until(HALF_PAST)
    lines = {line.name: line for line in by_kind(make_if_due(HALF_PAST))}
    assert lines[label_of("followup.confirm")].still_open == 1


@pytest.mark.req("S1-63")
def test_each_leader_is_told_once_by_notice_and_by_email(late, cast, mailoutbox):
    Notice.objects.filter(channel="email").update(state="cancelled")
    run_until(HALF_PAST)
    make_if_due(HALF_PAST)
    told = Notice.objects.filter(event="digest.made", channel="inbox")
    assert set(told.values_list("recipient__name", flat=True)) == LEADING and told.count() == len(LEADING)
    assert set(told.values_list("title", "url")) == {
        ("December 2026: 1 thing was late, 1 still open", "/outstanding/digests/2026-12/")
    }
    Notice.objects.filter(channel="email").exclude(event="digest.made").update(state="cancelled")
    delivery.drain(HALF_PAST)
    assert {mail.to[0] for mail in mailoutbox} == {person.email for person in leaders(HALF_PAST.date())}
    assert "It names nobody." in mailoutbox[0].body
    assert Event.objects.filter(verb="digest.made").count() == 1


@pytest.mark.req("S1-63")
def test_beats_before_the_time_make_nothing_and_later_ones_nothing_more(late):
    run_until(HALF_PAST)
    LeadersDigest.objects.create(month=NOVEMBER, made_at=TICK, figures={})
    assert make_if_due(HALF_PAST - timedelta(minutes=1)) is None
    assert make_if_due(HALF_PAST).month == DECEMBER
    assert [make_if_due(HALF_PAST + timedelta(minutes=minute)) for minute in (0, 1, 60, 60 * 24)] == [None] * 4
    assert Notice.objects.filter(event="digest.made", channel="inbox").count() == len(LEADING)


@pytest.mark.django_db(transaction=True)
def test_three_beats_at_the_same_moment_make_it_once(late):
    run_until(HALF_PAST)
    made = at_once(3, lambda: make_if_due(HALF_PAST))
    assert len([digest for digest in made if digest]) == LeadersDigest.objects.count() == 1
    assert Notice.objects.filter(event="digest.made", channel="inbox").count() == len(LEADING)


@pytest.mark.req("S1-62", "S1-63")
def test_where_the_portal_was_down_on_the_day_it_is_made_when_it_is_back_once(late):
    """Down from the middle of December until 11 January: what came meanwhile counts for its own month."""
    run_until(datetime(2026, 12, 2, 8, tzinfo=UTC))
    back = datetime(2027, 1, 11, 14, 12, tzinfo=UTC)
    assert make_if_due(back) is None, "the tick has not caught up yet, so the month cannot be counted"
    tick(back)
    digest = make_if_due(back + timedelta(minutes=1))
    assert digest.month == DECEMBER and title_of(digest) == "December 2026: 1 thing was late, 1 still open"
    assert make_if_due(back + timedelta(minutes=2)) is None
    assert Notice.objects.filter(event="digest.made", channel="inbox").count() == len(LEADING)


def test_a_rung_that_was_fired_late_counts_in_the_month_in_which_it_came(cast, s1):
    make_audit(cast, s1)
    tick(datetime(2027, 1, 3, 12, tzinfo=UTC))
    fired = RungFired.objects.filter(tells_leaders=True)
    assert {row.fired_at.month for row in fired} == {1}
    came = {TICK + timedelta(days=days) for days in (0, 6, 13)}
    again = {TICK + timedelta(days=days) for days in (20, 29)}  # five working days each, with Christmas between
    assert {row.came_at for row in fired} == came | again


def test_after_months_of_silence_only_the_newest_is_made(late):
    back = datetime(2027, 4, 20, 9, tzinfo=UTC)
    tick(back)
    assert make_if_due(back).month == date(2027, 3, 1)
    assert make_if_due(back) is None


def test_a_new_portal_makes_none_of_the_time_before_it(cast, s1):
    assert make_if_due(TICK + timedelta(hours=1)) is None
    make_audit(cast, s1, at=TICK)
    assert make_if_due(TICK + timedelta(hours=1)) is None


def test_what_was_done_meanwhile_is_late_and_no_longer_open(late, cast):
    run_until(datetime(2026, 12, 9, 8, tzinfo=UTC))
    audit = walk(late, ["open", "write"], cast)
    audits.share(audit=audit, by=cast.auditor, at=datetime(2026, 12, 9, 12, tzinfo=UTC))
    run_until(HALF_PAST)
    digest = make_if_due(HALF_PAST)
    line = next(line for line in by_kind(digest) if line.name == label_of("audit.complete"))
    assert (line.late, line.still_open, line.longest) == (1, 0, 37)


def test_what_was_reminded_of_but_never_late_for_leaders_is_not_counted(cast, s1):
    make_audit(cast, s1)
    tick(end_of_day(date(2026, 11, 30)))
    digest = make_digest(month=NOVEMBER, at=TICK)
    assert by_kind(digest) == by_service(digest) == []
    assert title_of(digest) == "November 2026: nothing was late"
    assert digest.figures["open"] == 3 and digest.figures["overdue"] == 2


def test_by_service_it_is_the_service_of_the_case(late, cast):
    digest = make_digest(month=DECEMBER, at=HALF_PAST)
    assert [(line.name, line.late) for line in by_service(digest)] == [("Children in Need", 1)]


def test_what_concerns_no_unit_counts_to_its_holders_service(late, cast):
    Duty.objects.filter(kind="audit.complete").update(unit=None)
    assert [line.name for line in by_service(make_digest(month=DECEMBER, at=HALF_PAST))] == ["Fostering"]
    Duty.objects.filter(kind="audit.complete").update(holder=cast.administrator)
    LeadersDigest.objects.all().delete()
    assert [line.name for line in by_service(make_digest(month=DECEMBER, at=HALF_PAST))] == ["No service"]


def test_who_leads_is_a_role_or_a_directorate_on_the_day(cast):
    assert {person.name for person in leaders(TICK.date())} == LEADING
    RoleGrant.objects.filter(staff=cast.leader).update(ends_on=date(2026, 11, 30))
    make_staff("Ivo Interim", cast.care, roles=(Role.ASSISTANT_DIRECTOR,))
    Unit.objects.filter(pk=cast.care.pk).update(manager=None)
    Staff.objects.filter(pk=cast.director.pk).update(is_active=False, left_on=date(2026, 11, 30))
    assert {person.name for person in leaders(TICK.date())} == {"Stella Lead", "Ivo Interim"}
    assert leaders(LONG_AGO - timedelta(days=9)) == [cast.strategic_lead]


def test_the_number_of_queries_is_the_same_for_one_and_for_twenty(late, cast, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert figures_of(DECEMBER, HALF_PAST)["kinds"][0]["late"] == 1
    more_late(20)
    with django_assert_num_queries(3):
        assert figures_of(DECEMBER, HALF_PAST)["kinds"][0]["late"] == 21


def more_late(count):
    """The same again, about records that need not exist."""
    like = Duty.objects.get(kind="audit.complete")
    for number in range(1, count + 1):
        like.pk, like.subject_id = None, 900_000 + number
        like.save(force_insert=True)
        RungFired.objects.create(duty=like, revision=1, rung="late", fired_at=TICK, came_at=TICK, tells_leaders=True)


def test_the_task_makes_what_is_due_now_and_only_once(cast, s1):
    now = timezone.now()
    long_ago = now - timedelta(days=70)
    make_audit(cast, s1, at=long_ago, month=long_ago.date().replace(day=1))
    tick(now)
    assert [tasks.make_digest(), tasks.make_digest()] == [True, False]
    assert LeadersDigest.objects.get().month < now.date().replace(day=1)


def test_an_operators_tick_makes_it_too(late):
    run_until(HALF_PAST)
    for words in ("Digest of 2026-12 made.", ""):
        said = StringIO()
        call_command("tick", now=HALF_PAST.isoformat(), stdout=said)
        assert said.getvalue().splitlines()[:-1] == [words][: bool(words)]


def test_a_month_is_kept_by_its_first_day(db):
    with pytest.raises(IntegrityError):
        LeadersDigest.objects.create(month=date(2026, 11, 2), made_at=TICK, figures={})


@pytest.fixture
def as_leader(client, cast, late):
    """Opens a page as a senior leader, when two months were made."""
    make_digest(month=NOVEMBER, at=TICK + timedelta(hours=1))
    make_digest(month=DECEMBER, at=HALF_PAST)
    client.force_login(cast.leader, backend=BACKEND)
    return lambda address: client.get(f"/outstanding/digests/{address}")


def test_the_page_says_it_in_a_sentence_and_two_tables_without_names_or_numbers(as_leader, late, cast):
    page = as_leader("2026-12/").content.decode()
    assert "1 thing was so late that senior leaders are told. 1 of it was still open when this was counted." in page
    assert "Counted on Monday 4 January 2027." in page
    assert "Complete an audit" in page and "Children in Need" in page and "1 of 1" in page
    main = page[page.index("<main"):page.index("</main")]
    assert late.number not in main
    assert not [person.name for person in cast.everyone().values() if person.name in main]
    assert "Nothing was so late" in as_leader("2026-11/").content.decode()


def test_the_list_is_newest_first_filtered_sorted_and_taken_along(as_leader):
    LeadersDigest.objects.create(month=date(2025, 5, 1), made_at=TICK,
                                 figures={"kinds": [], "services": [], "open": 3, "overdue": 1})

    def months(query=""):
        return [f"{row.month:%Y-%m}" for row in as_leader(query).context["page"]]

    assert months() == ["2026-12", "2026-11", "2025-05"]
    assert months("?sort=month") == ["2025-05", "2026-11", "2026-12"]
    assert months("?year=2025") == ["2025-05"]
    said = as_leader("?year=2026&export=csv").content.decode("utf-8-sig").splitlines()
    assert said[:2] == ["Month,Late,Still open,All open,Overdue,Counted on", "2026-12,1,1,3,3,2027-01-04"]
    assert len(said) == 3


def test_a_month_is_taken_along_as_a_file(as_leader, cast):
    answer = as_leader("2026-12/?export=csv")
    assert answer["Content-Disposition"] == 'attachment; filename="digest-2026-12.csv"'
    assert answer.content.decode("utf-8-sig").splitlines()[1:] == [
        "kind,Complete an audit,1,1,62", "service,Children in Need,1,1,62"
    ]
    assert Event.objects.filter(verb="digests.exported", actor_id=cast.leader.pk).exists()


def test_the_list_pages_and_asks_as_often_for_one_as_for_twenty(as_leader):
    LeadersDigest.objects.filter(month=NOVEMBER).delete()
    with CaptureQueriesContext(connection) as one:
        as_leader("")
    LeadersDigest.objects.bulk_create(
        LeadersDigest(month=date(2020 + n // 12, n % 12 + 1, 1), made_at=TICK,
                      figures={"kinds": [], "services": [], "open": 0, "overdue": 0}) for n in range(20))
    with CaptureQueriesContext(connection) as twenty:
        assert as_leader("").context["page"].paginator.num_pages == 2
    assert len(one) == len(twenty)


@pytest.mark.parametrize(
    ("persona", "seen"),
    [("leader", 1), ("director", 1), ("assistant_director", 1), ("strategic_lead", 1), ("pq_officer", 1),
     ("head_of_service", 0), ("team_manager", 0), ("auditor", 0), ("board_viewer", 0), ("administrator", 0)],
)
def test_who_sees_digests(persona, seen, cast):
    LeadersDigest.objects.create(month=NOVEMBER, made_at=TICK, figures={})
    assert LeadersDigest.objects.visible_to(getattr(cast, persona)).count() == seen


@pytest.mark.parametrize(("persona", "links"), [("leader", True), ("pq_lead", True), ("head_of_service", False)])
def test_it_is_reached_from_the_months_figures_by_those_who_may_read_it(persona, links, late, cast, client):
    client.force_login(getattr(cast, persona), backend=BACKEND)
    page = client.get("/reports/2026-11/").content.decode()
    assert ("/outstanding/digests/" in page) is links
