"""Joiners, movers, people who come back: what fits, what is said where it does not, what stays on the trail."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit_portal.testing.factories import START, make_unit
from calendars.rules import today_in_london
from people import workflow
from people.models import Absence, RoleGrant, Staff
from people.refusals import Refused
from people.roles import Role
from people.tests.conftest import boxes
from trail.models import Event

pytestmark = pytest.mark.django_db
PAT = {"name": "Pat New", "email": "pat@northbrook.example", "reference": "NB/7 a"}


def add(cast, **fields):
    return workflow.add_staff(by=cast.pq_lead, at=START, **(PAT | fields))


def change(cast, person, **fields):
    return workflow.change_staff(staff=person, by=cast.pq_lead, at=START, **fields)


def test_a_joiner_is_there_without_a_password_and_on_the_trail(cast):
    pat = add(cast, unit=cast.team, phone="01632 960 001")
    assert (pat.unit, pat.is_active, pat.has_usable_password()) == (cast.team, True, False)
    event = Event.objects.get(verb="people.joined")
    assert (event.target_id, event.fields) == (str(pat.pk), ["email", "name", "phone", "reference", "unit"])


@pytest.mark.parametrize("persona", ["pq_officer", "team_manager", "director", "worker"])
def test_only_who_keeps_people_adds_and_changes_them(persona, cast):
    with pytest.raises(PermissionDenied):
        workflow.add_staff(by=cast.everyone()[persona], at=START, **PAT)
    with pytest.raises(PermissionDenied):
        workflow.change_staff(staff=cast.worker, by=cast.everyone()[persona], at=START, name="Other")


@pytest.mark.parametrize("fields, field, words", [
    ({"email": "TOMASZ.Nowak@northbrook.example"}, "email", "Tomasz Nowak, tomasz.nowak, has this e-mail address"),
    ({"reference": "Tomasz.Nowak"}, "reference", "has this staff number"),
    ({"email": "lee.leaver@northbrook.example"}, "email", "who left"),
    ({"is_external": True}, "access_ends_on", "Say until when"),
])
def test_what_another_has_is_refused_with_their_name(fields, field, words, cast):
    with pytest.raises(Refused, match=words) as refused:
        add(cast, **fields)
    assert refused.value.field == field


def test_nobody_answers_to_themselves_to_a_leaver_or_in_a_ring(cast):
    change(cast, cast.team_manager, line_manager=cast.group_manager)
    change(cast, cast.worker, line_manager=cast.team_manager)
    for person, manager, words in ((cast.worker, cast.worker, "their own line manager"),
                                   (cast.worker, cast.leaver, "has left"),
                                   (cast.group_manager, cast.worker, "directly or through others")):
        with pytest.raises(Refused, match=words):
            change(cast, person, line_manager=manager)


def test_a_ring_that_a_list_brought_in_does_not_hang_the_page(cast):
    Staff.objects.filter(pk=cast.auditor.pk).update(line_manager=cast.iro)
    Staff.objects.filter(pk=cast.iro.pk).update(line_manager=cast.auditor)
    assert change(cast, cast.worker, line_manager=cast.iro).line_manager == cast.iro


def test_a_mover_keeps_the_old_unit_on_the_trail(cast):
    change(cast, cast.worker, unit=cast.other_team, name="Tomasz Nowak")
    event = Event.objects.get(verb="people.changed")
    assert event.fields == ["unit"]
    assert event.detail.content["changes"]["unit"] == ["Children in Need East 2", "Fostering Team"]


def test_saving_what_stands_there_writes_nothing(cast):
    change(cast, cast.worker, name="Tomasz Nowak", unit=cast.team)
    assert not Event.objects.filter(verb="people.changed").exists()


def test_a_closed_unit_takes_nobody(cast):
    closed = make_unit("Old Team", "team", cast.group, closed_on=date(2026, 1, 1))
    with pytest.raises(Refused, match="is closed"):
        change(cast, cast.worker, unit=closed)


def test_the_form_keeps_what_was_typed_and_says_what_to_do(cast, sign_in):
    body = PAT | {"email": "tomasz.nowak@northbrook.example", "line_manager": "Nobody Here"}
    page = sign_in(cast.pq_lead).post("/people/add/", body).content.decode()
    assert "Nobody who works here is called “Nobody Here”" in page and 'value="NB/7 a"' in page
    page = sign_in(cast.pq_lead).post("/people/add/", body | {"line_manager": ""}).content.decode()
    assert "has this e-mail address" in page and "<title>Error: Add a person" in page


@pytest.mark.parametrize("given, words", [
    ({"name": ""}, "Give the name"), ({"name": "x" * 121}, "at most 120 signs"), ({"email": "no"}, "not an e-mail"),
    ({"name": "a\0b"}, "Null characters"), ({"unit": "999999999999999999999"}, "not open any more"),
    ({"is_external": "on", "access_ends_on_0": "31", "access_ends_on_1": "2", "access_ends_on_2": "2027"},
     "This is not a date"),
    (boxes(access_ends_on=date(2027, 1, 1)), "Tick this"),
])
def test_bad_input_gets_a_sentence(given, words, cast, sign_in):
    page = sign_in(cast.pq_lead).post("/people/add/", PAT | given)
    assert page.status_code == 200 and words in page.content.decode()
    assert not Staff.objects.filter(reference=PAT["reference"]).exists()


def test_two_of_one_name_are_told_apart_by_the_number(cast, sign_in):
    twin = Staff.objects.create(name="Tomasz Nowak", reference="NB2", email="t2@northbrook.example", password="!")
    client = sign_in(cast.pq_lead)
    page = client.post("/people/add/", PAT | {"line_manager": "nowak, tomasz"}).content.decode()
    assert "Give the staff number" in page
    client.post("/people/add/", PAT | {"line_manager": "Tomasz Nowak (NB2)"})
    assert Staff.objects.get(reference=PAT["reference"]).line_manager == twin


def test_a_repeated_post_adds_one_person(cast, sign_in):
    body = PAT | {"submission": "0d5f3a9e-52f5-4d1a-9a51-5f0a39a6f001"}
    client = sign_in(cast.pq_lead)
    assert client.post("/people/add/", body).url == client.post("/people/add/", body).url
    assert Staff.objects.filter(reference=PAT["reference"]).count() == 1


def test_a_staff_number_with_odd_signs_does_no_harm_to_the_address(cast, sign_in):
    pat = add(cast, reference="units/../?x#y")
    answer = sign_in(cast.pq_lead).get("/people/", {"name": "pat"})
    assert pat.get_absolute_url() in answer.content.decode()
    assert sign_in(cast.worker).get(pat.get_absolute_url()).status_code == 200


def test_everybody_sees_how_to_reach_a_colleague_and_no_more(cast, sign_in):
    page = sign_in(cast.other_worker).get(f"/people/{cast.worker.pk}/").content.decode()
    assert "Children in Need East 2" in page and "Farah Siddiqui" in page
    assert cast.worker.email not in page
    assert "Holds now" not in page and "Social worker or personal adviser" not in page and "/change/" not in page


def test_those_who_keep_people_see_roles_and_what_is_held(cast, sign_in):
    page = sign_in(cast.administrator).get(f"/people/{cast.worker.pk}/").content.decode()
    assert "Holds now" in page and "Social worker or personal adviser, from Monday 1 April 2024." in page


def test_who_was_ended_by_mistake_comes_back_without_roles(cast, sign_in):
    sign_in(cast.pq_lead).post(f"/people/{cast.leaver.pk}/come-back/")
    back = Staff.objects.get(pk=cast.leaver.pk)
    assert (back.is_active, back.left_on, back.hats().roles) == (True, None, frozenset())
    assert Event.objects.filter(verb="people.came_back").count() == 1


def test_an_external_auditor_comes_back_with_a_later_day_only(cast):
    cast.leaver.is_external, cast.leaver.access_ends_on = True, date(2026, 1, 31)
    cast.leaver.save()
    with pytest.raises(Refused, match="later last day first"):
        workflow.come_back(staff=cast.leaver, by=cast.pq_lead, at=START)
    change(cast, cast.leaver, access_ends_on=date(2026, 12, 31))
    assert workflow.come_back(staff=cast.leaver, by=cast.pq_lead, at=START).is_active


def test_nobody_who_is_last_leaves(cast):
    cast.pq_officer.role_grants.all().delete()
    with pytest.raises(Refused, match="Nobody would be left in Performance and Quality"):
        workflow.end_account(staff=cast.pq_lead, by=cast.administrator, at=START, on=START.date())


def test_an_account_ends_once(cast):
    ended = {"staff": cast.worker, "by": cast.pq_lead, "at": START, "on": START.date()}
    assert (workflow.end_account(**ended), workflow.end_account(**ended)) == (True, False)
    assert Event.objects.filter(verb="people.left").count() == 1


def test_what_ends_with_an_account(cast):
    later = START.date() + timedelta(days=9)
    workflow.grant_role(staff=cast.worker, role=Role.MODERATOR, by=cast.pq_lead, at=START, starts_on=later)
    workflow.add_absence(staff=cast.iro, starts_on=later, ends_on=later, cover=cast.worker, by=cast.iro, at=START)
    workflow.register_auditor(staff=cast.worker, by=cast.pq_lead, at=START)
    workflow.end_account(staff=cast.worker, by=cast.pq_lead, at=START, on=START.date())
    assert [grant.ends_on for grant in cast.worker.role_grants.all()] == [START.date()]
    assert cast.iro.absences.get().cover is None
    assert Staff.objects.get(pk=cast.worker.pk).auditor.left_on == START.date()


def test_an_address_that_was_given_up_signs_nobody_in(cast, client):
    """Also where the old one was used for a forgotten password, of which the sign-in keeps a copy."""
    old = cast.worker.email
    client.post("/account/password/forgotten/", {"email": old})
    change(cast, cast.worker, email="tomasz@northbrook.example")
    signed_in = [client.post("/sign-in/", {"login": email, "password": "correct horse battery"}).status_code == 302
                 for email in (old, "tomasz@northbrook.example")]
    assert signed_in == [False, True]


def test_a_persons_page_asks_as_often_for_twenty_lines_as_for_one(cast, sign_in):
    client, address = sign_in(cast.pq_lead), f"/people/{cast.worker.pk}/"

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def more(number):
        day = today_in_london() + timedelta(days=2 * number)
        team = make_unit(f"Team {number}", "team", cast.group, manager=cast.worker)
        Absence.objects.create(staff=cast.worker, starts_on=day, ends_on=day, cover=cast.iro, recorded_by=cast.iro)
        Absence.objects.create(staff=cast.iro, starts_on=day, ends_on=day, cover=cast.worker, recorded_by=cast.iro)
        RoleGrant.objects.create(staff=cast.worker, role=Role.IRO, unit=team, starts_on=day, granted_by=cast.iro)

    more(1)
    count()
    before = count()
    for number in range(2, 21):
        more(number)
    assert count() == before <= 25
