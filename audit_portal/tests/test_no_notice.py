"""A case without notice: before its day its team finds it nowhere, P&Q and its auditor do; on the day it is there."""

import re
from datetime import date, time, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from allocations import workflow as rounds
from allocations.models import Round
from audit_portal.testing.factories import START, fill_in, make_auditor, make_case, publish_round, walk
from audit_portal.tests.access.table import TABLE
from audit_portal.tests.access.world import BACKEND, make_world
from audits import tasks, workflow
from audits.models import Audit
from calendars.rules import add_months_clamped, at_london, end_of_day
from casefiles.models import CaseFile
from duties.delivery import drain
from duties.models import Delivery, Duty, Notice
from people.models import Auditor
from people.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.req("S0-14")]
TEAM = ("worker", "team_manager", "group_manager", "head_of_service", "assistant_director", "iro")
KNOW = ("pq_lead", "pq_officer", "auditor")
CASE = "7777001"
SEEDS = (f"{0:032x}", f"{3:032x}")  # of two cases, 7772101 and 7772102, they draw different ones


@pytest.fixture
def now(monkeypatch):
    """A clock that stands still, so that two looks at the same page can be compared."""
    fixed = timezone.now()
    clock = {"now": fixed}
    monkeypatch.setattr(timezone, "now", lambda: clock["now"])
    return clock


def no_notice_round(cast, version, day, at):
    """A round without notice, drawn and published at a moment before its day."""
    round = rounds.plan_round(version=version, month=day.replace(day=1), by=cast.pq_lead, at=at, audit_day=day,
                              is_no_notice=True)
    for verb in (rounds.freeze_frame, rounds.draw_round, rounds.review, rounds.publish):
        verb(round=round, by=cast.pq_lead, at=at)
    return round


def only_case(cast, reference=CASE):
    return make_case(reference, cast.team, cast.worker, iro=cast.iro, category="protection")


@pytest.fixture
def secret(cast, s1):
    """One no-notice audit of November, published on the 2nd for the 12th."""
    only_case(cast)
    no_notice_round(cast, s1, date(2026, 11, 12), START)
    return Audit.objects.get()


DAY = at_london(date(2026, 11, 12), time())


def test_it_is_due_on_the_day_and_hidden_until_its_first_minute(secret, cast):
    assert (secret.due_at, secret.visible_from) == (end_of_day(date(2026, 11, 12)), DAY)
    for persona in TEAM:
        person = getattr(cast, persona)
        assert not Audit.objects.visible_to(person, DAY - timedelta(seconds=1)).exists(), persona
        assert Audit.objects.visible_to(person, DAY).exists(), persona


def test_the_auditor_is_told_at_publishing_and_the_team_once_on_the_day(secret, cast):
    before = DAY - timedelta(seconds=1)
    assert cast.auditor.notices.filter(duty__kind="audit.complete").exists()
    assert workflow.tell_on_the_day(before) == 0 and secret.told_at is None
    readers = (cast.worker, cast.team_manager, cast.iro)
    assert not Notice.objects.filter(recipient__in=readers).exists()
    for late in (0, 0, 1, 300):
        workflow.tell_on_the_day(DAY + timedelta(minutes=late))
    secret.refresh_from_db()
    assert secret.told_at == DAY
    for person in readers:
        notice = person.notices.get(channel="inbox")
        assert notice.title == f"A case of yours is being audited by {cast.auditor}"


def test_the_task_tells_when_it_was_late(secret, cast):
    Audit.objects.update(visible_from=timezone.now() - timedelta(days=1))
    assert tasks.tell_on_the_day() == 1 and tasks.tell_on_the_day() == 0


def test_whoever_takes_over_before_the_day_hears_on_it_and_whoever_went_does_not(secret, cast):
    file = secret.case_file
    file.worker = cast.other_worker
    file.save()
    workflow.follow([file.pk], cast.pq_lead, DAY - timedelta(days=2))
    assert not cast.other_worker.notices.exists()
    workflow.tell_on_the_day(DAY)
    assert cast.other_worker.notices.exists() and not cast.worker.notices.exists()


@pytest.mark.parametrize("verb", ["substitute", "cancel"])
def test_one_that_is_withdrawn_before_the_day_is_never_told_of(verb, secret, cast):
    if verb == "substitute":
        workflow.substitute(audit=secret, why="other", text="In court", by=cast.pq_lead, at=START)
    else:
        workflow.cancel(audit=secret, reason="Moved", by=cast.strategic_lead, at=START)
    assert workflow.tell_on_the_day(DAY) == 0
    assert not Notice.objects.filter(recipient__in=(cast.worker, cast.team_manager, cast.iro)).exists()
    assert not any(Audit.objects.visible_to(getattr(cast, persona), DAY).exists() for persona in TEAM)
    assert Audit.objects.visible_to(cast.pq_lead, DAY).exists()


def test_a_case_that_takes_the_place_of_another_is_hidden_until_the_day_too(secret, cast, s1):
    other = make_case("7777002", cast.team, cast.worker, iro=cast.iro, category="protection")
    round = rounds.plan_round(version=s1, month=date(2026, 12, 1), by=cast.pq_lead, at=START,
                              audit_day=date(2026, 12, 8), is_no_notice=True)
    make_case("7777003", cast.team, cast.worker, iro=cast.iro, category="protection")
    for verb in (rounds.freeze_frame, rounds.draw_round, rounds.review, rounds.publish):
        verb(round=round, by=cast.pq_lead, at=START)
    audit = Audit.objects.get(month=date(2026, 12, 1))
    new = workflow.substitute(audit=audit, why="other", text="In court", by=cast.pq_lead, at=START)
    assert {audit.case_file, new.case_file} >= {other} and new.visible_from == at_london(date(2026, 12, 8), time())
    assert new.told_at is None and not cast.worker.notices.exists()


def test_it_is_not_shared_before_the_day(secret, cast):
    fill_in(walk(secret, ["open"], cast), DAY)
    with pytest.raises(workflow.NotComplete, match="Thursday 12 November"):
        workflow.share(audit=secret, by=cast.auditor, at=DAY - timedelta(seconds=1))
    assert workflow.share(audit=secret, by=cast.auditor, at=DAY).status == "shared"


def test_a_list_that_goes_out_on_the_day_itself_tells_at_once(cast, s1):
    only_case(cast)
    at = DAY + timedelta(hours=8)
    no_notice_round(cast, s1, date(2026, 11, 12), at)
    assert Audit.objects.get().told_at == at and cast.worker.notices.exists()


def test_two_rounds_in_a_month_never_hold_the_same_case(cast, s1):
    make_auditor("Second Auditor", cast.other_team)
    for number in range(5):
        make_case(f"777100{number}", cast.team, cast.worker)
    publish_round(cast, s1)
    no_notice_round(cast, s1, date(2026, 11, 12), START)
    cases = list(Audit.objects.values_list("case_file", flat=True))
    assert len(cases) == len(set(cases)) == 4


def test_a_list_with_a_case_that_went_out_meanwhile_waits(cast, s1):
    only_case(cast)
    month, day = date(2026, 11, 1), date(2026, 11, 12)
    pair = [rounds.plan_round(version=s1, month=month, by=cast.pq_lead, at=START, **more)
            for more in ({}, {"audit_day": day, "is_no_notice": True})]
    for verb in (rounds.freeze_frame, rounds.draw_round, rounds.review):
        for round in pair:
            verb(round=round, by=cast.pq_lead, at=START)
    rounds.publish(round=pair[0], by=cast.pq_lead, at=START)
    with pytest.raises(Refused, match="went out on another list meanwhile"):
        rounds.publish(round=pair[1], by=cast.pq_lead, at=START)


@pytest.mark.req("S1-03")
def test_two_lists_side_by_side_never_give_an_eleventh_audit(cast, s1):
    january = at_london(date(2027, 1, 4), time(9))
    for month, at in (*((month, START) for month in range(4, 12)), (13, january)):
        make_case(f"77720{month:02}", cast.team, cast.worker)
        publish_round(cast, s1, add_months_clamped(date(2026, 1, 1), month - 1), at)
    for number in (1, 2):
        make_case(f"777210{number}", cast.team, cast.worker)
    month, day = date(2026, 12, 1), date(2026, 12, 8)
    pair = [rounds.plan_round(version=s1, month=month, by=cast.pq_lead, at=START, **more)
            for more in ({}, {"audit_day": day, "is_no_notice": True})]
    for round, seed in zip(pair, SEEDS, strict=True):
        rounds.freeze_frame(round=round, by=cast.pq_lead, at=START, seed=seed)
    for verb in (rounds.draw_round, rounds.review):
        for round in pair:
            verb(round=round, by=cast.pq_lead, at=START)
    rounds.publish(round=pair[0], by=cast.pq_lead, at=january)
    with pytest.raises(Refused, match="more than 10 audits this year"):
        rounds.publish(round=pair[1], by=cast.pq_lead, at=january)


# The marker: every address of the access table, by each of the team, before and on the day.

NEW_EACH_TIME = re.compile(r'(?:DTSTAMP|UID|LAST-MODIFIED):\S+|name="(?:csrfmiddlewaretoken|submission)" value="[^"]*"')


def addresses(world, number):
    """Each page of the table: with its own records, and with the no-notice audit in their place.

    Not the calendar: its secret address is the auditor's own, whoever opens it.
    """
    ids = world.ids()
    secret_ids = ids | {name: number for name in world.audits} | {"case": CASE}
    pages = {row.address.format(**{**ids, **given}) for row in TABLE if row.method == "GET"
             for given in (ids, secret_ids) if not row.name.startswith(("account_", "calendar:"))}
    pages |= {f"/cases/{reference}/" for reference in CaseFile.objects.values_list("reference", flat=True)}
    searches = {f"/search/?q={words}" for words in (number, number[-4:], CASE, "Grace")}
    exports = {f"/audits/?tab={tab}{more}" for tab in ("in-progress", "shared", "with-team-manager", "closed")
               for more in ("", "&export=csv", f"&month={number[2:9]}")}
    month = number[2:9]
    return sorted(pages | searches | exports | {
        f"/reports/?month={month}", f"/reports/{month}/", f"/reports/{month}/figures.csv", f"/cases/?q={CASE}",
        "/cases/?export=csv", f"/rounds/{month}-no-notice/progress/", f"/rounds/{month}-no-notice/list.csv",
        "/reports/not-completed/?export=csv", f"/audits/{number}/read/", f"/audits/{number}/timeline/",
        f"/follow-up/{number}/", f"/audits/{number}/substitute/", f"/audits/{number}/cancel/",
    })


def look(cast, personas, pages):
    """What each of them is shown at each address: status and text without what is new at each look."""
    found = {}
    for persona in personas:
        client = Client(raise_request_exception=False)
        client.force_login(getattr(cast, persona), backend=BACKEND)
        for page in pages:
            answer = client.get(page)
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
            found[persona, page] = answer.status_code, NEW_EACH_TIME.sub("", text.decode(errors="replace"))
    return found


def shows(found, number):
    """Where the number is shown; not where it was only typed into the search, and is said back."""
    return {key for key, (_, text) in found.items() if number in text and f"q={number}" not in key[1]}


def test_before_the_day_its_team_finds_nothing_of_it_anywhere(now):
    world = make_world()
    cast = world.cast
    only_case(cast)
    Auditor.objects.exclude(staff=cast.auditor).update(suspended_from=timezone.localdate())  # it is drawn for this one
    today = timezone.localdate()
    day = add_months_clamped(today.replace(day=1), 14) + timedelta(days=10)
    number = f"A-{day:%Y-%m}-0001"
    pages = addresses(world, number)
    before = look(cast, TEAM, pages)
    version = Round.objects.first().version
    no_notice_round(cast, version, day, timezone.now())
    audit = Audit.objects.get(number=number)
    after = look(cast, TEAM, pages)
    assert audit.case_file.team == cast.team
    assert {key: after[key] for key in after if after[key] != before[key]} == {}
    assert shows(after, number) == set()
    control = look(cast, KNOW, pages)
    for persona in KNOW:
        where = {page for who, page in shows(control, number) if who == persona}
        assert {f"/audits/{number}/", "/audits/?tab=in-progress"} <= where, persona
    drain(timezone.now())
    team = {getattr(cast, persona).email for persona in TEAM}
    letters = [(letter.to, letter.subject + letter.body) for letter in mail.outbox]
    letters += [([each.address], each.subject + each.body) for each in Delivery.objects.all()]
    assert not [to for to, text in letters if number in text and set(to) & team]
    assert any(number in text and cast.auditor.email in to for to, text in letters)
    on_the_day(now, cast, day, number, pages)


def on_the_day(now, cast, day, number, pages):
    """The same walk finds it."""
    now["now"] = at_london(day, time(0, 1))
    tasks.tell_on_the_day()
    drain(timezone.now())
    found = look(cast, TEAM, [page for page in pages if number in page or page in {"/inbox/", "/audits/", "/search/"}])
    for persona in TEAM:
        where = {page for who, page in shows(found, number) if who == persona}
        assert {f"/audits/{number}/", "/audits/"} <= where, persona
    told = {persona for persona in TEAM if (persona, "/inbox/") in shows(found, number)}
    assert told == {"worker", "team_manager", "iro"}
    assert Duty.objects.open().filter(audit_number=number, holder=cast.auditor).exists()
