"""Who hears of an immediate concern at once, and who as the hours pass, night and weekend alike (B3, S1-27)."""

from datetime import UTC, datetime, timedelta

import pytest

from audit_portal.testing.factories import make_audit_at
from audits.workflow import acknowledge_concern, raise_concern
from duties.delivery import drain
from duties.models import Notice, Preference
from duties.tick import tick
from people.workflow import add_absence

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 21, 22, 40, tzinfo=UTC)  # a Saturday


@pytest.fixture
def audit(cast, s1):
    return make_audit_at("in_progress", cast, s1)


def told(now):
    """Whose inbox has something from that very moment."""
    rows = Notice.objects.filter(channel="inbox", created_at=now, url__contains="/concerns/")
    return set(rows.values_list("recipient__name", flat=True))


def away(staff, cover=None):
    day = NIGHT.date()
    add_absence(staff=staff, starts_on=day, ends_on=day + timedelta(days=3), cover=cover, by=staff,
                at=NIGHT - timedelta(hours=1))


@pytest.mark.req("B3", "S1-27")
@pytest.mark.parametrize(("is_away", "covers", "expected"), [
    (False, False, {"Farah Siddiqui"}),
    (True, False, {"Farah Siddiqui", "Colin Beckett"}),
    (True, True, {"Farah Siddiqui", "Colin Beckett", "Ruth Okafor"}),
])
def test_cover_and_group_manager_are_told_at_once_where_the_manager_is_away(is_away, covers, expected, audit, cast):
    if is_away:
        away(cast.team_manager, cast.head_of_service if covers else None)
    raise_concern(audit=audit, text="Not safe tonight", by=cast.auditor, at=NIGHT)
    assert told(NIGHT) == expected


@pytest.mark.req("B3")
def test_unanswered_it_climbs_by_the_clock_through_a_saturday_night(audit, cast):
    raise_concern(audit=audit, text="Not safe tonight", by=cast.auditor, at=NIGHT)
    climbed = {}
    for minutes in range(0, 301, 10):
        now = NIGHT + timedelta(minutes=minutes)
        tick(now)
        if minutes and told(now):
            climbed[minutes] = told(now)
    line = {"Farah Siddiqui", "Colin Beckett"}
    assert climbed[60] == line
    assert climbed[120] == line | {"Ruth Okafor", "Naomi Clarke"}
    assert climbed[240] == line | {"Ruth Okafor", "Naomi Clarke", "Simon Hartley"}


@pytest.mark.req("B3")
def test_answered_it_climbs_no_further(audit, cast):
    concern = raise_concern(audit=audit, text="Not safe tonight", by=cast.auditor, at=NIGHT)
    acknowledge_concern(concern=concern, by=cast.team_manager, at=NIGHT + timedelta(minutes=20))
    tick(NIGHT + timedelta(hours=5))
    assert told(NIGHT + timedelta(hours=5)) == set()


@pytest.mark.req("B3")
def test_the_email_goes_at_once_and_by_itself_whatever_somebody_prefers(audit, cast, mailoutbox):
    for group in Preference.Group.values:
        Preference.objects.create(staff=cast.team_manager, group=group, how="daily")
    raise_concern(audit=audit, text="Not safe tonight", by=cast.auditor, at=NIGHT)
    drain(NIGHT)
    mail = next(mail for mail in mailoutbox if mail.subject == "Audit Portal: Answer an immediate concern")
    assert mail.to == [cast.team_manager.email]
    assert "Not safe" not in mail.body
