"""Who holds a duty and who is told: living people who may know, at last the P&Q lead."""

from datetime import date, timedelta

import pytest

from audit_portal.testing.factories import START, make_audit, make_staff
from duties.holders import knowing, meant, resolve_holder, told_at, told_by_kind
from duties.models import Duty
from duties.registry import may_know
from people.lines import Lines, NobodyToTurnTo
from people.models import Absence, RoleGrant, Staff, Unit
from people.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 4)


@pytest.fixture
def audit(cast, s1):
    """An audit that has just been allocated."""
    return make_audit(cast, s1)


def duty(audit, **fields):
    """An unsaved duty about the audit."""
    given = {"subject_type": "audits.audit", "subject_id": audit.pk, "unit": audit.team, "role": Role.TEAM_MANAGER}
    return Duty(**(given | fields))


def recipients(duty, words, on):
    """Everyone told at a rung of one duty, each once."""
    lines = Lines(on)
    people = meant(duty, words, lines, told_by_kind([(duty, words)]))
    return knowing(people, (duty.subject_type, duty.subject_id), lines)


def test_the_owner_holds_it_while_they_live_and_may_know(audit, cast):
    assert resolve_holder(duty(audit, owner=cast.worker), TODAY).holder == cast.worker


def test_an_owner_who_left_is_followed_by_the_role_in_the_unit(audit, cast):
    cast.worker.is_active = False
    assert resolve_holder(duty(audit, owner=cast.worker), TODAY).holder == cast.team_manager


def test_an_owner_who_may_not_know_is_passed_over(audit, cast):
    assert resolve_holder(duty(audit, owner=cast.other_worker), TODAY).holder == cast.team_manager


def test_a_unit_without_a_manager_turns_to_the_next_one_up(audit, cast):
    Unit.objects.filter(pk=cast.team.pk).update(manager=None)
    assert resolve_holder(duty(audit), TODAY).holder == cast.group_manager


def test_without_a_unit_it_is_the_lead(audit, cast):
    assert resolve_holder(duty(audit, unit=None), TODAY).holder == cast.pq_lead


def test_a_role_of_the_whole_council_goes_to_whoever_was_granted_it(audit, cast):
    assert resolve_holder(duty(audit, role=Role.DIRECTOR), TODAY).holder == cast.pq_lead  # may not know of this audit
    assert resolve_holder(duty(audit, role=Role.QA_OFFICER), TODAY).holder == cast.pq_officer


def test_a_no_notice_audit_is_nobodys_but_qualitys_until_the_day(audit, cast):
    type(audit).objects.filter(pk=audit.pk).update(visible_from=START + timedelta(days=36_500))
    assert resolve_holder(duty(audit, owner=cast.worker), TODAY).holder == cast.pq_lead
    assert resolve_holder(duty(audit, owner=cast.auditor), TODAY).holder == cast.auditor


def test_there_is_always_somebody_or_the_portal_says_so(audit, cast):
    Staff.objects.filter(pk=cast.pq_lead.pk).update(is_active=False, left_on=TODAY)
    assert resolve_holder(duty(audit, unit=None), TODAY).holder == cast.pq_officer
    RoleGrant.objects.all().delete()
    with pytest.raises(NobodyToTurnTo, match="Performance and Quality lead first"):
        resolve_holder(duty(audit, unit=None), TODAY)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("holder", ["worker"]),
        ("line_manager", ["team_manager"]),
        ("managers_manager", ["group_manager"]),
        ("pq", ["pq_lead"]),
        ("qa_officer", ["pq_lead"]),
        ("unit_manager", ["team_manager"]),
        ("group_manager", ["group_manager"]),
        ("head_of_service", ["head_of_service"]),
        ("assistant_director", ["assistant_director"]),
        ("director", ["director"]),
    ],
)
def test_each_word_of_a_rung_is_somebody(word, expected, audit, cast):
    found = told_at(duty(audit, holder=cast.worker), word, Lines(TODAY))
    assert found == [getattr(cast, name) for name in expected]


def away(staff, cover, on=TODAY):
    """`staff` is absent on a day."""
    Absence.objects.create(staff=staff, cover=cover, starts_on=on, ends_on=on, recorded_by=staff)


def test_whoever_covers_is_told_too_where_they_may_know_of_it(audit, cast):
    away(cast.worker, cast.group_manager)
    assert recipients(duty(audit, holder=cast.worker), ("holder",), TODAY) == [cast.worker, cast.group_manager]
    assert recipients(duty(audit, holder=cast.worker), ("holder",), TODAY + timedelta(days=1)) == [cast.worker]
    away(cast.team_manager, cast.other_worker)
    assert recipients(duty(audit, holder=cast.team_manager), ("holder",), TODAY) == [cast.team_manager]


def test_of_those_in_a_role_who_is_here_comes_before_who_is_away(audit, cast):
    second = make_staff("Second Officer", cast.quality, roles=(Role.QA_OFFICER,))
    away(cast.pq_officer, None)
    assert resolve_holder(duty(audit, role=Role.QA_OFFICER), TODAY).holder == second
    assert resolve_holder(duty(audit, role=Role.QA_OFFICER), TODAY + timedelta(days=1)).holder == cast.pq_officer


def test_a_manager_who_is_away_is_followed_by_who_covers_and_may_know(audit, cast):
    away(cast.team_manager, cast.group_manager)
    assert resolve_holder(duty(audit), TODAY).holder == cast.group_manager
    assert resolve_holder(duty(audit, owner=cast.worker), TODAY).holder == cast.worker
    Absence.objects.update(cover=cast.other_worker)
    assert resolve_holder(duty(audit), TODAY).holder == cast.team_manager


def test_what_only_climbed_to_quality_has_no_owner_of_its_own(audit, cast):
    def unowned(**fields):
        return resolve_holder(duty(audit, **fields), TODAY).is_unowned

    assert unowned(unit=None)
    assert unowned(owner=cast.other_worker, role=Role.QA_LEAD)
    assert not unowned(role=Role.QA_LEAD)
    assert not unowned(owner=cast.pq_officer, role=Role.QA_LEAD)
    assert not unowned(owner=cast.other_worker)


def test_everybody_is_told_once(audit, cast):
    words = ("holder", "unit_manager", "line_manager", "pq")
    told = recipients(duty(audit, holder=cast.team_manager), words, TODAY)
    assert told == [cast.team_manager, cast.group_manager, cast.pq_lead]


def test_who_may_not_know_is_replaced_by_the_lead(audit, cast):
    told = recipients(duty(audit, holder=cast.auditor), ("holder", "line_manager"), TODAY)
    assert told == [cast.auditor, cast.pq_lead]  # the auditor's manager has nothing to do with this case


def test_a_word_that_nobody_stands_for_reaches_the_lead(audit, cast):
    assert recipients(duty(audit, holder=cast.worker, unit=None), ("unit_manager",), TODAY) == [cast.pq_lead]


def test_nobody_may_know_of_what_no_app_answers_for(cast):
    assert not may_know(cast.pq_lead, "nobody.knows", 1)


def test_nobody_who_left_may_know(audit, cast):
    assert may_know(cast.auditor, "audits.audit", audit.pk)
    gone = make_staff("Gone Already", cast.quality, roles=(Role.QA_LEAD,), is_active=False, left_on=TODAY)
    assert not may_know(gone, "audits.audit", audit.pk)
