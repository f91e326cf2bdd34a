"""The managers' guide (S2) beside the default programme: its ladders through the real tick, and nothing disturbed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from allocations.breaks.pool import version_for
from allocations.views.rounds import version_in
from audit_portal.testing.factories import (
    START,
    ask_exemption,
    make_audit,
    make_audit_at,
    make_case,
    publish_round,
    walk,
)
from audit_portal.year import year_of
from audits import workflow as audits
from audits.models import Audit
from calendars.rules import end_of_day
from duties import delivery
from duties.models import Duty, Notice, RungFired
from duties.tick import tick
from followup.past.matching import Programmes
from programmes.models import ProgrammeVersion

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MONTH = date(2026, 11, 1)
DUE = end_of_day(date(2026, 11, 30))
MORNING_AFTER = datetime(2026, 12, 1, 8, tzinfo=UTC)


@pytest.fixture
def audit(cast, s2):
    """An audit of November by the managers' guide."""
    return make_audit(cast, s2)


def told(kind, event="duty.overdue"):
    """Who was told of a kind of duty, by name."""
    rows = Notice.objects.filter(duty__kind=kind, event=event, channel="inbox")
    return set(rows.values_list("recipient__name", flat=True))


@pytest.mark.req("S2-31")
def test_the_line_manager_is_told_on_the_working_day_after_an_audit_was_due(audit, cast):
    cast.auditor.line_manager = cast.assistant_director
    cast.auditor.save(update_fields=["line_manager"])
    tick(MORNING_AFTER - timedelta(seconds=1))
    assert told("audit.complete") == set()
    tick(MORNING_AFTER)
    assert told("audit.complete") == {cast.auditor.name, cast.assistant_director.name, cast.pq_lead.name}
    assert RungFired.objects.filter(duty__kind="audit.complete", tells_leaders=True).count() == 1


@pytest.mark.req("S2-31")
def test_a_line_manager_who_may_not_know_of_the_case_hears_that_it_was_not_done_but_not_of_what(audit, cast):
    """The auditor's team is not the case's: the notice is about the allocation, and the ladder passes them over."""
    audits.tell_of_missed(DUE + timedelta(seconds=1))
    tick(MORNING_AFTER)
    assert told("audit.complete") == {cast.auditor.name, cast.pq_lead.name}
    notice = Notice.objects.get(event="audit.not_completed", channel="inbox")
    assert (notice.recipient, notice.url) == (cast.other_manager, "/reports/not-completed/")


@pytest.mark.req("S2-31")
def test_nobody_is_told_of_an_audit_that_was_shared_in_time(audit, cast):
    walk(audit, ["open", "write", "share"], cast)
    tick(MORNING_AFTER)
    assert told("audit.complete") == set()


@pytest.mark.req("S2-32")
def test_the_next_tier_hears_of_a_second_audit_missed_within_six_months(audit, cast, s2):
    audits.tell_of_missed(DUE + timedelta(seconds=1))
    make_case("3071999", cast.team, cast.worker)
    publish_round(cast, s2, date(2026, 12, 1), datetime(2026, 12, 1, 9, tzinfo=UTC))
    audits.tell_of_missed(end_of_day(date(2026, 12, 31)) + timedelta(seconds=1))
    rows = Notice.objects.filter(event="audit.not_completed_again", channel="inbox")
    assert [(row.recipient.name, row.title) for row in rows] == [
        (above_of(cast), f"{cast.auditor} did not complete an audit in time: at least 2 within 6 months")
    ]


def above_of(cast):
    """The line manager's manager: the group of the auditor's team has none, so the next one up."""
    return cast.assistant_director.name


@pytest.mark.req("S2-32")
def test_one_missed_audit_does_not_reach_the_next_tier(audit, cast):
    audits.tell_of_missed(DUE + timedelta(seconds=1))
    assert Notice.objects.filter(event="audit.not_completed", channel="inbox").count() == 1
    assert not Notice.objects.filter(event="audit.not_completed_again").exists()


@pytest.mark.req("S2-86")
@pytest.mark.parametrize("kind", ["followup.supervision", "followup.confirm"])
def test_part_b_that_is_not_completed_reaches_the_assistant_director(kind, cast, s2):
    audit = make_audit_at("with_team_manager", cast, s2)
    if kind == "followup.confirm":
        end_actions(audit, cast)
    duty = Duty.objects.open().get(kind=kind)
    assert duty.holder == cast.team_manager
    tick(duty.due_at)
    assert told(kind) == set()
    tick(duty.due_at + timedelta(days=4))
    assert told(kind) == {cast.team_manager.name, cast.pq_lead.name, cast.assistant_director.name}


def end_actions(audit, cast):
    """Every action is confirmed, so only the return is left."""
    from followup import workflow as followup

    for action in audit.part_b.actions.all():
        followup.confirm_action(action=action, done_on=date(2026, 11, 12), evidence="Plan of 10 November",
                                by=cast.team_manager, at=START + timedelta(days=10))


@pytest.mark.req("S2-22", "S2-52")
def test_an_inadequate_notice_that_nobody_reads_reaches_the_assistant_director_on_the_second_day(cast, s2):
    audit = make_audit_at("quality_check", cast, s2, grade="inadequate")
    at = datetime(2026, 11, 9, 9, tzinfo=UTC)
    audits.notify_inadequate(audit=audit, worker_told_on=at.date(), by=cast.auditor, at=at)
    due_at = Duty.objects.open().get(kind="inadequate.acknowledge").due_at
    line = {cast.team_manager.name, cast.pq_lead.name, cast.group_manager.name}
    tick(due_at + timedelta(days=1))
    assert told("inadequate.acknowledge") == line
    tick(due_at + timedelta(days=2))
    assert told("inadequate.acknowledge") == line | {cast.head_of_service.name, cast.assistant_director.name}


@pytest.mark.req("S2-04")
def test_the_email_of_an_allocation_names_number_link_and_date_and_no_child(audit, cast, mailoutbox):
    delivery.drain(START)
    mail = next(mail for mail in mailoutbox if mail.to == [cast.auditor.email])
    assert f"{audit.number}, due Monday 30 November 2026" in mail.body
    assert f"/audits/{audit.number}/" in mail.body
    assert audit.case_file.reference not in mail.body + mail.subject


@pytest.mark.req("S2-33")
def test_the_line_manager_speaks_before_the_principal_social_worker_decides(audit, cast):
    ask_exemption(audit.allocation)
    assert Duty.objects.open().get(kind="exemption.support").holder == cast.other_manager
    assert not Duty.objects.open().filter(kind="exemption.decide").exists()


@pytest.mark.req("S2-34")
@pytest.mark.parametrize(
    ("referral", "expected"), [(date(2026, 9, 1), date(2026, 9, 1)), (date(2026, 1, 5), date(2026, 5, 3))]
)
def test_the_period_begins_with_the_latest_referral_where_that_is_shorter(referral, expected, audit, cast):
    audit.case_file.referral_on = referral
    audit.case_file.save(update_fields=["referral_on"])
    audits.open_audit(audit=Audit.objects.get(pk=audit.pk), by=cast.auditor, at=START + timedelta(days=1))
    audit.refresh_from_db()
    assert audit.period_from == expected


@pytest.mark.parametrize("status", ["shared", "quality_check", "closed"])
def test_an_audit_of_seven_areas_goes_all_the_way(status, cast, s2, client):
    audit = make_audit_at(status, cast, s2)
    assert audit.version.programme.slug == "s2" and audit.status == status
    client.force_login(cast.auditor, backend=BACKEND)
    page = client.get(f"/audits/{audit.number}/").content.decode()
    assert "Equality and diversity" in page and "ine domains" not in page
    assert "Children looked after and care leavers" not in page  # the child is not (S2-46)


def test_a_second_programme_disturbs_nothing_that_means_the_councils_own(cast, s1, s2, client):
    client.force_login(cast.auditor, backend=BACKEND)
    assert version_in(MONTH) == version_for(MONTH) == s1
    assert year_of(cast.auditor, MONTH).cap == 10
    assert Programmes().version("", MONTH) == s1
    assert "Monthly case file audits, version 1" in client.get("/help/audit-policy/").content.decode()


def test_a_council_that_follows_the_guide_says_so_in_its_settings(cast, s1, s2, client, settings):
    settings.MONTHLY_PROGRAMME = "s2"
    client.force_login(cast.auditor, backend=BACKEND)
    assert version_in(MONTH) == version_for(MONTH) == s2
    assert year_of(cast.auditor, MONTH).cap == 12
    assert Programmes().version("", MONTH) == s2
    page = client.get("/help/audit-policy/").content.decode()
    assert "Managers’ monthly audits, version 1" in page and "Requires improvement to be good" in page
    client.force_login(cast.pq_lead, backend=BACKEND)
    assert client.get("/rounds/year/2026/").status_code == 200


def test_without_any_programme_the_year_and_the_policy_are_silent(cast, client, settings):
    settings.MONTHLY_PROGRAMME = "none-of-these"
    assert year_of(cast.auditor, MONTH) is None
    client.force_login(cast.auditor, backend=BACKEND)
    assert "No programme is published yet" in client.get("/help/audit-policy/").content.decode()


def test_both_are_loaded_and_an_unknown_name_is_refused(db, settings):
    call_command("load_programmes", verbosity=0)
    assert list(ProgrammeVersion.objects.order_by("programme__slug").values_list("programme__slug", "number")) == [
        ("s1", 1), ("s2", 1), ("s4", 1),
    ]  # fmt: skip
    settings.MONTHLY_PROGRAMME = "s9"
    with pytest.raises(CommandError, match="MONTHLY_PROGRAMME is “s9”. Programmes: s1, s2, s4."):
        call_command("load_programmes", verbosity=0)
