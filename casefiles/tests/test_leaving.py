"""A leaver hands everything on: chosen people first, then by rule; history ends and stays; nothing is done twice."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit_portal.testing.factories import START, make_audit, make_audit_at, make_case, make_staff, make_unit
from audit_portal.testing.liveness import missing_duties
from calendars.rules import today_in_london
from casefiles import leaving, tasks
from casefiles.involvements import keep_history
from casefiles.leaving import Choices
from casefiles.models import CaseFile, Correction, Involvement
from casefiles.registry import _followers
from duties.models import Duty
from duties.tests.together import at_once
from people import workflow as people
from people.lines import system_actor
from people.models import Staff, Unit
from people.refusals import Refused
from people.tests.conftest import boxes
from trail.models import Event

pytestmark = pytest.mark.django_db
TODAY = START.date()
DAY = timedelta(days=1)


def leave(cast, staff=None, on=TODAY, by=None, at=START, **choices):
    return leaving.hand_over(staff=staff or cast.worker, on=on, by=by or cast.pq_lead, at=at,
                             choices=Choices(**choices))


@pytest.fixture
def told(monkeypatch):
    """Case files of which followers were told, with whether the leaver's account still lived."""
    seen = []
    monkeypatch.setattr("casefiles.registry._followers", [*_followers, lambda files, by, at: seen.append(list(files))])
    return seen


@pytest.fixture
def files(cast):
    """Two case files of the worker, one of which the worker also advises."""
    made = [make_case("11", cast.team, cast.worker, iro=cast.iro), make_case("12", cast.team, cast.worker,
                                                                             personal_adviser=cast.worker)]
    keep_history(TODAY - DAY)
    return made


def test_case_files_go_to_whom_was_chosen_and_history_ends_and_stays(files, cast, told):
    leave(cast, cases={(files[0].pk, "worker"): cast.other_worker})
    first, second = CaseFile.objects.order_by("reference")
    assert (first.worker, second.worker, second.personal_adviser) == (cast.other_worker, None, None)
    lines = Involvement.objects.filter(staff=cast.worker)
    assert {(line.from_on, line.until_on) for line in lines} == {(TODAY - DAY, TODAY)} and lines.count() == 3
    assert first.involvements.get(staff=cast.other_worker).until_on is None
    assert [files[0].pk, files[1].pk] in told
    assert Event.objects.get(verb="people.handed_over").fields == ["case_files"]


def test_who_was_chosen_stands_until_the_list_says_the_same(files, cast):
    stale = {"case_file": files[1], "fact": "worker", "made_at": START, "made_by": cast.pq_lead}
    Correction.objects.create(staff=cast.worker, instead_of_staff=cast.other_worker, **stale)
    leave(cast, cases={(files[0].pk, "worker"): cast.other_worker})
    chosen = Correction.objects.open().get()
    assert (chosen.case_file, chosen.staff, chosen.instead_of_staff) == (files[0], cast.other_worker, cast.worker)
    assert Correction.objects.get(case_file=files[1]).outcome == Correction.Outcome.WITHDRAWN


def test_a_line_of_the_history_written_by_hand_ends_too(files, cast):
    row = Involvement.objects.create(case_file=files[0], staff=cast.worker, capacity="cp_adviser", from_on=TODAY - DAY,
                                     is_by_hand=True)
    leave(cast)
    row.refresh_from_db()
    assert row.until_on == TODAY


def test_with_nobody_chosen_nobody_owes_the_workers_answer_and_the_team_manager_answers_for_the_case(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    leave(cast, at=START + 3 * DAY, on=TODAY + 3 * DAY)
    assert not Duty.objects.open().of(audit, "audit.respond").filter(slot=str(cast.worker.pk)).exists()
    assert Duty.objects.open().of(audit, "audit.respond").filter(holder=cast.team_manager).exists()
    assert missing_duties() == []
    assert CaseFile.objects.get(pk=audit.case_file_id).team_manager == cast.team_manager


@pytest.mark.req("S1-01")
def test_an_auditors_audit_goes_to_quality_and_never_to_a_manager(cast, s1):
    audit = make_audit(cast, s1)
    leave(cast, cast.auditor)
    assert Duty.objects.open().of(audit, "audit.complete").get().holder == cast.pq_lead
    assert missing_duties() == []


def test_a_managers_unit_goes_to_the_new_manager_with_duties_and_history(cast, s1):
    audit = make_audit_at("with_team_manager", cast, s1)
    at = START + 8 * DAY
    leave(cast, cast.team_manager, at=at, on=at.date(), units={cast.team.pk: cast.other_manager})
    assert Unit.objects.get(pk=cast.team.pk).manager == cast.other_manager
    held = Duty.objects.open().filter(kind__startswith="followup.").values_list("holder", flat=True)
    assert set(held) == {cast.other_manager.pk}
    assert audit.case_file.involvements.get(capacity="team_manager", until_on=None).staff == cast.other_manager


def test_a_managers_unit_without_a_new_one_turns_to_the_manager_above(cast, s1):
    make_audit_at("with_team_manager", cast, s1)
    at = START + 8 * DAY
    leave(cast, cast.team_manager, at=at, on=at.date())
    assert Unit.objects.get(pk=cast.team.pk).manager is None
    held = Duty.objects.open().filter(kind__startswith="followup.").values_list("holder", flat=True)
    assert set(held) == {cast.group_manager.pk}


def test_people_and_cover_go_to_whom_was_chosen(cast):
    cast.worker.line_manager = cast.other_worker.line_manager = cast.team_manager
    cast.worker.save(), cast.other_worker.save()
    people.add_absence(staff=cast.iro, starts_on=TODAY, ends_on=TODAY, cover=cast.team_manager, by=cast.iro, at=START)
    leave(cast, cast.team_manager, reports_to=cast.other_worker, cover=cast.auditor)
    assert Staff.objects.get(pk=cast.worker.pk).line_manager == cast.other_worker
    assert Staff.objects.get(pk=cast.other_worker.pk).line_manager is None  # not of themselves
    assert cast.iro.absences.get().cover == cast.auditor


def test_nobody_who_leaves_or_left_takes_over(files, cast):
    for taker, words in ((cast.worker, "nothing can go to them"), (cast.leaver, "has left")):
        with pytest.raises(Refused, match=words):
            leave(cast, cases={(files[0].pk, "worker"): taker})
    assert CaseFile.objects.get(pk=files[0].pk).worker == cast.worker


def test_it_is_all_or_nothing(files, cast, monkeypatch):
    def broken(**given):
        raise RuntimeError("power cut")

    monkeypatch.setattr(leaving, "staff_left", broken)
    with pytest.raises(RuntimeError):
        leave(cast, cases={(files[0].pk, "worker"): cast.other_worker})
    assert CaseFile.objects.get(pk=files[0].pk).worker == cast.worker
    assert not Correction.objects.exists() and Staff.objects.get(pk=cast.worker.pk).is_active


def test_a_second_time_does_nothing(files, cast):
    assert leave(cast) is True
    events = Event.objects.count()
    assert leave(cast, cases={(files[0].pk, "worker"): cast.other_worker}) is False
    assert Event.objects.count() == events and CaseFile.objects.get(pk=files[0].pk).worker is None


@pytest.mark.parametrize("persona", ["pq_officer", "team_manager", "worker", "director"])
def test_only_who_keeps_people_ends_an_account(persona, cast):
    with pytest.raises(PermissionDenied):
        leave(cast, by=cast.everyone()[persona])


def test_the_portal_itself_ends_only_what_is_over(cast):
    with pytest.raises(PermissionDenied):
        leave(cast, by=system_actor())


def test_a_day_ahead_waits_and_the_account_works_until_it_is_over(files, cast):
    with pytest.raises(Refused, match="lies ahead"):
        leave(cast, on=TODAY + DAY)
    people.plan_leaving(staff=cast.worker, on=TODAY + DAY, by=cast.pq_lead, at=START)
    worker = Staff.objects.get(pk=cast.worker.pk)
    assert worker.hats(TODAY + DAY).roles and not worker.hats(TODAY + 2 * DAY).roles
    assert leaving.end_what_is_over(START + DAY, system_actor()) == []
    assert leaving.end_what_is_over(START + 2 * DAY, system_actor()) == [cast.worker]
    gone = Staff.objects.get(pk=cast.worker.pk)
    assert (gone.is_active, gone.left_on, CaseFile.objects.filter(worker=gone).count()) == (False, TODAY + DAY, 0)
    assert leaving.end_what_is_over(START + 3 * DAY, system_actor()) == []


def test_a_planned_day_is_taken_back(cast):
    people.plan_leaving(staff=cast.worker, on=TODAY + DAY, by=cast.pq_lead, at=START)
    people.stay(staff=cast.worker, by=cast.pq_lead, at=START)
    assert leaving.end_what_is_over(START + 9 * DAY, system_actor()) == []
    assert Event.objects.filter(verb="people.stays").count() == 1


def external(cast, last):
    Staff.objects.filter(pk=cast.auditor.pk).update(is_external=True, access_ends_on=last)


@pytest.mark.req("S3-05")
def test_an_external_auditors_account_ends_with_the_last_day_and_what_was_written_stays(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    external(cast, today_in_london() - DAY)
    assert (tasks.end_accounts(), tasks.end_accounts()) == (1, 0)
    gone = Staff.objects.get(pk=cast.auditor.pk)
    assert (gone.is_active, gone.left_on) == (False, today_in_london() - DAY)
    audit.refresh_from_db()
    assert audit.auditor == gone
    assert Duty.objects.open().of(audit, "audit.complete").get().holder == cast.pq_lead


@pytest.mark.req("S3-05")
@pytest.mark.parametrize("late, status", [(0, 200), (1, 302)])
def test_an_external_auditor_works_until_the_last_day_even_if_the_job_is_late(late, status, cast, client):
    external(cast, today_in_london() - late * DAY)
    client.force_login(cast.auditor, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/audits/").status_code == status
    assert bool(client.session.get("_auth_user_id")) == (status == 200)


@pytest.mark.req("S3-05")
@pytest.mark.parametrize("late, lands", [(0, "/"), (1, "/account/inactive/")])
def test_nobody_signs_in_after_their_last_day(late, lands, cast, client):
    external(cast, today_in_london() - late * DAY)
    answer = client.post("/sign-in/", {"login": cast.auditor.email, "password": "correct horse battery"})
    assert answer.url == lands


def test_the_last_of_quality_stays_and_does_not_keep_others_from_leaving(cast):
    cast.pq_officer.role_grants.all().delete()
    for person in (cast.pq_lead, cast.worker):
        people.plan_leaving(staff=person, on=TODAY + DAY, by=cast.administrator, at=START)
    assert leaving.end_what_is_over(START + 2 * DAY, system_actor()) == [cast.worker]


def test_the_sessions_of_a_leaver_end_at_once(cast, client):
    client.force_login(cast.worker, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/").status_code == 200
    leave(cast)
    assert client.get("/").url == "/sign-in/?next=/"


def page(client, person, address, **body):
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.post(address, body, follow=True) if body else client.get(address)


def test_the_page_shows_all_that_is_held_and_hands_it_on(files, cast, s1, client):
    today, address = today_in_london(), f"/people/{cast.worker.pk}/leave/"
    shown = page(client, cast.pq_lead, address).content.decode()
    assert "Worker of 2 open case files" in shown and "Case 11" in shown and "Who takes over as worker?" in shown
    assert "The role: Social worker or personal adviser" in shown
    body = boxes(on=today) | {"all-worker": "Amy Lowther", f"case-{files[1].pk}-worker": "Owen Pritchard"}
    answer = page(client, cast.pq_lead, address, **body).content.decode()
    assert "Tomasz Nowak has left. All that they held is handed on." in answer and ">Left</strong>" in answer
    assert [file.worker for file in CaseFile.objects.order_by("reference")] == [cast.other_worker, cast.other_manager]
    again = page(client, cast.pq_lead, address, **body).content.decode()
    assert "has left already. Nothing was done twice." in again


def test_the_page_says_that_quality_hold_the_audits_now(cast, s1, client):
    make_audit(cast, s1)
    address = f"/people/{cast.auditor.pk}/leave/"
    shown = page(client, cast.pq_lead, address).content.decode()
    assert "To Performance and Quality, to give to another auditor" in shown
    answer = page(client, cast.pq_lead, address, **boxes(on=today_in_london())).content.decode()
    assert "Performance and Quality hold 1 audit to give to another auditor." in answer


def test_an_administrator_sees_how_many_case_files_and_none_of_them(files, cast, client):
    shown = page(client, cast.administrator, f"/people/{cast.worker.pk}/leave/").content.decode()
    assert "Worker of 2 open case files" in shown and "Case 11" not in shown
    body = boxes(on=today_in_london()) | {"all-worker": "Amy Lowther"}
    page(client, cast.administrator, f"/people/{cast.worker.pk}/leave/", **body)
    assert {file.worker for file in CaseFile.objects.all()} == {cast.other_worker}


@pytest.mark.parametrize("body, words", [
    ({"on_0": "31", "on_1": "2", "on_2": "2026"}, "This is not a date"), ({"on_0": ""}, "Give the last day"),
    (boxes(on=date(2020, 1, 1)), "more than a year ago"), (boxes(on=date(9999, 12, 31)), "more than two years away"),
    (boxes(on=TODAY) | {"all-worker": "Nobody Known"}, "Nobody who works here is called “Nobody Known”"),
    (boxes(on=TODAY) | {"all-worker": "Tomasz Nowak"}, "Tomasz Nowak leaves. Name somebody else"),
    (boxes(on=today_in_london() + DAY) | {"all-worker": "Amy Lowther"}, "on the last day or after it"),
])
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(body, words, files, cast, client):
    shown = page(client, cast.pq_lead, f"/people/{cast.worker.pk}/leave/", **body).content.decode()
    assert words in shown and "<title>Error: Tomasz Nowak leaves" in shown
    assert body.get("all-worker", "") in shown
    assert Staff.objects.get(pk=cast.worker.pk).is_active


def test_a_later_last_day_is_written_down_from_the_page(files, cast, client):
    day = today_in_london() + 10 * DAY
    shown = page(client, cast.pq_lead, f"/people/{cast.worker.pk}/leave/", **boxes(on=day)).content.decode()
    assert "The account ends by itself when that day is over." in shown and "Tomasz Nowak stays" in shown
    assert Staff.objects.get(pk=cast.worker.pk).left_on == day


def test_the_page_asks_as_often_for_twenty_case_files_as_for_one(cast, client):
    address = f"/people/{cast.worker.pk}/leave/"

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    make_case("1", cast.team, cast.worker)
    page(client, cast.pq_lead, address)
    before = count()
    for number in range(2, 22):
        make_case(str(number), cast.team, cast.worker)
        make_unit(f"Team {number}", "team", cast.group, manager=cast.worker)
        make_staff(f"Person {number}", cast.team, line_manager=cast.worker, roles=("iro",))
    assert count() == before <= 25


@pytest.mark.django_db(transaction=True)
def test_two_who_end_the_same_account_at_once_end_it_once(cast, s1):
    make_case("11", cast.team, cast.worker)
    done = at_once(2, lambda: leave(cast, cases={}))
    assert sorted(done) == [False, True]
    assert Event.objects.filter(verb="people.left").count() == 1
    assert Event.objects.filter(verb="people.handed_over").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_address_at_once_add_one_person(cast):
    pat = {"name": "Pat", "email": "pat@northbrook.example", "reference": "P1"}

    def add():
        try:
            return people.add_staff(by=cast.pq_lead, at=START, **pat)
        except Refused:
            return None

    assert [bool(added) for added in sorted(at_once(2, add), key=bool)] == [False, True]


@pytest.mark.django_db(transaction=True)
def test_two_absences_of_the_same_days_at_once_are_one(cast):
    def add():
        try:
            return people.add_absence(staff=cast.worker, starts_on=TODAY, ends_on=TODAY, by=cast.worker, at=START)
        except Refused:
            return None

    assert [bool(added) for added in sorted(at_once(2, add), key=bool)] == [False, True]
