"""Random months with leavers, absences, role changes and movers: unfinished work always has an open duty, whose holder
lives and may know of it.

Each history is a list of small steps by whoever would take them; a step that the rules refuse is no step. The clock
moves forward only.
"""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocations.exemptions import workflow as exemptions
from allocations.models import Exemption
from audit_portal.testing.factories import START, fill_in, make_auditor, make_case, make_staff, publish_round
from audit_portal.testing.liveness import missing_duties
from audits import workflow as audits
from audits.models import Audit, Concern
from audits.quality import ALL_IN_ORDER
from calendars.rules import london_date
from casefiles.leaving import hand_over as leave
from casefiles.people_moves import follow_the_calendar
from casefiles.tasks import end_accounts
from challenges import workflow as challenges
from challenges.models import Challenge
from duties.models import Duty
from duties.registry import known
from duties.tick import tick
from followup import workflow as followup
from followup.models import Action, PartB
from people import workflow as people
from people.lines import pq_lead, system_actor
from people.models import Absence, RoleGrant, Staff, Unit
from people.refusals import Refused
from people.roles import Role
from workflows.tables import InvalidTransition

pytestmark = pytest.mark.django_db
REFUSALS = (PermissionDenied, Refused, InvalidTransition)
CASES = 4


@pytest.fixture
def council(cast, s1):
    """Four audits of four auditors, published; a second P&Q lead, so that the first may leave."""
    make_staff("Second Lead", cast.quality, roles=(Role.QA_LEAD,))
    for number in range(CASES - 1):
        make_auditor(f"Auditor {number}", cast.other_team)
    for number in range(CASES + 2):
        worker = make_staff(f"Worker {number}", cast.team, roles=(Role.WORKER,))
        make_case(f"30718{number:02}", cast.team, worker, iro=cast.iro)
    publish_round(cast, s1)
    return cast


class Month:
    """One history."""

    def __init__(self, cast) -> None:
        self.cast, self.now = cast, START + timedelta(hours=1)
        self.history: list[str] = []

    def step(self, name: str, which: int, other: int) -> None:
        """Take one step at its moment; what the rules refuse did not happen."""
        self.now += timedelta(minutes=7)
        with time_machine.travel(self.now, tick=False):
            try:
                with transaction.atomic():
                    getattr(self, name)(which, other)
            except REFUSALS:
                return
            self.history.append(f"{self.now:%d %b %H:%M} {name}({which}, {other})")
            self.check()

    def check(self) -> None:
        """The promise."""
        assert missing_duties() == [], self.history
        rows = Duty.objects.open().select_related("holder")
        held = [(duty.holder, duty.subject_type, duty.subject_id) for duty in rows]
        may, lead = known(held), pq_lead(london_date(self.now))
        ignorant = [row for row in held if (row[0].pk, *row[1:]) not in may and row[0] != lead]
        assert not ignorant, (ignorant, self.history)

    def audit(self, which: int) -> Audit:
        found = list(Audit.objects.order_by("pk"))
        return found[which % len(found)]

    def person(self, which: int) -> Staff:
        found = list(Staff.objects.working().order_by("pk"))
        return found[which % len(found)]

    # The life of an audit

    def go_on(self, which: int, other: int) -> None:
        """The next thing that an audit needs, whatever its state."""
        audit = self.audit(which)
        after = {"allocated": self.open, "in_progress": self.share, "shared": self.answer_or_finish,
                 "returned": self.resubmit, "quality_check": self.check_quality, "with_team_manager": self.part_b}
        if audit.status in after:
            after[audit.status](audit, other)

    def open(self, audit: Audit, other: int) -> None:
        audits.open_audit(audit=audit, by=audit.auditor, at=self.now)

    def share(self, audit: Audit, other: int) -> None:
        if not audit.first_shared_at and not audit.answers.exists() and not audit.proposed_actions.exists():
            fill_in(audit, self.now)
        audits.share(audit=audit, by=audit.auditor, at=self.now)

    def answer_or_finish(self, audit: Audit, other: int) -> None:
        waiting = audit.responses.filter(verdict="waiting").order_by("pk").first()
        if waiting:
            audits.respond(audit=audit, verdict="agrees", by=waiting.staff, at=self.now)
        else:
            audits.finalise(audit=audit, by=audit.auditor, at=self.now)

    def resubmit(self, audit: Audit, other: int) -> None:
        audits.finalise(audit=audit, by=audit.auditor, at=self.now)

    def check_quality(self, audit: Audit, other: int) -> None:
        checker = Duty.objects.open().of(audit, "audit.check").get().holder
        if other % 3 == 0:
            audits.return_to_auditor(audit=audit, reasons="Say how it is measured.", checklist={}, by=checker,
                                     at=self.now)
        else:
            audits.accept(audit=audit, checklist=ALL_IN_ORDER, by=checker, at=self.now)

    def part_b(self, audit: Audit, other: int) -> None:
        part_b = PartB.objects.get(audit=audit)
        by, today = part_b.manager, london_date(self.now)
        action = Action.objects.filter(part_b=part_b, status="open").first()
        if action:
            followup.confirm_action(action=action, done_on=today, evidence="Plan", by=by, at=self.now)
        elif not part_b.supervision_recorded_at:
            followup.record_supervision(part_b=part_b, on=today, discussion="Read.", by=by, at=self.now)
        else:
            followup.return_part_b(part_b=part_b, by=by, at=self.now)

    def dispute(self, which: int, other: int) -> None:
        audits.dispute(audit=self.audit(which), by=self.cast.pq_lead, at=self.now)

    def cancel(self, which: int, other: int) -> None:
        audits.cancel(audit=self.audit(which), reason="Moved", by=self.cast.assistant_director, at=self.now)

    def substitute(self, which: int, other: int) -> None:
        audits.substitute(audit=self.audit(which), why="other", text="In court", by=self.cast.pq_lead, at=self.now)

    def connect(self, which: int, other: int) -> None:
        audit = self.audit(which)
        audits.report_connection(audit=audit, text="A neighbour", by=audit.auditor, at=self.now)

    def reallocate(self, which: int, other: int) -> None:
        audits.reallocate(audit=self.audit(which), auditor=self.person(other), by=self.cast.pq_lead, at=self.now,
                          because="Away")

    def ask_exemption(self, which: int, other: int) -> None:
        audit = self.audit(which)
        exemptions.ask(allocation=audit.allocation, by=audit.auditor, at=self.now, reason="sickness",
                       explanation="Off sick")

    def decide_exemption(self, which: int, other: int) -> None:
        row = Exemption.objects.pending().order_by("pk").first()
        if row:
            duty = Duty.objects.open().of(row).first()
            exemptions.decide(exemption=row, agrees=bool(other % 2), note="Read", by=duty.holder, at=self.now)

    def raise_concern(self, which: int, other: int) -> None:
        audit = self.audit(which)
        audits.raise_concern(audit=audit, text="Worried", by=audit.auditor, at=self.now)

    def answer_concern(self, which: int, other: int) -> None:
        row = Concern.objects.exclude(status="confirmed").order_by("pk").first()
        if row is None:
            return
        by = Duty.objects.open().of(row).get().holder
        if row.status == "raised":
            audits.acknowledge_concern(concern=row, by=by, at=self.now)
        else:
            audits.confirm_concern(concern=row, action_taken="Seen", record_reference="Note", by=by, at=self.now)

    def challenge(self, which: int, other: int) -> None:
        audit = self.audit(which)
        reader = audit.responses.filter(verdict="waiting").order_by("pk").first()
        if reader:
            challenges.raise_challenge(audit=audit, point="grade", text="No", by=reader.staff, at=self.now)

    def settle_challenge(self, which: int, other: int) -> None:
        row = Challenge.objects.filter(status="open").order_by("pk").first()
        if row:
            challenges.settle(challenge=row, outcome="kept", answer="Talked", by=row.audit.auditor, at=self.now)

    # People

    def leave(self, which: int, other: int) -> None:
        leave(staff=self.person(which), on=london_date(self.now), by=self.keeper(), at=self.now)

    def keeper(self) -> Staff:
        return pq_lead(london_date(self.now))

    def be_away(self, which: int, other: int) -> None:
        today = london_date(self.now)
        starts = today + timedelta(days=other % 3)
        staff = self.person(which)
        people.add_absence(staff=staff, starts_on=starts, ends_on=starts + timedelta(days=other % 9),
                           cover=self.person(other), by=self.keeper(), at=self.now)

    def come_back(self, which: int, other: int) -> None:
        absence = Absence.objects.filter(ends_on__gte=london_date(self.now)).order_by("pk").first()
        if absence:
            people.remove_absence(absence=absence, by=self.keeper(), at=self.now)

    def grant(self, which: int, other: int) -> None:
        role = (Role.QA_OFFICER, Role.QA_LEAD, Role.TEAM_MANAGER, Role.ASSISTANT_DIRECTOR)[other % 4]
        today = london_date(self.now)
        people.grant_role(staff=self.person(which), role=role, by=self.keeper(), at=self.now, starts_on=today,
                          ends_on=today + timedelta(days=other % 5))

    def end_grant(self, which: int, other: int) -> None:
        grants = list(RoleGrant.objects.on(london_date(self.now)).filter(role__in=[Role.QA_OFFICER, Role.QA_LEAD]))
        if grants:
            people.end_grant(grant=grants[which % len(grants)], ends_on=london_date(self.now) - timedelta(days=1),
                             by=self.keeper(), at=self.now)

    def appoint(self, which: int, other: int) -> None:
        units = list(Unit.objects.order_by("pk"))
        people.give_unit(unit=units[which % len(units)], manager=self.person(other), by=self.keeper(), at=self.now)

    def move(self, which: int, other: int) -> None:
        units = list(Unit.objects.filter(kind="team").order_by("pk"))
        people.change_staff(staff=self.person(which), unit=units[other % len(units)], by=self.keeper(), at=self.now)

    # Time

    def wait(self, which: int, other: int) -> None:
        """Some days pass, and the workers do what they do."""
        self.now += timedelta(days=1 + other % 6)
        with time_machine.travel(self.now, tick=False):
            follow_the_calendar(self.now, system_actor())
            end_accounts()
            audits.lapse_windows(self.now)
            tick(self.now)
            self.check()


LIFE = ["go_on"] * 6 + ["dispute", "cancel", "substitute", "connect", "reallocate", "ask_exemption",
                        "decide_exemption", "raise_concern", "answer_concern", "challenge", "settle_challenge"]
PEOPLE = ["leave", "leave", "be_away", "come_back", "grant", "end_grant", "appoint", "move"]
STEPS = st.tuples(st.sampled_from([*LIFE, *PEOPLE, "wait", "wait"]), st.integers(0, 40), st.integers(0, 40))
SLOW = settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))


@SLOW
@given(steps=st.lists(STEPS, min_size=5, max_size=30))
def test_no_random_month_leaves_work_without_a_living_holder_who_may_know(council, steps):
    with transaction.atomic():
        month = Month(council)
        for name, which, other in steps:
            month.step(name, which, other)
        transaction.set_rollback(True)


def test_a_month_walked_by_hand_goes_through_to_the_end(council):
    """The steps do what they say: without this a machine in which everything is refused would find nothing."""
    month = Month(council)
    for _ in range(14):
        for which in range(CASES):
            month.step("go_on", which, 1)
    assert set(Audit.objects.values_list("status", flat=True)) == {"closed"}
    assert not Duty.objects.open().exclude(kind__in=["round.close", "audit.file"]).exists()


def test_the_machine_finds_a_leaver_who_keeps_a_duty(council):
    """The control: somebody leaves behind the verbs' back."""
    worker = Audit.objects.first().auditor
    Staff.objects.filter(pk=worker.pk).update(is_active=False, left_on=START.date())
    with time_machine.travel(START + timedelta(hours=1), tick=False), pytest.raises(AssertionError, match="who left"):
        Month(council).check()


