"""Units: their place in the tree, their managers, closing."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit_portal.testing.factories import START, make_case, make_unit
from people import workflow
from people.models import Staff, Unit
from people.refusals import Refused
from trail.models import Event

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=8)


def change(cast, unit, **fields):
    return workflow.change_unit(unit=unit, by=cast.pq_lead, at=LATER, **fields)


def add(cast, **fields):
    given = {"reference": "east-9", "kind": "team", "name": "East 9", "parent": cast.group}
    return workflow.add_unit(by=cast.pq_lead, at=START, **(given | fields))


def test_a_new_unit_stands_in_its_place(cast):
    unit = add(cast, manager=cast.worker)
    assert unit.path == f"{cast.group.path}{unit.pk}/"
    assert Staff.objects.get(pk=cast.worker.pk).hats().wears("team_manager")


@pytest.mark.parametrize("fields, field, words", [
    ({"parent": None}, "parent", "Choose under which unit"), ({"parent": "team"}, "parent", "cannot lie under a team"),
    ({"kind": "directorate"}, "parent", "stands at the top"),
    ({"name": "children in  need EAST 2"}, "name", "this name"),
    ({"reference": "Children-in-need-east-2"}, "reference", "has the reference"),
    ({"manager": "leaver"}, "manager", "has left"),
])
def test_a_unit_that_does_not_fit_is_refused(fields, field, words, cast):
    named = {name: getattr(cast, value) if value in ("team", "leaver") else value for name, value in fields.items()}
    with pytest.raises(Refused, match=words) as refused:
        add(cast, **named)
    assert refused.value.field == field


def test_a_unit_that_moves_takes_all_below_with_it(cast):
    other = make_unit("Second Service", "service", cast.care)
    change(cast, cast.group, parent=other)
    team = Unit.objects.get(pk=cast.team.pk)
    assert team.path == f"{other.path}{cast.group.pk}/{team.pk}/"
    assert not Staff.objects.get(pk=cast.head_of_service.pk).hats().manages_path(team.path)


def test_a_unit_never_comes_under_itself_or_a_smaller_one(cast):
    with pytest.raises(Refused, match="cannot lie under a group"):
        change(cast, cast.service, parent=cast.group)


def test_a_unit_that_is_not_empty_says_what_is_left(cast):
    make_case("12", cast.team, cast.worker)
    with pytest.raises(Refused, match="it still has 2 people, 1 open case file"):
        workflow.close_unit(unit=cast.team, by=cast.pq_lead, at=START)
    with pytest.raises(Refused, match="1 open unit below it"):
        workflow.close_unit(unit=cast.group, by=cast.pq_lead, at=START)


def test_an_empty_unit_closes_once_and_opens_again(cast):
    unit = add(cast)
    for _ in range(2):
        workflow.close_unit(unit=unit, by=cast.pq_lead, at=START)
    assert Event.objects.filter(verb="unit.closed").count() == 1
    assert not Unit.objects.open(START.date()).filter(pk=unit.pk).exists()
    assert workflow.reopen_unit(unit=unit, by=cast.pq_lead, at=START).closed_on is None


@pytest.mark.parametrize("persona", ["pq_officer", "head_of_service", "worker"])
def test_only_who_keeps_people_changes_units(persona, cast):
    for verb in (workflow.change_unit, workflow.close_unit, workflow.reopen_unit):
        with pytest.raises(PermissionDenied):
            verb(unit=cast.team, by=cast.everyone()[persona], at=START)


def test_the_page_of_a_unit_saves_and_says_what_is_wrong(cast, sign_in):
    client, address = sign_in(cast.pq_lead), f"/people/units/{cast.team.pk}/"
    body = {"name": "East Two", "parent": cast.group.pk, "manager": "Owen Pritchard"}
    assert client.post(address, body).status_code == 302
    assert Unit.objects.get(pk=cast.team.pk).manager == cast.other_manager
    assert "Choose under which unit" in client.post(address, body | {"parent": ""}).content.decode()
    page = client.post("/people/units/add/", {"kind": "team", "reference": "a b", "name": "X"}).content.decode()
    assert "Use letters, digits and hyphens only" in page


def test_closing_from_the_page_says_what_is_left(cast, sign_in):
    answer = sign_in(cast.pq_lead).post(f"/people/units/{cast.team.pk}/close/", follow=True)
    assert "cannot be closed yet: it still has 2 people" in answer.content.decode()
