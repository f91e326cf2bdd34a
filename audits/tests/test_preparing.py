"""Before an audit day the worker confirms the record and that they will be there (S4-05)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit_portal.testing.factories import START, make_audit, make_audit_on, prepared_before
from audits import workflow
from audits.models import Preparation
from calendars.rules import end_of_day
from casefiles.corrections import correct
from duties.models import Duty, Notice
from duties.tick import tick
from people.refusals import Refused
from trail.models import Event

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 19)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def audit(cast, s1):
    """One that is done on 19 November, in a programme that has workers prepare three working days before."""
    with prepared_before(s1):
        yield make_audit_on(DAY, cast, s1)


def asked():
    rows = Duty.objects.open().filter(kind="audit.prepare").order_by("slot")
    return [(row.slot, row.holder.name) for row in rows.select_related("holder")]


def confirm(audit, what, by, at=START):
    return workflow.confirm_preparation(audit=audit, what=what, by=by, at=at)


@pytest.mark.req("S4-05")
def test_the_worker_is_asked_for_two_things_three_working_days_before(audit):
    assert asked() == [("attendance", "Tomasz Nowak"), ("recording", "Tomasz Nowak")]
    assert {row.due_at for row in Duty.objects.filter(kind="audit.prepare")} == {end_of_day(date(2026, 11, 16))}


@pytest.mark.req("S4-05")
def test_each_is_confirmed_with_who_and_when(audit, cast):
    row = confirm(audit, "recording", cast.worker)
    assert (row.worker, row.confirmed_by, row.confirmed_at) == (cast.worker, cast.worker, START)
    assert asked() == [("attendance", "Tomasz Nowak")]
    assert Event.objects.filter(verb="preparation.recording").count() == 1
    with pytest.raises(Refused):
        confirm(audit, "recording", cast.worker)


@pytest.mark.req("S4-05")
def test_the_worker_is_reminded_until_it_is_confirmed_and_their_manager_told(audit, cast):
    confirm(audit, "attendance", cast.worker)
    for day, told in ((12, {"Tomasz Nowak"}), (16, {"Tomasz Nowak"}), (17, {"Tomasz Nowak", "Farah Siddiqui"}),
                      (18, {"Tomasz Nowak", "Farah Siddiqui"})):
        before = set(Notice.objects.values_list("pk", flat=True))
        tick(end_of_day(date(2026, 11, day)))
        rows = Notice.objects.filter(duty__kind="audit.prepare", channel="inbox").exclude(pk__in=before)
        assert set(rows.values_list("recipient__name", flat=True)) == told, day
    confirm(audit, "recording", cast.worker)
    assert asked() == []


def test_another_worker_says_anew_that_they_will_be_there(audit, cast):
    for what in Preparation.What.values:
        confirm(audit, what, cast.worker)
    correct(case_file=audit.case_file, fact="worker", staff=cast.other_worker, by=cast.pq_lead, at=START)
    assert asked() == [("attendance", "Amy Lowther")]


def test_what_is_still_asked_goes_to_another_worker(audit, cast):
    correct(case_file=audit.case_file, fact="worker", staff=cast.other_worker, by=cast.pq_lead, at=START)
    assert asked() == [("attendance", "Amy Lowther"), ("recording", "Amy Lowther")]


def test_a_list_that_goes_out_late_asks_at_once(cast, s1):
    late = START + timedelta(days=16)
    with prepared_before(s1):
        make_audit_on(DAY, cast, s1, at=late)
        assert {row.due_at for row in Duty.objects.filter(kind="audit.prepare")} == {late}


def test_nobody_prepares_without_an_audit_day(cast, s1):
    with prepared_before(s1):
        make_audit(cast, s1)
        assert asked() == []


@pytest.mark.req("S0-14")
def test_nobody_prepares_for_a_case_without_notice(cast, s1):
    with prepared_before(s1):
        make_audit_on(DAY, cast, s1, is_no_notice=True)
        assert asked() == []


def test_nobody_prepares_where_the_programme_does_not_ask(cast, s1):
    make_audit_on(DAY, cast, s1)
    assert asked() == []


@pytest.mark.parametrize("persona", ["team_manager", "auditor", "iro", "pq_lead"])
def test_only_the_worker_confirms(persona, audit, cast):
    with pytest.raises(PermissionDenied):
        confirm(audit, "recording", getattr(cast, persona))


def test_the_page_confirms_one_and_shows_both(audit, cast, client):
    client.force_login(cast.worker, backend=BACKEND)
    address = f"/audits/{audit.number}/prepare/"
    assert "Confirm that I will be there" in client.get(address).content.decode()
    assert client.post(address, {"what": "attendance"}).status_code == 302
    page = client.get(address).content.decode()
    assert "Confirm that I will be there" not in page and "Confirm that the record is up to date" in page
    assert "Tomasz Nowak" in page
    assert client.post(address, {"what": "nonsense"}).status_code == 400


def test_there_is_no_such_page_where_nothing_is_asked(cast, s1, client):
    audit = make_audit(cast, s1)
    client.force_login(cast.worker, backend=BACKEND)
    assert client.get(f"/audits/{audit.number}/prepare/").status_code == 404
