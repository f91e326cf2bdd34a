"""Past audits in the figures: trends from the first day, and nothing claimed that nobody knows (B13)."""

from datetime import UTC, date, datetime

import pytest

from audit_portal.testing.factories import make_audit_at, make_case
from audits.models import Audit
from followup.tests.past import TEAM, taken_over
from reporting import figures, timeliness
from reporting.permissions import Scope

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
NOVEMBER, SEPTEMBER, MAY = date(2026, 11, 1), date(2026, 9, 1), date(2026, 5, 1)
ALL = Scope(sees_no_notice=True)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def months(cast):
    """Two audits of May, one of September."""
    return taken_over(cast, f"1,2026-05,{TEAM},Good,Grace Adeyemi,,", f"2,2026-05,{TEAM},Inadequate,,1,",
                      f"3,2026-09,{TEAM},Outstanding,,,")


@pytest.fixture
def dashboard(client, cast):
    client.force_login(cast.pq_lead, backend=BACKEND)
    return lambda month: client.get(f"/reports/{month:%Y-%m}/")


def test_grades_show_their_months(months):
    found = figures.grades(ALL, NOVEMBER, NOW)
    assert (found.final(MAY), found.good(MAY), found.final(SEPTEMBER), found.good(SEPTEMBER)) == (2, 1, 1, 1)
    assert found.shares() == [50, 100]


def test_volumes_show_their_months_and_nothing_is_late_or_in_time(months):
    may = figures.volumes(ALL, NOVEMBER, NOW)[MAY]
    assert (may.allocated, may.finished, may.past) == (2, 2, 2)
    assert (may.in_time, may.late, may.missed, may.timed, may.asked) == (0, 0, 0, 0, 0)


def test_an_audit_of_the_portal_counts_as_before(months, cast, s1):
    make_audit_at("quality_check", cast, s1)
    november = figures.volumes(ALL, NOVEMBER, NOW)[NOVEMBER]
    assert (november.timed, november.in_time, november.asked, november.heard) == (1, 1, 1, 1)


def test_their_list_is_neither_late_nor_in_time(months):
    assert timeliness.lists([MAY, SEPTEMBER]) == {}


def test_supervision_of_the_past_is_not_counted_and_open_answers_are(months):
    may = timeliness.answers(ALL, [MAY], NOW)[MAY]
    assert (may.supervised, may.supervision_due, may.confirmed, may.median_days) == (0, 0, 0, None)
    assert may.open_for == (1, 1, 1)


def test_the_heat_map_has_no_domains_of_them(months):
    assert figures.heat_map(ALL, SEPTEMBER, NOW).domains == []


@pytest.mark.parametrize(("open_round", "remains"), [(0, False), (1, True), (2, True)])
def test_a_case_is_still_inadequate_where_its_round_was_open(open_round, remains, cast):
    make_case("3071846", cast.team)
    taken_over(cast, f"3071846,2026-05,{TEAM},Inadequate,,,{open_round}")
    assert figures.still_inadequate(ALL, NOVEMBER, NOW).exists() == remains


def test_until_a_later_audit_of_the_case_is_final(cast):
    make_case("3071846", cast.team)
    taken_over(cast, f"3071846,2026-05,{TEAM},Inadequate,,,1")
    assert figures.still_inadequate(ALL, NOVEMBER, NOW).get().next_due.date() == date(2026, 7, 31)
    taken_over(cast, f"3071846,2026-08,{TEAM},Good,,,")
    assert not figures.still_inadequate(ALL, NOVEMBER, NOW).exists()
    assert figures.still_inadequate(ALL, date(2026, 7, 1), NOW).count() == 1


def test_the_dashboard_of_a_past_month_says_what_is_known(months, dashboard):
    text = dashboard(MAY).text
    assert "The audits of May were taken over from before the portal." in text
    assert "Not known" in text and "days late" not in text and "50%" not in text
    assert "1 of 2" in text  # good or better, under ten the counts come first


def test_the_dashboard_of_the_first_month_has_its_trend(months, dashboard, cast, s1):
    make_audit_at("quality_check", cast, s1)
    text = dashboard(NOVEMBER).text
    assert "May 2026" in text and "September 2026" in text
    assert Audit.objects.filter(is_past=True).count() == 3
