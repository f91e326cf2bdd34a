"""At once or once a day: by group, by person; immediate concerns always at once."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from audit_portal.testing.factories import START, make_audit
from calendars.rules import at_london, end_of_day
from duties import registry
from duties.models import Duty, Notice, Preference
from duties.notices import EVENTS
from duties.preferences import (
    Asked,
    asked_of,
    choose,
    chosen_by,
    group_of,
    groups_for,
    how,
    how_each,
    next_digest,
    set_send_after,
)
from trail.models import Event

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Group, How = Preference.Group, Preference.How
DAILY = dict.fromkeys([group.value for group in Group if group != Group.CHECKS], "daily")


def choose_daily(person, *groups):
    choose(staff=person, chosen=dict.fromkeys(groups, "daily"), by=person, at=START)


def test_who_never_chose_is_told_of_everything_at_once(cast):
    for kind in registry.kinds():
        assert how(cast.auditor, kind.name) == how(cast.auditor, kind.name, late=True) == How.AT_ONCE


def test_immediate_concerns_go_at_once_whatever_is_chosen(cast):
    choose(staff=cast.team_manager, chosen=DAILY, by=cast.team_manager, at=START)
    for word in ("concern.acknowledge", "concern.confirm", "concern.raised", "concern.to_come"):
        assert how(cast.team_manager, word) == how(cast.team_manager, word, late=True) == How.AT_ONCE
    assert how(cast.team_manager, "audit.respond") == How.DAILY


GROUPS = {
    "audit.complete": Group.AUDITING,
    "audit.finalise": Group.AUDITING,
    "audit.amend": Group.AUDITING,
    "audit.taken_over": Group.AUDITING,
    "audit.no_reserve": Group.AUDITING,
    "challenge.settle": Group.AUDITING,
    "audit.respond": Group.CASES,
    "audit.allocated": Group.CASES,
    "audit.other_auditor": Group.CASES,
    "audit.joined": Group.CASES,
    "audit.substituted": Group.CASES,
    "challenge.settled": Group.CASES,
    "followup.action": Group.FOLLOW_UP,
    "followup.reaudit": Group.FOLLOW_UP,
    "break.limit": Group.LISTS,
    "exemption.asked": Group.LISTS,
    "exemption.decide": Group.LISTS,
    "round.publish": Group.LISTS,
    "audit.reallocate": Group.LISTS,
    "auditor.accepted": Group.LISTS,
    "audit.check": Group.CHECKS,
    "audit.dispute": Group.CHECKS,
    "audit.not_completed": Group.LATE,
    "audit.not_completed_again": Group.LATE,
    "digest.made": Group.LATE,
    "something.to_come": None,
}


@pytest.mark.parametrize("word", GROUPS)
def test_a_kind_or_an_event_belongs_to_the_group_whose_words_fit_it_best(word):
    assert group_of(word) == GROUPS[word]
    assert group_of(word, late=True) == Group.LATE


def test_every_kind_of_duty_has_a_group_or_is_an_immediate_concern():
    without = {kind.name for kind in registry.kinds() if group_of(kind.name) is None}
    assert without == {"concern.acknowledge", "concern.confirm", "inadequate.notify", "inadequate.acknowledge"}


def test_every_event_has_a_group_or_is_an_immediate_concern_or_told_under_the_kind_of_its_duty():
    without = {event for event in registry.events() if group_of(event) is None}
    assert without == {"concern.raised", "inadequate.told", "inadequate.withdrawn", *EVENTS}


def test_a_choice_holds_for_its_group_and_its_person_only(cast):
    choose_daily(cast.auditor, Group.AUDITING)
    assert how(cast.auditor, "audit.complete") == How.DAILY
    assert how(cast.auditor, "audit.complete", late=True) == How.AT_ONCE
    assert how(cast.auditor, "audit.respond") == How.AT_ONCE
    assert how(cast.worker, "audit.complete") == How.AT_ONCE


def test_many_are_asked_for_in_one_query(cast, django_assert_num_queries):
    choose_daily(cast.auditor, Group.AUDITING, Group.LATE)
    people = [person.pk for person in cast.everyone().values()]
    asked = [Asked(person, kind.name, late) for person in people for kind in registry.kinds() for late in (True, False)]
    with django_assert_num_queries(1):
        found = how_each(asked)
    daily = {one for one, answer in found.items() if answer == How.DAILY}
    assert {one.staff_id for one in daily} == {cast.auditor.pk}
    assert Asked(cast.auditor.pk, "audit.complete") in daily
    assert not {one for one in daily if one.word.startswith("concern")}
    assert len(found) == len(asked)


def test_what_is_told_of_a_duty_belongs_to_its_kind_and_what_is_overdue_to_its_own_group(cast, s1):
    make_audit(cast, s1)
    notice = Notice.objects.filter(recipient=cast.auditor, duty__kind="audit.complete").first()
    assert asked_of(notice, cast.auditor) == Asked(cast.auditor.pk, "audit.complete", False)
    notice.event = "duty.overdue"
    assert asked_of(notice, cast.pq_lead) == Asked(cast.pq_lead.pk, "audit.complete", True)
    assert asked_of(Notice(event="break.granted"), cast.auditor) == Asked(cast.auditor.pk, "break.granted", False)


def told(person, event, at, **duty):
    """An unsaved notice, of a duty where there is one."""
    return Notice(recipient=person, event=event, created_at=at, duty=Duty(**duty) if duty else None)


def test_who_wants_one_a_day_waits_for_the_morning_and_everybody_else_does_not(cast, django_assert_num_queries):
    choose_daily(cast.auditor, Group.LISTS, Group.AUDITING, Group.LATE)
    next_week, yesterday = START + timedelta(days=7), START - timedelta(days=1)
    waits = [
        told(cast.auditor, "break.granted", START),
        told(cast.auditor, "duty.opened", START, kind="audit.complete", due_at=next_week),
        told(cast.auditor, "duty.overdue", START, kind="audit.respond", due_at=yesterday),
    ]
    goes = [
        told(cast.worker, "break.granted", START),
        told(cast.auditor, "duty.opened", START, kind="audit.respond", due_at=next_week),
        told(cast.auditor, "duty.opened", START, kind="concern.acknowledge", due_at=next_week),
        told(cast.auditor, "duty.overdue", START, kind="concern.acknowledge", due_at=yesterday),
        told(cast.auditor, "concern.raised", START),
        told(cast.auditor, "duty.opened", START, kind="audit.complete", due_at=START + timedelta(hours=8)),
    ]
    with django_assert_num_queries(1):
        set_send_after([*waits, *goes])
    assert {notice.send_after for notice in waits} == {datetime(2026, 11, 3, 8, 5, tzinfo=UTC)}
    assert {notice.send_after for notice in goes} == {START}


def test_the_reminders_of_a_morning_go_that_morning(cast):
    choose_daily(cast.auditor, Group.AUDITING)
    written = at_london(date(2026, 11, 30), time(8)) + timedelta(seconds=59)
    due_today = told(cast.auditor, "duty.due", written, kind="audit.complete", due_at=end_of_day(date(2026, 11, 30)))
    set_send_after([due_today])
    assert due_today.send_after == datetime(2026, 11, 30, 8, 5, tzinfo=UTC)


MORNINGS = [
    (datetime(2026, 7, 14, 7, 4, 59, tzinfo=UTC), datetime(2026, 7, 14, 7, 5, tzinfo=UTC)),
    (datetime(2026, 7, 14, 7, 5, tzinfo=UTC), datetime(2026, 7, 15, 7, 5, tzinfo=UTC)),
    (datetime(2026, 7, 14, 23, 30, tzinfo=UTC), datetime(2026, 7, 15, 7, 5, tzinfo=UTC)),  # past midnight in London
    (datetime(2026, 10, 24, 12, 0, tzinfo=UTC), datetime(2026, 10, 25, 8, 5, tzinfo=UTC)),  # the clocks go back
    (datetime(2027, 3, 27, 12, 0, tzinfo=UTC), datetime(2027, 3, 28, 7, 5, tzinfo=UTC)),  # and forward
    (datetime(2028, 2, 29, 12, 0, tzinfo=UTC), datetime(2028, 3, 1, 8, 5, tzinfo=UTC)),
]


@pytest.mark.req("T-R7")
@pytest.mark.parametrize(("after", "morning"), MORNINGS)
def test_the_next_morning_s_email_keeps_to_london_time(after, morning):
    assert next_digest(after) == morning


def test_the_trail_says_what_changed_and_saving_the_same_again_says_nothing(cast):
    choose_daily(cast.auditor, Group.AUDITING)
    assert choose(staff=cast.auditor, chosen={"auditing": "daily"}, by=cast.auditor, at=START) is False
    event = Event.objects.get(verb="preferences.changed")
    assert (event.actor_id, event.target_id) == (cast.auditor.pk, str(cast.auditor.pk))
    assert event.detail.content["changes"] == {"auditing": ["at_once", "daily"]}
    choose(staff=cast.auditor, chosen={"auditing": "at_once"}, by=cast.auditor, at=START)
    assert how(cast.auditor, "audit.complete") == How.AT_ONCE
    assert Preference.objects.count() == 1


def test_nobody_chooses_for_somebody_else(cast):
    with pytest.raises(PermissionDenied, match="their own e-mail"):
        choose(staff=cast.worker, chosen={"auditing": "daily"}, by=cast.pq_lead, at=START)
    assert list(Preference.objects.visible_to(cast.worker)) == []


def test_checking_is_offered_to_performance_and_quality(cast):
    assert Group.CHECKS in groups_for(cast.pq_officer)
    assert Group.CHECKS not in groups_for(cast.worker)
    assert set(chosen_by(cast.worker)) == set(DAILY)


def test_a_group_has_one_row_for_each_person(cast):
    choose_daily(cast.worker, Group.CASES)
    with pytest.raises(IntegrityError, match="preference_once"), transaction.atomic():
        Preference.objects.create(staff=cast.worker, group=Group.CASES, how=How.AT_ONCE)


@pytest.fixture
def worker(client, cast):
    """The test client, signed in as the worker."""
    client.force_login(cast.worker, backend=BACKEND)
    return client


def ticked(page):
    """The radios of a page that are chosen."""
    radios = re.findall(r'<input[^>]*type="radio"[^>]*>', page)
    return [re.search(r'value="(\w+)"', radio)[1] for radio in radios if " checked" in radio]


def test_the_page_shows_what_is_chosen_and_saves_it(worker, cast):
    page = worker.get("/preferences/").content.decode()
    assert ticked(page) == ["at_once"] * len(DAILY)
    assert "Always at once. This cannot be changed." in page
    answer = worker.post("/preferences/", DAILY, follow=True).content.decode()
    assert "Your preferences are saved." in answer
    assert ticked(answer) == ["daily"] * len(DAILY)
    assert chosen_by(cast.worker) == DAILY


def test_a_form_with_something_missing_or_wrong_saves_nothing(worker):
    for wrong in ({}, DAILY | {"late": "never"}):
        answer = worker.post("/preferences/", wrong)
        assert answer.status_code == 422
        assert "Choose when you are e-mailed: Escalations and what is overdue" in answer.content.decode()
    assert Preference.objects.count() == 0


def test_what_is_not_offered_is_not_saved(worker, cast):
    worker.post("/preferences/", DAILY | {"checks": "daily", "concern": "daily"})
    assert set(Preference.objects.values_list("group", flat=True)) == set(DAILY)
