"""One audit of the demo and what its people do in it, each step by the verb that a page would call."""

import random
from datetime import date, datetime, timedelta

from allocations.exemptions import workflow as exemptions
from allocations.models import Exemption
from audit_portal.demo_council import texts
from audit_portal.demo_council.clock import A_MINUTE
from audit_portal.demo_council.writing import Writing
from audits import workflow as audits
from audits.contacts import contacts_of
from audits.inadequate import to_notify
from audits.models import Audit, Filing, Response
from audits.quality import ALL_IN_ORDER, Ticked
from audits.workflow.sharing import lapse
from calendars.rules import add_working_days, london_date
from challenges import workflow as challenges
from challenges.models import Challenge
from duties.models import Duty
from followup import workflow as followup
from followup.models import Action
from people.models import Staff

Verdict = Response.Verdict


class Tale:
    """An audit, chance of its own, and its people. Every method is a step and takes its moment."""

    def __init__(self, audit: Audit, rng: random.Random, grade: str, people: dict[str, Staff]) -> None:
        self.audit, self.rng, self.people = audit, rng, people
        self.began = audit.allocated_at
        self.parts: int | None = None
        self.due: tuple[date, ...] = ()
        self.is_tidy = False
        self.writing = Writing(audit, rng, grade)

    def open(self, at: datetime) -> None:
        """The auditor has no connection with the family and begins."""
        audits.open_audit(audit=self.audit, by=self.audit.auditor, at=at)
        self._refresh()

    def write(self, at: datetime) -> None:
        """Everything is written, and the plan made."""
        self.begin_writing(at)
        self.writing.plan(at, self.due)

    def make_contact(self, at: datetime) -> None:
        """Worker, manager and reviewing officer answer at the first attempt."""
        for contact in contacts_of(self.audit):
            self._attempt(contact.person, self.rng.choice(("phone", "email", "video")), "answered", at)

    def try_to_reach(self, at: datetime) -> None:
        """The worker does not answer; where there is none, whoever comes next."""
        for contact in contacts_of(self.audit)[:1]:
            self._attempt(contact.person, "phone", "no_answer", at)

    def try_again(self, at: datetime) -> None:
        """Nor on another day."""
        for contact in contacts_of(self.audit)[:1]:
            self._attempt(contact.person, "email", "left_message", at)

    def escalate(self, at: datetime) -> None:
        """The group manager has to see to it."""
        for contact in contacts_of(self.audit)[:1]:
            audits.escalate(audit=self.audit, person=contact.person, by=self.audit.auditor, at=at)

    def _attempt(self, person: Staff, method: str, outcome: str, at: datetime) -> None:
        audits.record_attempt(audit=self.audit, person=person, made_on=london_date(at), method=method,
                              outcome=outcome, by=self.audit.auditor, at=at)

    def begin_writing(self, at: datetime) -> None:
        """The first parts are written (all, where no number was set), the latest answer at the given moment."""
        self.writing.answers(max(self.audit.opened_at, at - timedelta(hours=2)), at, self.parts)
        self._refresh()

    def share(self, at: datetime) -> None:
        """Shared with worker, manager and reviewing officer."""
        audits.share(audit=self.audit, by=self.audit.auditor, at=at)
        self._refresh()

    def waiting(self) -> list[Response]:
        """Who has not answered yet."""
        return list(self.audit.responses.filter(verdict=Verdict.WAITING).select_related("staff").order_by("pk"))

    def answer(self, response: Response, at: datetime) -> None:
        """A reader agrees, sometimes with a comment."""
        if self.rng.random() < 0.3:
            remarks = {"grade": self.rng.choice(texts.COMMENTS)}
            verdict, text = Verdict.COMMENTS, "See my comment."
        else:
            remarks, verdict, text = {}, Verdict.AGREES, ""
        challenges.answer(audit=self.audit, verdict=verdict, text=text, remarks=remarks, by=response.staff, at=at)

    def answer_all(self, at: datetime) -> None:
        """Everybody who was asked agrees."""
        for response in self.waiting():
            self.answer(response, at)

    def answer_beside_worker(self, at: datetime) -> None:
        """Everybody but the worker agrees, so that it is the worker's turn."""
        for response in self.waiting():
            if response.capacity != "worker":
                self.answer(response, at)

    def challenge_first(self, at: datetime) -> None:
        """The first of those who were asked sees one judgement differently."""
        self.challenge(self.waiting()[0], at)

    def challenge(self, response: Response, at: datetime) -> None:
        """A reader sees one judgement differently."""
        point, text = "domain:communication", self.rng.choice(texts.CHALLENGES)
        challenges.answer(
            audit=self.audit, verdict=Verdict.CHALLENGES, challenges={point: text}, by=response.staff, at=at
        )

    def settle(self, at: datetime) -> None:
        """The auditor and whoever challenged agree."""
        for challenge in self.audit.challenges.filter(status=Challenge.Status.OPEN):
            changed = self.rng.random() < 0.5
            outcome = Challenge.Outcome.CHANGED if changed else Challenge.Outcome.KEPT
            answer = texts.SETTLED_CHANGED if changed else texts.SETTLED_KEPT
            challenges.settle(challenge=challenge, outcome=outcome, answer=answer, by=self.audit.auditor, at=at)

    def lapse(self, at: datetime) -> None:
        """The window is over: silence is recorded."""
        lapse(audit=self.audit, at=max(at, self.audit.respond_by + A_MINUTE))

    def dispute(self, at: datetime) -> None:
        """No consensus: Performance and Quality arrange moderation."""
        audits.dispute(audit=self.audit, by=self.people["demo-pq-lead"], at=at)

    def substitute(self, at: datetime) -> None:
        """The auditor has a connection after all."""
        audits.substitute(audit=self.audit, why="connection", text=texts.SUBSTITUTED, by=self.people["demo-pq-lead"],
                          at=at)

    def cancel(self, at: datetime) -> None:
        """The case has gone to another council; the assistant director agrees."""
        who = self.people["demo-assistant-director"]
        audits.cancel(audit=self.audit, reason=texts.CANCELLED, by=who, at=at)

    def ask_exemption(self, at: datetime) -> None:
        """The auditor cannot do it this month."""
        exemptions.ask(allocation=self.audit.allocation, reason=Exemption.Reason.SICKNESS, explanation=texts.EXEMPT,
                       by=self.audit.auditor, at=at)  # fmt: skip

    def agree(self, at: datetime) -> None:
        """Whoever decides on an exemption of this auditor agrees."""
        exemption = Exemption.objects.pending().get(allocation=self.audit.allocation_id)
        duty = Duty.objects.open().of(exemption, "exemption.decide").select_related("holder").get()
        exemptions.decide(exemption=exemption, agrees=True, note="", by=duty.holder, at=at)

    def give_to_another(self, at: datetime) -> None:
        """Performance and Quality take the first suggestion."""
        self.audit.refresh_from_db()
        taker = audits.takers_for(self.audit, at).able[0].entry.staff
        audits.reallocate(audit=self.audit, auditor=taker, by=self.people["demo-pq-lead"], at=at)

    def finalise(self, at: datetime) -> None:
        """The auditor makes it final."""
        audits.finalise(audit=self.audit, by=self.audit.auditor, at=at)
        self._tell_where_inadequate(at)
        self._refresh()

    def _tell_where_inadequate(self, at: datetime) -> None:
        """The auditor tells worker and managers the same day; the team manager has read it by the evening."""
        if to_notify(self.audit):
            notice = audits.notify_inadequate(
                audit=self.audit, worker_told_on=london_date(at), by=self.audit.auditor, at=at
            )
            duty = Duty.objects.open().of(notice).select_related("holder").get()
            audits.acknowledge_inadequate(notice=notice, by=duty.holder, at=at)

    def checker(self) -> Staff:
        """Who owes the check."""
        return Duty.objects.open().of(self.audit, "audit.check").select_related("holder").get().holder

    def accept(self, at: datetime) -> None:
        """Performance and Quality accept it: the team manager's turn."""
        audits.accept(audit=self.audit, checklist=ALL_IN_ORDER, by=self.checker(), at=at)
        self._refresh()

    def send_back(self, at: datetime) -> None:
        """Performance and Quality return it with reasons."""
        slug, reasons = self.rng.choice(texts.RETURNED)
        checklist = ALL_IN_ORDER | {slug: Ticked(False)}
        audits.return_to_auditor(audit=self.audit, reasons=reasons, checklist=checklist, by=self.checker(), at=at)
        self._refresh()

    def resubmit(self, at: datetime) -> None:
        """The auditor amends and sends it back; no judgement changes."""
        self.writing.amend(at)
        audits.resubmit(audit=self.audit, by=self.audit.auditor, at=at)
        self._tell_where_inadequate(at)
        self._refresh()

    def confirm(self, action: Action, at: datetime) -> None:
        """The manager confirms an action in supervision; a few cannot be done as written."""
        manager = self.audit.part_b.manager
        if self.rng.random() < 0.04:
            followup.give_up_action(action=action, because="The family has moved on from this.", by=manager, at=at)
            return
        done_on = add_working_days(london_date(at), -self.rng.randint(1, 3))
        evidence = self.rng.choice(texts.CONFIRMED)
        followup.confirm_action(action=action, done_on=done_on, evidence=evidence, by=manager, at=at)

    def confirm_first(self, at: datetime) -> None:
        """The first action is confirmed."""
        for action in self.audit.part_b.actions.order_by("position")[:1]:
            self.confirm(action, at)

    def confirm_all(self, at: datetime) -> None:
        """Every action that is still open is confirmed."""
        for action in self.audit.part_b.actions.open():
            self.confirm(action, at)

    def supervise(self, at: datetime) -> None:
        """The findings are talked through in supervision, and it is written down."""
        followup.record_supervision(
            part_b=self.audit.part_b, on=london_date(at), discussion=self.rng.choice(texts.DISCUSSIONS),
            by=self.audit.part_b.manager, at=at, **texts.REFLECTIONS,
        )  # fmt: skip

    def give_back(self, at: datetime) -> None:
        """The manager returns Part B, and the audit closes."""
        followup.return_part_b(part_b=self.audit.part_b, by=self.audit.part_b.manager, at=at)
        self._refresh()

    def copy_to_record(self, at: datetime) -> None:
        """Performance and Quality copy to the child's record what waits for it."""
        waiting = Filing.objects.open().filter(audit=self.audit).values_list("pk", flat=True)
        audits.confirm_filed(filings=list(waiting), on=london_date(at), place=texts.PLACE,
                             by=self.people["demo-pq-officer"], at=at)

    def raise_concern(self, at: datetime) -> None:
        """The auditor sees that a child may not be safe."""
        audits.raise_concern(audit=self.audit, text=self.rng.choice(texts.CONCERN), by=self.audit.auditor, at=at)

    def take_concern(self, at: datetime) -> None:
        """The manager answers the concern."""
        concern = self.audit.concerns.select_related("audit").get()
        duty = Duty.objects.open().of(concern, "concern.acknowledge").select_related("holder").get()
        audits.acknowledge_concern(concern=concern, by=duty.holder, at=at)

    def record_concern(self, at: datetime) -> None:
        """The manager records what was done."""
        concern = self.audit.concerns.select_related("acknowledged_by").get()
        audits.confirm_concern(
            concern=concern, action_taken=texts.CONCERN_ANSWERED, record_reference="Management Oversight, same day",
            by=concern.acknowledged_by, at=at,
        )  # fmt: skip

    def _refresh(self) -> None:
        """What the verb changed; who and what cannot change is kept, so that it is not read again each time."""
        kept = {name: getattr(self.audit, name) for name in ("auditor", "version", "case_file", "team")}
        self.audit.refresh_from_db()
        for name, value in kept.items():
            setattr(self.audit, name, value)
