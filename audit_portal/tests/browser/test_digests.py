"""The leaders' digest by browser: the notice leads to the month, the month to the list and to a file."""

from datetime import time

import pytest
from django.utils import timezone

from audit_portal.testing.factories import load_s1, make_audit, make_cast
from audit_portal.tests.browser.test_writing import enter
from calendars.months import month_name
from calendars.rules import add_months_clamped, at_london, today_in_london
from duties.digests import make_digest
from duties.tick import tick

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAST_MONTH = add_months_clamped(today_in_london().replace(day=1), -1)


@pytest.fixture
def council(transactional_db):
    """Last month's digest: an audit of the month before it was due on its last day, and nobody did it."""
    version, cast = load_s1(), make_cast()
    before = add_months_clamped(LAST_MONTH, -1)
    make_audit(cast, version, at=at_london(before, time(9)), month=before)
    tick(timezone.now())
    make_digest(month=LAST_MONTH, at=timezone.now())
    return cast


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
def test_a_leader_goes_from_the_notice_to_the_month_and_to_all_months(script, phone, council, person):
    leo = person(script=script, phone=phone)
    enter(leo, council.leader, "/inbox/")
    leo.press(f"{month_name(LAST_MONTH)}: 1 thing was late, 1 still open")
    leo.sees("1 thing was so late that senior leaders are told. 1 of it was still open when this was counted.")
    leo.sees("Complete an audit")
    leo.sees("Children in Need")
    leo.follow("All months")
    leo.sees("What was late, month by month")
    leo.page.get_by_label("Year").select_option(label=str(LAST_MONTH.year))
    leo.press("Show", exact=True)
    leo.follow(month_name(LAST_MONTH))
    with leo.page.expect_download() as taken:
        leo.page.get_by_role("link", name="Download as CSV").click()
    assert "kind,Complete an audit,1,1," in taken.value.path().read_text(encoding="utf-8-sig")


def test_performance_and_quality_see_what_leaders_are_told(council, person):
    naomi = person()
    enter(naomi, council.pq_lead, "/outstanding/")
    naomi.follow("What senior leaders are told, month by month")
    naomi.sees(month_name(LAST_MONTH))
