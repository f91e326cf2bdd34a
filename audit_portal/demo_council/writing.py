"""Writing an audit: answers, evidence, grade and plan, saved one by one as the pages do."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from audit_portal.demo_council import texts
from audit_portal.demo_council.evidence import EVIDENCE, NOT_APPLICABLE, REFERENCES
from audits import workflow as audits
from audits.contacts import contacts_of
from audits.family import needs_consent
from audits.models import Audit
from calendars.rules import add_working_days, london_date
from people.models import Staff
from programmes.models import Domain, Judgement

MET, PARTLY, NOT_MET = Judgement.MET, Judgement.PARTIALLY_MET, Judgement.NOT_MET
POOLS = {MET: 0, PARTLY: 1, NOT_MET: 2}
# Of a hundred judgements under a grade, how many are met and how many partially met.
CHANCES = {
    "outstanding": (94, 6),
    "good": (76, 21),
    "requires_improvement_with_good": (55, 38),
    "requires_improvement": (38, 44),
    "inadequate": (14, 40),
}
# In which domains each service is stronger or weaker, in hundredths.
LEANINGS = {
    "Assessment and Help": {"assessment": 8, "planning": -18, "development": -10},
    "Children in Need": {"law": -22, "relationships": 10, "adults": 8},
    "Children in Care and Leaving Care": {"communication": 14, "development": 12, "oversight": -14},
    "Fostering and Permanence": {"oversight": 12, "planning": 8, "safety": -10},
}
OUTCOMES = {"outstanding": "met", "inadequate": "not"}
# What is asked of each role beside the worker, and what is said.
SAID = {"team_manager": ("manager", texts.MANAGER_SAID), "iro": ("iro", texts.IRO_SAID),
        "cp_adviser": ("adviser", texts.IRO_SAID)}
Words = tuple[Domain | None, str, str]
Step = Callable[[datetime], None]


class Writing:
    """The texts of one audit, in the order of its parts."""

    def __init__(self, audit: Audit, rng: random.Random, grade: str) -> None:
        self.audit, self.rng, self.grade = audit, rng, grade
        self.due_after = london_date(audit.allocated_at)
        self.judged: set[str] = set()

    def answers(self, start: datetime, end: datetime, count: int | None) -> None:
        """Save the parts in order (the first `count`, or all), evenly from `start` to `end`."""
        parts = [self.period(), self.contact(), self.family()]
        parts += [self.domain(domain) for domain in self.audit.version.domains.all()]
        parts += [self.overall(), self.learning()]
        words = [row for part in parts[:count] for row in part]
        step = (end - start) / max(len(words), 1)
        for number, row in enumerate(words, start=1):
            self._do(row, start + step * number)

    def _do(self, row: Words | Step, at: datetime) -> None:
        """Save one answer, or do what is no answer: a meeting, a conversation."""
        if callable(row):
            return row(at)
        domain, name, value = row
        audits.save_answer(audit=self.audit, domain=domain, field=name, value=value, version=0, by=self.audit.auditor,
                           at=at)

    def period(self) -> list[Words]:
        """Earlier records, read or not."""
        if self.rng.random() < 0.4:
            return _general(earlier_records="yes", earlier_records_because=self.rng.choice(texts.EARLIER_RECORDS))
        return _general(earlier_records="no")

    def contact(self) -> list[Words | Step]:
        """A meeting and what worker, manager and reviewing officer said; who has no worker says so."""
        people = {row.capacity: row.person for row in contacts_of(self.audit)}
        rows: list[Words | Step] = []
        if "worker" not in people:
            rows.append(partial(self._act, audits.go_without_worker, why="no_worker"))
        else:
            rows += self._with_worker(people["worker"])
        for role, (key, said) in SAID.items():
            if role in people:
                rows += _general(**{f"{key}_input": "said", f"{key}_said": self.rng.choice(said)})
        return rows

    def _with_worker(self, worker: Staff) -> list[Words | Step]:
        together = self.rng.random() < 0.67
        meet = partial(self._meet, people=[worker], purpose="reading" if together else "discussion",
                       mode="in_person" if together else "video")
        more = {} if together else {"desktop_because": texts.DESKTOP}
        return [meet, *_general(worker_said=self.rng.choice(texts.WORKER_SAID), **more),
                partial(self._meet, people=[worker], purpose="feedback", mode="video")]

    def _meet(self, at: datetime, **facts) -> None:
        self._act(audits.record_session, at, held_on=london_date(at), **facts)

    def _act(self, verb, at: datetime, **facts):
        return verb(audit=self.audit, by=self.audit.auditor, at=at, **facts)

    def family(self) -> list[Words | Step]:
        """What somebody in the family said, or why nobody was asked."""
        if self.rng.random() < 0.75:
            return [partial(self._hear, *self.rng.choice(texts.FAMILY_SAID))]
        return _general(family_not_sought_because=self.rng.choice(texts.FAMILY_NOT_SOUGHT))

    def _hear(self, who: str, better: str, differently: str, at: datetime) -> None:
        """It is right to ask; a parent agrees where that is needed; then the conversation."""
        day = london_date(at)
        self._act(audits.decide_family, at, decided_on=day, decided_with="worker", outcome="all",
                  understanding=self.rng.choice(texts.UNDERSTANDING))
        if who == "child" and needs_consent(self.audit):
            self._act(audits.record_parental_consent, at, parent="mother", is_given=True, said_on=day)
        view = self._act(audits.hear, at, who=who, question_set="child" if who == "child" else "adult",
                         method=self.rng.choice(("phone", "visit", "video")), spoken_on=day, consent_at=at,
                         told_of_sharing=True)
        start = f"view-{view.pk}"
        for row in _general(**{f"{start}-difference": better, f"{start}-done_differently-answer": "said",
                               f"{start}-done_differently": differently, f"{start}-own-words": "own"}):
            self._do(row, at)
        audits.pass_on(view=view, on=day, by=self.audit.auditor, at=at)

    def domain(self, domain: Domain) -> list[Words]:
        """A judgement with its evidence; a foster carer's file has no adults to judge."""
        if self.audit.category == "fostering" and domain.slug == "adults":
            return [
                (domain, "judgement", Judgement.NOT_APPLICABLE),
                (domain, "not_applicable_because", NOT_APPLICABLE[0]),
            ]
        judgement = self._judge(domain.slug)
        return [(domain, "evidence", self._evidence(domain.slug, judgement)), (domain, "judgement", judgement)]

    def _judge(self, slug: str) -> str:
        met, partly = CHANCES[self.grade]
        met += LEANINGS.get(self.audit.service_name, {}).get(slug, 0)
        throw = self.rng.randrange(100)
        judgement = MET if throw < met else PARTLY if throw < met + partly else NOT_MET
        self.judged.add(judgement)
        return judgement

    def _evidence(self, slug: str, judgement: str) -> str:
        """Two sentences that suit the judgement, and where they are on the record."""
        pools = EVIDENCE[slug]
        first = self.rng.choice(pools[POOLS[judgement]])
        beside = [text for text in pools[0 if judgement == PARTLY else POOLS[judgement]] if text != first]
        return f"{first} {self.rng.choice(beside)} {self._reference()}"

    def _reference(self) -> str:
        day = london_date(self.audit.allocated_at) - timedelta(days=self.rng.randint(5, 120))
        return self.rng.choice(REFERENCES).format(f"{day.day} {day:%B}")

    def overall(self) -> list[Words]:
        """The grade, what it rests on, and how it goes together with a domain that is not met."""
        rows = _general(outcomes=OUTCOMES.get(self.grade, "on_the_way"))
        if NOT_MET in self.judged and self.grade in {"outstanding", "good"}:
            rows += _general(because_not_met=self.rng.choice(texts.GOOD_ALL_THE_SAME))
        if self.judged == {MET} and self.grade == "inadequate":
            rows += _general(because_all_met=texts.INADEQUATE_ALL_THE_SAME)
        rows += _general(grade=self.grade, grade_evidence=self.rng.choice(texts.GRADE_EVIDENCE[self.grade]))
        if self.grade == "requires_improvement_with_good":
            rows += _general(good_elements=self.rng.choice(texts.GOOD_ELEMENTS))
        return rows

    def learning(self) -> list[Words]:
        """Strengths, good practice, what the organisation should learn."""
        return _general(
            strengths=self.rng.choice(texts.STRENGTHS),
            good_practice=self.rng.choice(texts.GOOD_PRACTICE),
            good_practice_tags="\n".join(self.some("good_practice", 2)),
            learning_themes="\n".join(self.some("learning", 2)),
            organisational_learning=self.rng.choice(texts.LEARNING),
        )

    def some(self, kind: str, most: int) -> list[str]:
        """One or more tags, in the order in which they are offered."""
        slugs = list(self.audit.version.tags.filter(kind=kind).values_list("slug", flat=True))
        chosen = set(self.rng.sample(slugs, min(len(slugs), self.rng.randint(1, most))))
        return [slug for slug in slugs if slug in chosen]

    def plan(self, at: datetime, due: tuple[date, ...] = ()) -> None:
        """One to three SMART actions, on the days given or within six weeks; good work may need none."""
        count = len(due) or (self.rng.randint(0, 2) if self.grade in {"outstanding", "good"} else 3)
        if not count:
            audits.save_answer(
                audit=self.audit, field="no_action_because", value=texts.NO_ACTION, version=0,
                by=self.audit.auditor, at=at,
            )  # fmt: skip
        today = max(london_date(at), self.due_after)
        days = due or tuple(add_working_days(today, self.rng.randint(10, 30)) for _ in range(count))
        for chosen, day in zip(self.rng.sample(texts.ACTIONS, count), sorted(days), strict=True):
            self._add(chosen, day, at)

    def _add(self, chosen: tuple[str, str, str], due_on: date, at: datetime) -> None:
        what, measure, change = chosen
        worker, outside = self.audit.case_file.worker, ""
        if worker is None or self.rng.random() < 0.12:
            worker, outside = None, self.rng.choice(texts.OUTSIDE)
        audits.add_action(
            audit=self.audit, by=self.audit.auditor, at=at, what=what, owner=worker, owner_outside=outside,
            due_on=due_on, measure=measure, change_for_child=change,
        )  # fmt: skip

    def amend(self, at: datetime) -> None:
        """After a return: the evidence of the grade says more."""
        standing = self.audit.answers.get(field="grade_evidence")
        audits.save_answer(
            audit=self.audit, field="grade_evidence", value=f"{standing.value} {texts.AFTER_RETURN}",
            version=standing.version, by=self.audit.auditor, at=at,
        )  # fmt: skip


def _general(**fields: str) -> list[Words]:
    """Answers that belong to no domain; empty ones are left out."""
    return [(None, name, value) for name, value in fields.items() if value]
