"""Absence and cover: days that fit, a cover who is there, changed and taken back while it is not over."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit_portal.testing.factories import START, make_case
from calendars.rules import today_in_london
from people import workflow
from people.models import Absence
from people.refusals import Refused
from people.tests.conftest import boxes
from trail.models import Event

pytestmark = pytest.mark.django_db
TODAY = START.date()
DAY = timedelta(days=1)


def away(cast, staff=None, first=TODAY, last=TODAY + 4 * DAY, cover=None, by=None):
    staff = staff or cast.worker
    return workflow.add_absence(staff=staff, starts_on=first, ends_on=last, cover=cover, by=by or staff, at=START)


def test_everybody_enters_their_own(cast):
    absence = away(cast, cover=cast.other_worker)
    assert (absence.recorded_by, absence.cover) == (cast.worker, cast.other_worker)
    assert Event.objects.get(verb="absence.recorded").subject_id == str(cast.worker.pk)


@pytest.mark.parametrize("persona, may", [
    ("team_manager", True), ("group_manager", True), ("pq_lead", True), ("administrator", True),
    ("pq_officer", False), ("other_manager", False), ("iro", False),
])
def test_their_managers_and_those_who_keep_people_may_too(persona, may, cast):
    if may:
        assert away(cast, by=cast.everyone()[persona]).staff == cast.worker
    else:
        with pytest.raises(PermissionDenied):
            away(cast, by=cast.everyone()[persona])


def test_a_line_manager_by_name_may_too(cast):
    cast.worker.line_manager = cast.iro
    cast.worker.save()
    assert away(cast, by=cast.iro).recorded_by == cast.iro


@pytest.mark.parametrize("first, last, field, words", [
    (TODAY, TODAY - DAY, "ends_on", "must not lie before the first"),
    (TODAY - 9 * DAY, TODAY - DAY, "ends_on", "over changes nothing"),
    (TODAY, date(2029, 1, 1), "ends_on", "longer than two years"),
    (date(2199, 1, 1), date(2199, 1, 2), "starts_on", "more than two years from now"),
    (date(9998, 1, 1), date(9999, 12, 31), "starts_on", "more than two years from now"),
])
def test_days_that_cannot_be_are_refused(first, last, field, words, cast):
    with pytest.raises(Refused, match=words) as refused:
        away(cast, first=first, last=last)
    assert refused.value.field == field


def test_two_absences_share_no_day(cast):
    away(cast)
    with pytest.raises(Refused, match="Monday 2 November to Friday 6 November"):
        away(cast, first=TODAY + 4 * DAY, last=TODAY + 9 * DAY)
    assert away(cast, first=TODAY + 5 * DAY, last=TODAY + 9 * DAY).pk


def test_the_cover_is_another_who_is_there(cast):
    away(cast, cast.iro, first=TODAY + 2 * DAY, last=TODAY + 3 * DAY)
    cast.auditor.is_external, cast.auditor.access_ends_on = True, TODAY
    cast.auditor.save()
    for cover, words in ((cast.worker, "covers for themselves"), (cast.leaver, "has left"), (cast.iro, "is away too"),
                         (cast.auditor, "works here until")):
        with pytest.raises(Refused, match=words) as refused:
            away(cast, cover=cover)
        assert refused.value.field == "cover"


def test_who_was_to_cover_and_goes_away_leaves_a_gap_that_is_named(cast):
    away(cast, cover=cast.other_worker)
    mine = away(cast, cast.other_worker, first=TODAY + 4 * DAY, last=TODAY + 6 * DAY)
    assert [row.staff for row in workflow.left_uncovered(mine)] == [cast.worker]


def test_it_is_changed_and_taken_back_while_it_is_not_over(cast):
    absence = away(cast)
    days = {"starts_on": TODAY, "ends_on": TODAY + DAY, "cover": cast.other_worker}
    assert workflow.change_absence(absence=absence, by=cast.worker, at=START, **days).ends_on == TODAY + DAY
    assert Event.objects.get(verb="absence.changed").fields == ["cover", "ends_on"]
    for verb, given in ((workflow.change_absence, days), (workflow.remove_absence, {})):
        with pytest.raises(Refused, match="over, so it stays"):
            verb(absence=absence, by=cast.worker, at=START + 2 * DAY, **given)
    workflow.remove_absence(absence=absence, by=cast.worker, at=START)
    assert not Absence.objects.exists()
    with pytest.raises(Refused, match="taken back already"):
        workflow.remove_absence(absence=absence, by=cast.worker, at=START)


def test_the_page_takes_a_name_and_says_who_is_left_without_cover(cast, sign_in):
    today = today_in_london()
    client, address = sign_in(cast.worker), f"/people/{cast.worker.pk}/absences/"
    body = boxes(starts_on=today, ends_on=today + DAY) | {"cover": "Amy Lowther"}
    assert client.post(address, body).url == f"/people/{cast.worker.pk}/"
    page = sign_in(cast.iro).get(f"/people/{cast.worker.pk}/").content.decode()
    assert "Away</strong>" in page and "Amy Lowther covers" in page and "Enter an absence" not in page
    amy = f"/people/{cast.other_worker.pk}/absences/"
    page = sign_in(cast.other_worker).post(amy, boxes(starts_on=today, ends_on=today), follow=True).content.decode()
    assert "was to cover for Tomasz Nowak" in page
    row = cast.worker.absences.get()
    page = sign_in(cast.worker).get(f"{address}{row.pk}/").content.decode()
    assert "Amy Lowther (amy.lowther)" in page
    answer = client.post(f"{address}{row.pk}/remove/", follow=True).content.decode()
    assert "is taken back" in answer and not cast.worker.absences.exists()


def test_an_absence_of_somebody_else_is_not_reached_through_ones_own_page(cast, sign_in):
    row = away(cast, cast.iro, last=today_in_london())
    assert sign_in(cast.worker).get(f"/people/{cast.worker.pk}/absences/{row.pk}/").status_code == 404


def test_ones_page_is_found_from_the_menu(cast, sign_in):
    make_case("12", cast.team, cast.worker)
    page = sign_in(cast.worker).get("/").content.decode()
    assert 'href="/people/me/"' in page
    assert sign_in(cast.worker).get("/people/me/").url == f"/people/{cast.worker.pk}/"
