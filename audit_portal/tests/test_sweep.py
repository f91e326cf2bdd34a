"""The nightly check: each kind of damage is found and put right, a healthy database is left alone."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit_portal.testing.factories import make_audit_at, walk
from audit_portal.testing.liveness import missing_duties
from audit_portal.tests.test_costs import audits_of_a_round
from audits.models import Audit
from calendars.rules import end_of_day, london_date
from duties import comparing
from duties.comparing import Finding, findings
from duties.models import Duty, Notice, Sweep
from duties.registry import kind, kinds
from duties.sweep import begin, carry_on, repair
from duties.tests.together import at_once
from people.lines import system_actor
from people.models import Staff
from trail.models import Event

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 28, 2, 30, tzinfo=UTC)  # a Saturday
MONDAY = date(2026, 11, 30)
TODAY = london_date(NIGHT)


@pytest.fixture
def audit(cast, s1):
    """An audit that is written."""
    return make_audit_at("in_progress", cast, s1)


@pytest.fixture
def ended(cast, s1):
    """An audit that is closed, with a duty that was never closed."""
    audit = make_audit_at("closed", cast, s1)
    never_closed(audit)
    return audit


def never_closed(audit):
    """As if nobody had closed the auditor's duty."""
    Duty.objects.of(audit, "audit.complete").update(closed_at=None, closed_by=None, outcome="")


def swept(at=NIGHT):
    """A check from beginning to end."""
    sweep, _ = begin(at=at)
    assert carry_on(sweep, at=at)
    return sweep


def numbers(sweep):
    """What it did."""
    return sweep.opened, sweep.closed, sweep.moved


def everything():
    """All that a check could change, and the notices that it could send."""
    return list(Duty.objects.order_by("pk").values()), Notice.objects.count()


@pytest.mark.parametrize("state", ["in_progress", "shared", "quality_check", "returned", "with_team_manager", "closed"])
def test_a_healthy_database_is_left_as_it_is(state, cast, s1):
    make_audit_at(state, cast, s1)
    before = everything()
    sweep = swept()
    assert numbers(sweep) == (0, 0, 0) and sweep.finished_at == NIGHT
    assert sweep.checked >= Duty.objects.open().count()
    assert everything() == before


def test_a_duty_that_is_missing_is_opened_for_the_lead_by_the_end_of_the_working_day(audit, cast):
    Duty.objects.filter(kind="audit.complete").update(
        closed_at=NIGHT, closed_by=system_actor(), outcome="lost", next_rung_at=None
    )
    assert [finding.what for finding in findings(TODAY)] == ["missing"]
    sweep = swept()
    assert numbers(sweep) == (1, 0, 0)
    duty = Duty.objects.open().get(kind="audit.complete")
    assert (duty.holder, duty.role, duty.due_at) == (cast.pq_lead, "qa_lead", end_of_day(MONDAY))
    assert (duty.audit_number, duty.unit) == (audit.number, audit.team)
    assert duty.notices.filter(recipient=cast.pq_lead).count() == 2
    assert sweep.details == [{"what": "missing", "kind": "audit.complete", "subject_id": audit.pk, "slot": ""}]
    assert missing_duties() == []


def test_a_duty_of_an_audit_that_never_had_one_bears_its_number(audit):
    Duty.objects.of(audit).update(subject_id=audit.pk + 1000)
    assert swept().opened == 2
    assert list(Duty.objects.open().of(audit).values_list("audit_number", flat=True)) == [audit.number] * 2


def test_a_slot_that_is_missing_is_opened_and_the_others_stay(cast, s1):
    make_audit_at("shared", cast, s1)
    lost = Duty.objects.filter(kind="audit.respond", slot=str(cast.iro.pk))
    lost.update(closed_at=NIGHT, closed_by=system_actor(), outcome="lost", next_rung_at=None)
    kept = set(Duty.objects.open().values_list("pk", flat=True))
    assert numbers(swept()) == (1, 0, 0)
    assert kept < set(Duty.objects.open().values_list("pk", flat=True))
    assert missing_duties() == []


def test_a_duty_that_nothing_needs_is_closed(ended):
    duty = Duty.objects.open().get(kind="audit.complete")
    assert numbers(swept()) == (0, 1, 0)
    duty.refresh_from_db()
    assert (duty.outcome, duty.closed_by, duty.closed_at) == ("swept", system_actor(), NIGHT)
    assert not duty.notices.filter(state="pending").exists()


def test_a_duty_about_a_record_that_is_gone_is_closed(audit):
    Duty.objects.open().filter(kind="audit.complete").update(subject_id=audit.pk + 1000)
    assert {"missing", "surplus"} <= {finding.what for finding in findings(TODAY)}
    assert numbers(swept()) == (1, 1, 0)
    assert missing_duties() == []


def test_a_duty_in_a_state_that_needs_another_is_exchanged(audit):
    Duty.objects.open().filter(kind="audit.complete").update(kind="audit.finalise")
    assert numbers(swept()) == (1, 1, 0)
    found = Duty.objects.open().of(audit).values_list("kind", flat=True)
    assert sorted(found) == ["audit.complete", "audit.contact"]


@pytest.mark.parametrize("damage", ["left", "may not know", "cannot do it"])
def test_a_holder_who_left_may_not_know_or_cannot_do_it_is_replaced(damage, cast, s1):
    audit = make_audit_at("quality_check", cast, s1)
    duty = Duty.objects.open().get(kind="audit.check")
    if damage == "left":
        Staff.objects.filter(pk=duty.holder_id).update(is_active=False, left_on=TODAY - timedelta(days=1))
        duty.holder.role_grants.update(ends_on=TODAY - timedelta(days=1))
    else:
        duty.holder = cast.other_worker if damage == "may not know" else audit.auditor
        duty.save()
    assert Finding("holder", "audit.check", audit.pk, "") in set(findings(TODAY))
    before = duty.holder
    sweep = swept()
    assert (sweep.opened, sweep.closed) == (0, 0) and sweep.moved >= 1
    duty.refresh_from_db()
    assert duty.holder != before and duty.holder.hats().is_pq and duty.revision == 2
    assert Notice.objects.filter(duty=duty, duty_revision=2, recipient=duty.holder).exists()


def test_the_lead_is_told_once_and_the_report_is_in_the_trail(ended, cast):
    sweep = swept()
    told = Notice.objects.filter(event_key=f"sweep:{sweep.pk}")
    assert set(told.values_list("recipient__name", "title")) == {
        (cast.pq_lead.name, "The nightly check of duties put 1 thing right")
    }
    assert Event.objects.filter(verb="duties.swept").get().detail.content["changes"]["closed"] == 1
    assert carry_on(sweep, at=NIGHT)
    swept(NIGHT + timedelta(days=1))
    assert Notice.objects.filter(event_key__startswith="sweep:").count() == told.count() == 2


def test_it_goes_on_where_it_stopped(ended, cast, s1):
    never_closed(make_audit_at("closed", cast, s1, reference="3000555", month=date(2026, 10, 1)))
    sweep, turns = begin(at=NIGHT)[0], 1
    while not carry_on(sweep, at=NIGHT, enough=lambda: True):
        turns += 1
        assert Sweep.objects.get(pk=sweep.pk).position == sweep.position
        sweep.refresh_from_db()
    assert turns > len(kinds())
    assert sweep.finished_at == NIGHT and sweep.closed == 2
    assert missing_duties() == []


def test_progress_is_told(audit):
    said = []
    carry_on(begin(at=NIGHT)[0], at=NIGHT, tell=lambda *words: said.append(words))
    assert said[-1][0] == said[-1][1] and "0 put right" in said[-1][2]


def test_what_a_verb_put_right_in_the_meantime_is_left_alone(audit):
    before = everything()
    for what in ("missing", "surplus", "holder"):
        assert repair(Finding(what, "audit.complete", audit.pk, ""), at=NIGHT) is False
    assert everything() == before


def test_a_dry_run_says_what_is_wrong_and_writes_nothing(ended):
    before, said = everything(), StringIO()
    call_command("sweep", dry_run=True, now=NIGHT.isoformat(), stdout=said)
    assert said.getvalue().splitlines() == [
        f"audit.complete is open and not needed for audit {ended.pk}", "1 thing wrong, nothing changed."
    ]
    assert everything() == before and not Sweep.objects.exists()


def test_the_command_puts_right_and_says_so(ended):
    said = StringIO()
    call_command("sweep", now=NIGHT.isoformat(), stdout=said)
    assert said.getvalue().splitlines()[-1].endswith("0 opened, 1 closed, 0 given to another holder.")
    assert Sweep.objects.get().night is None


@pytest.mark.parametrize(("given", "why"), [("soon", "not a date"), ("2026-11-30T09:00:00", "needs an offset")])
def test_the_command_refuses_a_moment_that_is_none(given, why):
    with pytest.raises(CommandError, match=why):
        call_command("sweep", now=given)


@pytest.mark.parametrize("state", ["allocated", "shared", "with_team_manager"])
def test_comparing_costs_the_same_for_one_record_and_for_twenty(state, cast, s1):
    for audit in audits_of_a_round(cast, s1, 20):
        walk(audit, ["open", "write", "share"] if state == "shared" else [], cast)
    audits = list(Audit.objects.values_list("pk", flat=True))
    for one in kinds():
        ids = audits if one.model is Audit else list(one.model._default_manager.values_list("pk", flat=True))
        costs = []
        for some in (ids[:1], ids):
            with CaptureQueriesContext(connection) as captured:
                comparing.compare(one, some)
            costs.append(len(captured))
        assert costs[0] == costs[1] <= 6, one.name


@pytest.mark.django_db(transaction=True)
def test_three_checks_at_the_same_moment_put_a_thing_right_once(audit):
    Duty.objects.filter(kind="audit.complete").update(
        closed_at=NIGHT, closed_by=system_actor(), outcome="lost", next_rung_at=None
    )
    done = at_once(3, swept)
    assert sum(sweep.opened for sweep in done) == 1
    assert Duty.objects.open().filter(kind="audit.complete").count() == 1


def test_every_kind_says_which_records_can_owe_it():
    assert [one.name for one in kinds() if one.records is None] == []
    assert kind("audit.complete").owing().model is Audit


def test_records_that_have_ended_are_not_looked_at(cast, s1):
    closed = make_audit_at("closed", cast, s1)
    assert not kind("audit.complete").owing().filter(pk=closed.pk).exists()
