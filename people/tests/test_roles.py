"""Role grants: from a day until a day, for a reason; delegation and acting posts among them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit_portal.testing.factories import START
from calendars.rules import today_in_london
from people import workflow
from people.models import RoleGrant
from people.refusals import Refused
from people.roles import Role
from people.tests.conftest import boxes
from trail.models import Event

pytestmark = pytest.mark.django_db
TODAY = START.date()
DAY = timedelta(days=1)


def give(cast, staff=None, role=Role.ASSISTANT_DIRECTOR, starts_on=TODAY, **fields):
    return workflow.grant_role(staff=staff or cast.worker, role=role, by=cast.pq_lead, at=START, starts_on=starts_on,
                               **fields)


def end(cast, grant, on):
    return workflow.end_grant(grant=grant, ends_on=on, by=cast.pq_lead, at=START)


def test_a_delegation_holds_from_its_first_day_to_its_last(cast):
    give(cast, starts_on=TODAY + DAY, ends_on=TODAY + 5 * DAY, reason="The assistant director is on leave")
    worn = [cast.worker.hats(TODAY + n * DAY).wears(Role.ASSISTANT_DIRECTOR) for n in range(7)]
    assert worn == [False, True, True, True, True, True, False]
    assert Event.objects.get(verb="people.role_granted").fields == ["ends_on", "reason", "role", "starts_on", "unit"]


def test_another_role_for_a_unit_brings_no_unit(cast):
    give(cast, cast.iro, Role.MODERATOR, unit=cast.team)
    assert not type(cast.iro).objects.get(pk=cast.iro.pk).hats(TODAY).manages


@pytest.mark.parametrize("fields, field, words", [
    ({"starts_on": TODAY - DAY}, "starts_on", "cannot begin in the past"),
    ({"starts_on": date(2199, 1, 1)}, "starts_on", "Check the year"),
    ({"ends_on": TODAY - DAY}, "ends_on", "must not lie before the first"),
    ({"ends_on": date(9999, 12, 31)}, "ends_on", "more than ten years"),
])
def test_days_that_cannot_be_are_refused(fields, field, words, cast):
    with pytest.raises(Refused, match=words) as refused:
        give(cast, **fields)
    assert refused.value.field == field


def test_nobody_holds_one_role_twice_in_the_same_days(cast):
    give(cast, starts_on=TODAY, ends_on=TODAY + 5 * DAY)
    with pytest.raises(Refused, match="in these days already"):
        give(cast, starts_on=TODAY + 5 * DAY)
    assert give(cast, starts_on=TODAY + 6 * DAY).pk
    with pytest.raises(Refused, match="has left"):
        give(cast, cast.leaver)


def test_a_role_ends_on_the_day_given_and_its_past_stays(cast):
    grant = cast.worker.role_grants.get()
    assert end(cast, grant, TODAY - DAY).ends_on == TODAY - DAY
    assert not type(cast.worker).objects.get(pk=cast.worker.pk).hats(TODAY).roles
    with pytest.raises(Refused, match="has ended already"):
        end(cast, grant, TODAY)


def test_a_grant_that_would_end_before_it_begins_never_was(cast):
    grant = give(cast, starts_on=TODAY + 3 * DAY)
    assert end(cast, grant, TODAY) is None
    assert not RoleGrant.objects.filter(role=Role.ASSISTANT_DIRECTOR).exists()
    assert Event.objects.filter(verb="people.role_ended").count() == 1


@pytest.mark.parametrize("on, words", [(TODAY - 2 * DAY, "yesterday, today or later"),
                                       (date(9999, 12, 31), "more than ten years")])
def test_an_end_that_cannot_be_is_refused(on, words, cast):
    with pytest.raises(Refused, match=words):
        end(cast, cast.worker.role_grants.get(), on)


def test_the_last_of_performance_and_quality_keeps_the_role(cast):
    end(cast, cast.pq_officer.role_grants.get(), TODAY)
    with pytest.raises(Refused, match="Nobody would be left in Performance and Quality"):
        end(cast, cast.pq_lead.role_grants.get(), TODAY)
    assert cast.pq_lead.role_grants.get().ends_on is None


@pytest.mark.parametrize("persona", ["pq_officer", "assistant_director", "worker"])
def test_only_who_keeps_people_gives_and_ends_roles(persona, cast):
    by = cast.everyone()[persona]
    with pytest.raises(PermissionDenied):
        workflow.grant_role(staff=by, role=Role.QA_LEAD, by=by, at=START, starts_on=TODAY)
    with pytest.raises(PermissionDenied):
        workflow.end_grant(grant=cast.pq_lead.role_grants.get(), ends_on=TODAY, by=by, at=START)


def test_the_page_shows_from_until_and_why(cast, sign_in):
    today = today_in_london()
    body = {"role": Role.ASSISTANT_DIRECTOR, "reason": "Simon Hartley is on leave"}
    client, address = sign_in(cast.pq_lead), f"/people/{cast.worker.pk}/roles/"
    assert client.post(address, body | boxes(starts_on=today, ends_on=today + DAY)).status_code == 302
    page = client.get(f"/people/{cast.worker.pk}/").content.decode()
    assert "because: Simon Hartley is on leave." in page and " until " in page
    page = client.post(address, body | boxes(starts_on=today - DAY)).content.decode()
    assert "cannot begin in the past" in page and "Simon Hartley is on leave" in page
    page = client.post(address, body | {"role": "king", "starts_on_0": "x"}).content.decode()
    assert "Choose the role" in page and "This is not a date" in page
