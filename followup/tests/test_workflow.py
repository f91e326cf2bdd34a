"""Part B: actions filled in, each confirmed, supervision recorded, returned, closed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from audit_portal.testing.factories import START, make_audit_at
from audits.models import Audit
from calendars.rules import end_of_day
from followup import workflow
from followup.models import Action, PartB

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=10)


@pytest.fixture
def part_b(cast, s1):
    return make_audit_at("with_team_manager", cast, s1).part_b


@pytest.mark.req("S1-52", "S2-84")
def test_the_team_manager_gets_the_audit_with_its_actions_filled_in(part_b, cast):
    assert part_b.manager == cast.team_manager
    action, proposed = part_b.actions.get(), part_b.audit.proposed_actions.get()
    for field in ("what", "owner", "due_on", "measure", "change_for_child"):
        assert getattr(action, field) == getattr(proposed, field)


@pytest.mark.req("S1-56")
def test_supervision_is_due_within_thirty_days(part_b):
    assert part_b.supervision_due_at == end_of_day(date(2026, 12, 9))


@pytest.mark.req("S2-81")
def test_an_inadequate_audit_is_discussed_within_five_working_days(cast, s1):
    audit = make_audit_at("quality_check", cast, s1, grade=s1.grades.get(is_inadequate=True).slug)
    assert workflow.supervision_due(audit, datetime(2026, 12, 24, 9, tzinfo=UTC)) == end_of_day(date(2027, 1, 5))


@pytest.mark.req("S1-53", "S1-54", "S1-55")
def test_part_b_goes_back_only_when_everything_is_answered(part_b, cast):
    with pytest.raises(workflow.NotReady, match="action 1 is confirmed"):
        workflow.return_part_b(part_b=part_b, by=cast.team_manager, at=LATER)
    workflow.confirm_action(
        action=part_b.actions.get(), done_on=LATER.date(), evidence="Plan", by=cast.team_manager, at=LATER
    )
    assert cast.team_manager.duties.open().get(kind="followup.confirm").due_at == end_of_day(date(2026, 11, 17))
    with pytest.raises(workflow.NotReady, match="supervision"):
        workflow.return_part_b(part_b=part_b, by=cast.team_manager, at=LATER)
    workflow.record_supervision(part_b=part_b, on=LATER.date(), discussion="Read", by=cast.team_manager, at=LATER)
    returned = workflow.return_part_b(part_b=part_b, by=cast.team_manager, at=LATER)
    assert returned.status == PartB.Status.CLOSED
    assert Audit.objects.get(pk=part_b.audit_id).status == Audit.Status.CLOSED


@pytest.mark.parametrize("persona", ["worker", "auditor", "pq_lead", "other_manager"])
def test_nobody_but_the_manager_and_their_line_answers(persona, part_b, cast):
    with pytest.raises(PermissionDenied):
        workflow.give_up_action(action=part_b.actions.get(), because="No", by=getattr(cast, persona), at=LATER)


def test_a_manager_above_may_act(part_b, cast):
    action = workflow.give_up_action(action=part_b.actions.get(), because="Moved away", by=cast.group_manager, at=LATER)
    assert action.status == Action.Status.NOT_POSSIBLE


@pytest.mark.req("S1-53")
def test_the_database_takes_no_confirmation_without_evidence(part_b, cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(part_b=part_b).update(
            status="done", done_on=LATER.date(), confirmed_at=LATER, confirmed_by=cast.team_manager
        )


@pytest.mark.req("S2-82", "S2-85")
def test_the_discussion_and_four_reflections_are_kept(part_b, cast):
    said = {name: f"About {name}" for name in workflow.REFLECTIONS}
    kept = workflow.record_supervision(
        part_b=part_b, on=LATER.date(), discussion="Read together", by=cast.team_manager, at=LATER, **said
    )
    assert kept.discussion == "Read together"
    assert {name: getattr(kept, name) for name in workflow.REFLECTIONS} == said
