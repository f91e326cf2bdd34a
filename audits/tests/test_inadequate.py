"""Inadequate: told in writing by a step of its own, acknowledged, or it climbs; withdrawn tells the same people."""

from datetime import UTC, date, datetime, timedelta

import pytest

from audit_portal.testing.factories import START, make_audit_at, walk
from audit_portal.testing.liveness import missing_duties
from audits import workflow
from audits.models import InadequateNotice
from casefiles.leaving import hand_over
from duties.delivery import drain
from duties.models import Duty, Notice, Preference
from duties.tick import tick
from people.refusals import Refused

pytestmark = pytest.mark.django_db
CONFIRMED = START + timedelta(days=5)  # Saturday 7 November
TOLD = CONFIRMED + timedelta(hours=2)
LINE = {"Tomasz Nowak", "Farah Siddiqui", "Colin Beckett", "Ruth Okafor", "Simon Hartley", "Naomi Clarke"}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def audit(cast, s1):
    """Final since 7 November, and inadequate."""
    return make_audit_at("quality_check", cast, s1, grade="inadequate")


def tell(audit, by, on=date(2026, 11, 2)):
    return workflow.notify_inadequate(audit=audit, worker_told_on=on, by=by, at=TOLD)


def heard(event):
    rows = Notice.objects.filter(event=event, channel="email")
    return set(rows.values_list("recipient__name", flat=True))


def owed(kind):
    return Duty.objects.open().filter(kind=kind)


@pytest.mark.req("S2-22", "A24")
def test_the_auditor_owes_the_notice_on_the_day_of_confirmation_and_nobody_is_told_by_itself(audit, cast):
    duty = owed("inadequate.notify").get()
    assert (duty.holder, duty.due_at) == (cast.auditor, datetime(2026, 11, 7, 23, 59, 59, tzinfo=UTC))
    assert heard("inadequate.told") == set()
    assert missing_duties() == []


def test_another_grade_owes_no_notice(cast, s1):
    make_audit_at("quality_check", cast, s1)
    assert not owed("inadequate.notify").exists()


@pytest.mark.req("S2-22", "A24")
def test_worker_managers_up_to_the_assistant_director_and_quality_are_told_at_once(audit, cast, mailoutbox):
    for person in (cast.worker, cast.team_manager):
        Preference.objects.create(staff=person, group="cases", how="daily")
    tell(audit, cast.auditor)
    assert heard("inadequate.told") == LINE
    assert not owed("inadequate.notify").exists()
    drain(TOLD)
    mails = [mail for mail in mailoutbox if mail.subject.startswith("Audit Portal: An audit was graded inadequate")]
    assert len(mails) == len(LINE)
    assert audit.case_file.reference not in mails[0].body and audit.number in mails[0].body
    assert missing_duties() == []


@pytest.mark.req("S2-22")
def test_unacknowledged_it_climbs_until_a_manager_has_read_it(audit, cast):
    notice = tell(audit, cast.auditor)
    assert owed("inadequate.acknowledge").get().holder == cast.team_manager
    climbed = []
    for day in range(9, 17):
        now = datetime(2026, 11, day, 8, tzinfo=UTC)
        tick(now)
        rows = Notice.objects.filter(duty__kind="inadequate.acknowledge", channel="inbox", created_at=now)
        climbed.append(set(rows.values_list("recipient__name", flat=True)))
    first = {"Farah Siddiqui", "Naomi Clarke", "Colin Beckett"}
    assert climbed[0] == {"Farah Siddiqui"}
    assert climbed[1:4] == [first, first | {"Ruth Okafor"}, first | {"Ruth Okafor", "Simon Hartley"}]
    again = first | {"Ruth Okafor", "Simon Hartley"}
    assert climbed[4:] == [set(), set(), set(), again], "again after two working days"
    workflow.acknowledge_inadequate(notice=notice, by=cast.group_manager, at=datetime(2026, 11, 17, 9, tzinfo=UTC))
    assert not owed("inadequate.acknowledge").exists()
    assert missing_duties() == []


@pytest.mark.req("A24")
def test_withdrawn_tells_the_same_people_and_it_is_owed_again_while_the_grade_stands(audit, cast):
    notice = tell(audit, cast.auditor)
    workflow.withdraw_inadequate(notice=notice, because="Sent for the wrong audit", by=cast.pq_lead, at=TOLD)
    assert heard("inadequate.withdrawn") == LINE
    assert owed("inadequate.notify").get().holder == cast.auditor
    assert not owed("inadequate.acknowledge").exists()
    assert missing_duties() == []


@pytest.mark.req("A24")
def test_a_grade_that_became_another_one_tells_the_same_people(audit, cast):
    tell(audit, cast.auditor)
    walk(audit, ["return"], cast)
    later = START + timedelta(days=7)
    standing = audit.answers.get(field="grade", domain=None).version
    workflow.save_answer(audit=audit, field="grade", value="good", version=standing, by=cast.auditor, at=later)
    workflow.resubmit(audit=audit, by=cast.auditor, at=later)
    audit.refresh_from_db()
    for reader in audit.responses.filter(verdict="waiting"):
        workflow.respond(audit=audit, verdict="agrees", by=reader.staff, at=later)
    workflow.finalise(audit=audit, by=cast.auditor, at=later)
    assert heard("inadequate.withdrawn") == LINE
    assert InadequateNotice.objects.get().withdrawn_because == "The grade is another one now"
    assert missing_duties() == []


def test_an_auditor_who_left_leaves_the_notice_to_quality(audit, cast):
    hand_over(staff=cast.auditor, on=CONFIRMED.date(), by=cast.pq_lead, at=TOLD)
    assert owed("inadequate.notify").get().holder == cast.pq_lead
    assert tell(audit, cast.pq_lead).told_by == cast.pq_lead


@pytest.mark.parametrize(("on", "why"), [(date(2026, 11, 8), "between the allocation and today"),
                                         (date(2026, 10, 31), "between the allocation and today")])
def test_the_worker_was_told_between_the_allocation_and_today(on, why, audit, cast):
    with pytest.raises(Refused, match=why):
        tell(audit, cast.auditor, on)


def test_told_twice_is_told_once(audit, cast):
    tell(audit, cast.auditor)
    with pytest.raises(Refused, match="told already"):
        tell(audit, cast.auditor)


def test_what_is_not_inadequate_is_not_told(cast, s1):
    with pytest.raises(Refused, match="not confirmed as inadequate"):
        tell(make_audit_at("quality_check", cast, s1), cast.auditor)


def test_the_page_tells_acknowledges_and_withdraws(audit, cast, client):
    address = f"/audits/{audit.number}/inadequate/"
    client.force_login(cast.auditor, backend=BACKEND)
    page = client.get(address).content.decode()
    assert "Ruth Okafor" in page and "Notify that this audit is inadequate" in page
    assert client.post(address, {}).status_code == 422
    body = {"worker_told_on_0": "2", "worker_told_on_1": "11", "worker_told_on_2": "2026"}
    assert "6 people were told" in client.post(address, body, follow=True).content.decode()
    client.force_login(cast.team_manager, backend=BACKEND)
    assert "I have read this" in client.get(address).content.decode()
    client.post(f"{address}acknowledge/")
    assert "by Farah Siddiqui" in client.get(address).content.decode()
    assert "settled already" in client.post(f"{address}acknowledge/", follow=True).content.decode()
    client.force_login(cast.pq_lead, backend=BACKEND)
    assert client.post(f"{address}withdraw/", {"because": ""}).status_code == 422
    assert "Withdrawn" in client.post(f"{address}withdraw/", {"because": "A slip"}, follow=True).content.decode()
