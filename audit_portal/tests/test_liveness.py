"""Every state of every workflow: where work is unfinished there is an open duty with a living holder."""

from datetime import timedelta

import pytest

from allocations import workflow as rounds
from allocations.exemptions import workflow as exemptions
from allocations.models import Exemption, Round
from audit_portal.testing.factories import (
    MONTH,
    PATHS,
    START,
    ask_exemption,
    line_manager_first,
    make_audit,
    make_audit_at,
    make_case,
    plan_round,
    walk,
)
from audit_portal.testing.liveness import missing_duties
from audits import workflow as audits
from audits.models import Audit, Concern
from challenges import workflow as challenges
from challenges.models import Challenge
from duties.workflow import staff_left
from followup import workflow as followup
from followup.models import Action, PartB
from workflows import registered

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=8)
AFTER_THE_MONTH = START + timedelta(days=31)
WALKED = {Audit, Exemption, Round, Concern, Challenge, PartB, Action}
# An allocation owes nothing by itself: its audit does. A break waits for a place, and for nobody to act (A7).
OWES_NOTHING = {"allocations.allocation", "allocations.break", "casefiles.import"}


def test_every_workflow_is_walked_here():
    assert {table.label for table in registered()} - OWES_NOTHING == {model._meta.label_lower for model in WALKED}


@pytest.mark.parametrize("status", sorted(PATHS))
def test_an_audit_in_every_state(status, cast, s1):
    assert make_audit_at(status, cast, s1).status == status
    assert missing_duties() == []


HANDS = {
    "asked": ["ask"], "asked in progress": ["open", "write", "ask"], "waits for an auditor": ["exempt"],
    "begun, and waits": ["open", "write", "exempt"], "given to another": ["exempt", "reallocate"],
    "taken from somebody away": ["open", "reallocate"], "shared while asked": ["ask", "open", "write", "share"],
    "cancelled while asked": ["ask", "cancel"], "cancelled while waiting": ["exempt", "cancel"],
}  # fmt: skip


@pytest.mark.req("S1-13")
@pytest.mark.parametrize("steps", HANDS.values(), ids=HANDS)
def test_an_audit_that_changes_hands(steps, cast, s1):
    audit = walk(make_audit(cast, s1), steps, cast)
    assert missing_duties() == []
    assert audit.awaits_auditor_since is None or audit.status in {"allocated", "in_progress"}


@pytest.mark.parametrize("state", ["shared", "in_dispute", "returned"])
def test_the_last_steps_of_a_leavers_audit_change_hands(state, cast, s1):
    audit = make_audit_at(state, cast, s1)
    staff_left(staff=cast.auditor, by=cast.pq_lead, at=LATER)
    walk(audit, ["reallocate"], cast)
    assert missing_duties() == []


@pytest.mark.parametrize("status", Exemption.Status.values)
def test_a_request_for_exemption_in_every_state(status, cast, s1):
    with line_manager_first(s1):
        row = ask_exemption(make_audit(cast, s1).allocation)
    if status not in ("with_line_manager", "withdrawn"):
        row = exemptions.support(exemption=row, supports=True, note="", by=cast.other_manager, at=LATER)
    if status in ("agreed", "refused"):
        row = exemptions.decide(
            exemption=row, agrees=status == "agreed", note="Read", by=cast.assistant_director, at=LATER
        )
    if status == "withdrawn":
        row = exemptions.withdraw(exemption=row, by=cast.auditor, at=LATER)
    assert row.status == status
    assert missing_duties() == []


ROUND_STEPS = ("freeze_frame", "draw_round", "review", "publish", "close_round")
ROUND_STATES = dict(zip(("planned", "frozen", "drawn", "reviewed", "published", "closed"), range(6), strict=True))


@pytest.mark.parametrize("status", Round.Status.values)
def test_a_round_in_every_state(status, cast, s1):
    make_case("3071846", cast.team, cast.worker)
    round = plan_round(cast, s1, MONTH)
    for verb in ROUND_STEPS[: ROUND_STATES[status]]:
        at = AFTER_THE_MONTH if verb == "close_round" else START
        getattr(rounds, verb)(round=round, by=cast.pq_lead, at=at)
    round.refresh_from_db()
    assert round.status == status
    assert missing_duties() == []


@pytest.mark.parametrize("status", Concern.Status.values)
def test_a_concern_in_every_state(status, cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    concern = audits.raise_concern(audit=audit, text="Worried", by=cast.auditor, at=LATER)
    if status != "raised":
        concern = audits.acknowledge_concern(concern=concern, by=cast.team_manager, at=LATER)
    if status == "confirmed":
        concern = audits.confirm_concern(
            concern=concern, action_taken="Seen", record_reference="Note", at=LATER, by=cast.team_manager
        )
    assert concern.status == status
    assert missing_duties() == []


@pytest.mark.parametrize("status", Challenge.Status.values)
def test_a_challenge_in_every_state(status, cast, s1):
    audit = make_audit_at("shared", cast, s1)
    row = challenges.raise_challenge(audit=audit, point="grade", text="It is good", by=cast.worker, at=LATER)
    if status == "settled":
        row = challenges.settle(challenge=row, outcome="kept", answer="We talked", by=cast.auditor, at=LATER)
    if status == "withdrawn":
        row = challenges.withdraw(challenge=row, by=cast.worker, at=LATER)
    assert row.status == status
    assert missing_duties() == []


@pytest.mark.parametrize("status", Action.Status.values)
def test_an_action_in_every_state(status, cast, s1):
    part_b = make_audit_at("with_team_manager", cast, s1).part_b
    action = part_b.actions.get()
    if status == "done":
        action = followup.confirm_action(
            action=action, done_on=LATER.date(), evidence="Plan", by=cast.team_manager, at=LATER
        )
    if status == "not_possible":
        action = followup.give_up_action(action=action, because="Moved away", by=cast.team_manager, at=LATER)
    assert action.status == status
    assert missing_duties() == []


@pytest.mark.parametrize("status", PartB.Status.values)
def test_a_part_b_in_every_state(status, cast, s1):
    audit = make_audit_at("closed" if status == "closed" else "with_team_manager", cast, s1)
    assert audit.part_b.status == status
    assert missing_duties() == []


@pytest.mark.parametrize("status", ["allocated", "in_progress"])
def test_an_audit_whose_auditor_has_a_connection(status, cast, s1):
    audit = make_audit_at(status, cast, s1)
    audit = audits.report_connection(audit=audit, text="Our children share a class", by=cast.auditor, at=LATER)
    assert audit.status == status
    assert missing_duties() == []


def test_the_window_that_lapses_leaves_the_auditor_with_the_next_step(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    assert audits.lapse_windows(audit.respond_by + timedelta(minutes=1)) == 1
    assert missing_duties() == []
    assert cast.auditor.duties.open().filter(kind="audit.finalise").exists()


@pytest.mark.parametrize("told", ["owed", "told", "acknowledged", "withdrawn"])
def test_an_inadequate_audit_in_every_state_of_its_notice(told, cast, s1):
    audit = make_audit_at("quality_check", cast, s1, grade="inadequate")
    if told != "owed":
        notice = audits.notify_inadequate(audit=audit, worker_told_on=START.date(), by=cast.auditor, at=LATER)
    if told == "acknowledged":
        audits.acknowledge_inadequate(notice=notice, by=cast.team_manager, at=LATER)
    if told == "withdrawn":
        audits.withdraw_inadequate(notice=notice, because="A slip", by=cast.pq_lead, at=LATER)
    assert missing_duties() == []
