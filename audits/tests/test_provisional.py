"""The notice of an inadequate audit on the day of the grade, marked provisional, where a programme wants it (S2-22)."""

from datetime import timedelta

import pytest

from audit_portal.testing.factories import START, fill_in, make_audit_at
from audits import workflow
from audits.models import InadequateNotice
from calendars.rules import end_of_day, london_date
from duties.models import Duty, Notice
from people.refusals import Refused

pytestmark = pytest.mark.django_db
AT = START + timedelta(days=2)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NOTIFY = "inadequate.notify"


def choose(audit, grade, at=AT):
    standing = audit.answers.filter(field="grade").first()
    workflow.save_answer(audit=audit, field="grade", value=grade, version=standing.version if standing else 0,
                         by=audit.auditor, at=at)
    audit.refresh_from_db()
    return audit


def tell(audit, at=AT):
    return workflow.notify_inadequate(audit=audit, worker_told_on=london_date(at), by=audit.auditor, at=at)


def told(notice):
    return set(Notice.objects.filter(event_key__startswith=f"inadequate:{notice.pk}:").values_list(
        "recipient__name", "title"))


@pytest.mark.req("S2-22", "S2-52", "A24")
def test_the_auditor_owes_the_notice_the_same_day_and_saving_tells_nobody(cast, s2):
    audit = choose(make_audit_at("in_progress", cast, s2), "inadequate")
    duty = Duty.objects.open().of(audit, NOTIFY).get()
    assert (duty.holder, duty.due_at) == (cast.auditor, end_of_day(london_date(AT)))
    assert not InadequateNotice.objects.exists()
    assert not Notice.objects.filter(duty=duty).exists()


@pytest.mark.req("S2-22", "A24")
def test_told_before_the_grade_is_confirmed_it_says_provisional_and_is_confirmed_to_the_same_people(cast, s2):
    audit = make_audit_at("in_progress", cast, s2)
    fill_in(audit, AT, grade="inadequate")
    audit.refresh_from_db()
    notice = tell(audit)
    assert notice.is_provisional and cast.worker in notice.recipients.all()
    assert {title for _, title in told(notice)} == {"An audit was graded inadequate (provisional)"}
    workflow.share(audit=audit, by=cast.auditor, at=AT)
    for person in (cast.worker, cast.team_manager):
        workflow.respond(audit=audit, verdict="agrees", by=person, at=AT)
    workflow.finalise(audit=audit, by=cast.auditor, at=AT + timedelta(days=1))
    notice.refresh_from_db()
    assert not notice.is_provisional and not Duty.objects.open().of(audit, NOTIFY).exists()
    names = {name for name, _ in told(notice)}
    assert {(name, "It is confirmed that an audit is inadequate") for name in names} <= told(notice)


@pytest.mark.req("S2-22", "S2-52", "A24")
def test_whom_it_tells_before_the_audit_is_shared_can_open_it_and_reads_nothing_else(cast, s2, client):
    audit = choose(make_audit_at("in_progress", cast, s2), "inadequate")
    notice = tell(audit)
    people = {cast.worker, cast.team_manager, cast.group_manager, cast.head_of_service, cast.assistant_director,
              cast.pq_lead}
    assert set(notice.recipients.all()) == people
    assert {name for name, _ in told(notice)} == {person.name for person in people}
    assert Duty.objects.open().of(notice, "inadequate.acknowledge").get().holder == cast.team_manager
    for person in people:
        client.force_login(person, backend=BACKEND)
        assert "In force, provisional" in client.get(notice.get_absolute_url()).text
        assert person == cast.pq_lead or client.get(f"/audits/{audit.number}/read/").status_code == 404
    for person in (cast.iro, cast.other_manager, cast.other_worker):
        client.force_login(person, backend=BACKEND)
        assert client.get(notice.get_absolute_url()).status_code == 404


@pytest.mark.req("S2-22")
def test_the_manager_acknowledges_a_provisional_notice(cast, s2, client):
    notice = tell(choose(make_audit_at("in_progress", cast, s2), "inadequate"))
    client.force_login(cast.team_manager, backend=BACKEND)
    client.post(f"{notice.get_absolute_url()}acknowledge/")
    notice.refresh_from_db()
    assert notice.acknowledged_by == cast.team_manager


@pytest.mark.req("A24")
def test_another_grade_while_writing_tells_nobody_until_the_audit_is_shared(cast, s2):
    audit = make_audit_at("in_progress", cast, s2)
    fill_in(audit, AT, grade="inadequate")
    audit.refresh_from_db()
    notice = tell(audit)
    before = told(notice)
    choose(audit, "requires_improvement")
    notice.refresh_from_db()
    assert notice.withdrawn_at is None and told(notice) == before
    workflow.share(audit=audit, by=cast.auditor, at=AT)
    notice.refresh_from_db()
    assert notice.withdrawn_because == "The grade is another one now"
    assert {name for name, title in told(notice) if "no longer holds" in title} == {name for name, _ in before}


@pytest.mark.req("A24")
def test_the_auditor_withdraws_a_provisional_notice_and_a_grade_taken_back_owes_nothing(cast, s2):
    audit = choose(make_audit_at("in_progress", cast, s2), "inadequate")
    notice = tell(audit)
    choose(audit, "requires_improvement")
    workflow.withdraw_inadequate(notice=notice, because="I chose the wrong line", by=cast.auditor, at=AT)
    assert not Duty.objects.open().of(audit, NOTIFY).exists()
    choose(audit, "inadequate")
    choose(audit, "good")
    assert not Duty.objects.open().of(audit, NOTIFY).exists()


@pytest.mark.req("A24")
def test_under_the_default_programme_nothing_is_owed_before_the_grade_is_confirmed(cast, s1):
    audit = choose(make_audit_at("in_progress", cast, s1), "inadequate")
    assert not Duty.objects.open().of(audit, NOTIFY).exists()
    with pytest.raises(Refused, match="not confirmed"):
        tell(audit)
