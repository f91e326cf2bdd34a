"""At once or once a day: by group, by person; immediate concerns always at once."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from audit_portal.testing.factories import START, make_audit
from duties import registry
from duties.models import Notice, Preference
from duties.preferences import Asked, asked_of, choose, chosen_by, group_of, groups_for, how, how_each
from trail.models import Event

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROOT = Path(__file__).resolve().parents[2]
Group, How = Preference.Group, Preference.How
DAILY = dict.fromkeys([group.value for group in Group if group != Group.CHECKS], "daily")


def choose_daily(person, *groups):
    choose(staff=person, chosen=dict.fromkeys(groups, "daily"), by=person, at=START)


def test_who_never_chose_is_told_of_everything_at_once(cast):
    for kind in registry.kinds():
        assert how(cast.auditor, kind.name) == how(cast.auditor, kind.name, late=True) == How.AT_ONCE


def test_immediate_concerns_go_at_once_whatever_is_chosen(cast):
    choose(staff=cast.team_manager, chosen=DAILY, by=cast.team_manager, at=START)
    for word in ("concern.acknowledge", "concern.confirm", "concern:12:raised", "concern.of-a-kind-to-come"):
        assert how(cast.team_manager, word) == how(cast.team_manager, word, late=True) == How.AT_ONCE
    assert how(cast.team_manager, "audit.respond") == How.DAILY


GROUPS = {
    "audit.complete": Group.AUDITING,
    "audit.finalise": Group.AUDITING,
    "audit.amend": Group.AUDITING,
    "challenge.settle": Group.AUDITING,
    "audit:7:given:9:new": Group.AUDITING,
    "audit:7:no-reserve": Group.AUDITING,
    "audit.respond": Group.CASES,
    "audit:7:given:9": Group.CASES,
    "audit:7:allocated": Group.CASES,
    "audit:7:cancelled": Group.CASES,
    "participation:3:joined": Group.CASES,
    "challenge:4:settled": Group.CASES,
    "followup.action": Group.FOLLOW_UP,
    "followup.reaudit": Group.FOLLOW_UP,
    "breaks:2026-11:limit": Group.LISTS,
    "break:5:granted": Group.LISTS,
    "exemption:5:asked": Group.LISTS,
    "exemption.decide": Group.LISTS,
    "round.publish": Group.LISTS,
    "audit.reallocate": Group.LISTS,
    "auditor:5:accepted:2026-11-02T09:00:00+00:00": Group.LISTS,
    "audit.check": Group.CHECKS,
    "not-completed:5": Group.LATE,
    "not-completed-again:5": Group.LATE,
    "something:to come": None,
}


@pytest.mark.parametrize("word", GROUPS)
def test_a_kind_or_an_event_belongs_to_the_group_whose_words_fit_it_best(word):
    assert group_of(word) == GROUPS[word]
    assert group_of(word, late=True) == Group.LATE


def test_every_kind_of_duty_has_a_group_or_is_an_immediate_concern():
    without = {kind.name for kind in registry.kinds() if group_of(kind.name) is None}
    assert without == {"concern.acknowledge", "concern.confirm"}


def keys_in(path):
    """The event keys that a module gives to `notify`: f-strings, a number in place of what is put in."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "notify" and isinstance(
                call.args[0], ast.JoinedStr) and isinstance(call.args[0].values[0], ast.Constant):
            yield re.sub(r"\{[^}]*\}", "1", ast.unparse(call.args[0])[2:-1])


def test_every_event_that_people_are_told_of_has_a_group_or_is_an_immediate_concern():
    paths = [path for path in ROOT.glob("*/**/*.py") if not {"tests", ".venv"} & set(path.parts)]
    keys = {key for path in paths for key in keys_in(path)}
    assert len(keys) >= 10
    assert {key for key in keys if group_of(key) is None} == {"concern:1:raised"}


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


def test_a_notice_of_a_duty_is_late_once_its_due_time_is_over_but_not_that_it_is_theirs_now(cast, s1):
    make_audit(cast, s1)
    notice = Notice.objects.filter(recipient=cast.auditor, duty__kind="audit.complete").first()
    after = notice.duty.due_at + timedelta(hours=8)
    assert asked_of(notice, cast.auditor) == Asked(cast.auditor.pk, "audit.complete", False)
    notice.created_at = after
    assert asked_of(notice, cast.auditor).late is False
    notice.event_key = f"duty:{notice.duty.pk}:1:still owed"
    assert asked_of(notice, cast.pq_lead) == Asked(cast.pq_lead.pk, "audit.complete", True)
    event = Notice(event_key="break:5:granted", created_at=after)
    assert asked_of(event, cast.auditor) == Asked(cast.auditor.pk, "break:5:granted", False)


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
