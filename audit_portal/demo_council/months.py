"""The rounds of the demo: three finished months, this month with audits in every state, the next one planned."""

import random
from datetime import date, datetime, time, timedelta

from allocations import workflow as rounds
from allocations.models import Allocation, Round
from audit_portal.demo_council.breaks import ask_for_breaks
from audit_portal.demo_council.clock import A_MINUTE, months_before, office, working_days_before
from audit_portal.demo_council.scripts import finished, planned, tell
from audit_portal.demo_council.tale import Tale
from audits import workflow as audits
from audits.models import Audit
from calendars.calendar import local_extra_days
from calendars.rules import add_working_days, at_london, first_working_day, london_date
from casefiles.involvements import keep_history
from casefiles.models import CaseFile
from people.models import Staff, Unit
from programmes.models import ProgrammeVersion

FINISHED = 3
GRADES = {
    "outstanding": 5,
    "good": 46,
    "requires_improvement_with_good": 22,
    "requires_improvement": 22,
    "inadequate": 5,
}
# How this month's audits stand, in the order of the list; what is left over is not opened or in progress.
THIS_MONTH = (
    *("being checked",) * 7,
    *("shared",) * 3, "challenged", "answered", "in dispute",
    *("returned",) * 2, *("with team manager",) * 3, "actions begun", *("closed",) * 2,
    "immediate concern", "concern answered", "no answer", "escalated", "substituted", "cancelled",
    "given to another", "exemption asked", "waits for an auditor",
)  # fmt: skip
REST = ("not opened", "in progress", "in progress")
TEAM, GROUP = "in-need-east-2", "in-need-east"
# Whose teams leave nothing open in earlier months, so that what the sign-in page says of them is all there is.
TIDY = ("demo-auditor", "demo-team-manager")


class Council:
    """The people of the demo by staff number and id, each once, so that their roles are read once."""

    def __init__(self) -> None:
        self.by_pk = {person.pk: person for person in Staff.objects.select_related("unit")}
        self.by_reference = {person.reference: person for person in self.by_pk.values()}

    def __getitem__(self, reference: str) -> Staff:
        return self.by_reference[reference]


class Months:
    """Runs every round of the demo up to one moment."""

    def __init__(self, version: ProgrammeVersion, month: date, now: datetime, rng: random.Random) -> None:
        self.version, self.month, self.now, self.rng = version, month, now, rng
        self.council = Council()
        self.lead = self.council["demo-pq-lead"]

    def run(self) -> None:
        """Oldest first, as it happened."""
        for count in range(FINISHED, 0, -1):
            self.run_finished(months_before(self.month, count), is_last=count == 1)
        self.run_current()
        rounds.plan_round(
            version=self.version, month=months_before(self.month, -1), by=self.lead, at=working_days_before(self.now, 1)
        )
        ask_for_breaks(self.month, self.now)

    def run_finished(self, month: date, *, is_last: bool) -> None:
        """A month that is over: its audits as far as they have come, the round closed when that was due."""
        round = self.published(month, self.first_morning(month))
        pinned = self.pinned_last_month() if is_last else {}
        tales = self.tales(round)
        for number, tale in enumerate(tales):
            plan = pinned.get(_key(tale.audit))
            if plan:
                self.follow_pinned(tale, plan)
            elif is_last and number == len(tales) - 1:
                tale.parts = 8  # not completed: still owed after the end of the month
                tell(planned(tale, "in progress", round.due_at - timedelta(days=4)), self.now)
            else:
                tell(finished(tale, round.due_at), self.now)
        audits.tell_of_missed(min(round.due_at + A_MINUTE, self.now))
        closing = at_london(add_working_days(london_date(round.due_at), 5), time(16))
        if closing <= self.now:
            rounds.close_round(round=round, by=self.lead, at=closing)

    def run_current(self) -> None:
        """This month: something in every state, and what the people on the sign-in page are told to find."""
        start = min(self.first_morning(self.month), working_days_before(self.now, 3))
        round = self.published(self.month, start)
        plans = iter(THIS_MONTH)
        for number, tale in enumerate(self.tales(round)):
            plan = self.pinned_this_month(tale.audit) or next(plans, REST[number % len(REST)])
            self.follow(tale, plan, number)

    def first_morning(self, month: date) -> datetime:
        """The morning of the first working day, when the list goes out."""
        return at_london(first_working_day(month.year, month.month, local_extra_days()), time(9, 30))

    def published(self, month: date, at: datetime) -> Round:
        """A round planned, frozen, drawn, reviewed and published."""
        by, eve = self.lead, office(working_days_before(at, 1))
        round = rounds.plan_round(version=self.version, month=month, by=by, at=working_days_before(at, 8))
        seed = f"{self.rng.getrandbits(128):032x}"
        rounds.freeze_frame(round=round, by=by, at=eve, seed=seed)
        rounds.draw_round(round=round, by=by, at=eve + A_MINUTE)
        self.give_the_team_a_case(round, london_date(at))
        rounds.review(round=round, by=by, at=eve + 20 * A_MINUTE)
        return rounds.publish(round=round, by=by, at=at, early=True)

    def give_the_team_a_case(self, round: Round, on: date) -> None:
        """Whatever was drawn: one case of the worker on the sign-in page, as when a case changes hands."""
        worker, auditor = self.council["demo-worker"], self.council["demo-auditor"]
        group = Unit.objects.get(reference=GROUP)
        drafts = [
            row
            for row in round.allocations.exclude(auditor=auditor).select_related("case_file__team", "auditor__unit")
            if not (row.auditor.unit and row.auditor.unit.path.startswith(group.path))
        ]
        if not any(row.case_file.worker_id == worker.pk for row in drafts):
            self._hand_over(min(drafts, key=_nearness).case_file, worker)
            keep_history(on)

    def _hand_over(self, file: CaseFile, worker: Staff) -> None:
        file.team, file.worker, file.sibling_group = worker.unit, worker, ""
        file.save(update_fields=["team", "worker", "sibling_group"])

    def tales(self, round: Round) -> list[Tale]:
        """One for each audit of the round, with a grade so that the spread is the same in every month."""
        audits = Audit.objects.filter(allocation__round=round).select_related("case_file__worker", "team")
        found = list(audits.order_by("number"))
        deck = [grade for grade, share in GRADES.items() for _ in range(round_up(share * len(found)))]
        self.rng.shuffle(deck)
        return [self._tale(audit, grade) for audit, grade in zip(found, deck, strict=False)]

    def _tale(self, audit: Audit, grade: str) -> Tale:
        audit.auditor, audit.version = self.council.by_pk[audit.auditor_id], self.version
        chance = random.Random(f"{audit.number}:{self.rng.random()}")
        tale = Tale(audit, chance, grade, self.council.by_reference)
        tale.is_tidy = audit.team.manager_id in {self.council[name].pk for name in TIDY}
        return tale

    def pinned_this_month(self, audit: Audit) -> str:
        """The audits that the sign-in page promises."""
        if audit.auditor.reference == "demo-auditor":
            return "in progress"
        is_his = audit.case_file.worker_id == self.council["demo-worker"].pk
        return "worker's turn" if is_his and not self._promised("worker's turn") else ""

    def _promised(self, plan: str) -> bool:
        kept = self.__dict__.setdefault("_kept", set())
        return plan in kept or bool(kept.add(plan))

    def pinned_last_month(self) -> dict[str, str]:
        """One sent back to the auditor, one with the team manager whose second action is overdue."""
        last = Audit.objects.filter(month=months_before(self.month, 1)).exclude(auditor__reference="demo-auditor")
        of_team = last.filter(team__reference=TEAM, case_file__worker=self.council["demo-worker"]).order_by("number")
        return {"demo-auditor": "returned", of_team[0].number: "actions begun"}

    def follow_pinned(self, tale: Tale, plan: str) -> None:
        """As planned; the actions fall due before, just before and after now."""
        today = london_date(self.now)
        tale.due = tuple(add_working_days(today, days) for days in (-9, -3, 2))
        self.follow(tale, plan, 0)

    def follow(self, tale: Tale, plan: str, number: int) -> None:
        """Take the steps of a plan; no action is overdue yet, and how far somebody in progress has come differs."""
        tale.writing.due_after = london_date(self.now)
        if plan in {"in progress", "immediate concern", "concern answered", "no answer", "escalated"}:
            tale.parts = 7 if tale.audit.auditor.reference == "demo-auditor" else (3 + number * 5) % 13 + 1
        tell(planned(tale, plan, self.now), self.now)


def round_up(hundredths: int) -> int:
    """A share of a hundred as whole audits, at least one."""
    return max(-(-hundredths // 100), 1)


def _key(audit: Audit) -> str:
    return "demo-auditor" if audit.auditor.reference == "demo-auditor" else audit.number


def _nearness(row: Allocation) -> tuple[bool, bool, int]:
    """First a case of the team itself, then one of the same kind."""
    in_team = row.case_file.team.reference == TEAM
    return not in_team, row.case_file.category not in {"in_need", "protection"}, row.position


def moment_of(on: date, now: datetime) -> datetime:
    """When the demo begins: now, or the morning of an earlier day."""
    return now if on == london_date(now) else at_london(on, time(10, 43))
