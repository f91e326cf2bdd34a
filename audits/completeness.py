"""What is done and what is missing, part by part: the task list, and the gate before sharing and finalising."""

from dataclasses import dataclass
from typing import Any

from audits.hearing import Missing, missing_in_contact, missing_in_family
from audits.judging import barred_grade, nothing_judged, unexplained
from audits.terms import Terms
from programmes.models import Judgement

NOT_STARTED, IN_PROGRESS, ATTENTION, DONE = "not_started", "in_progress", "attention", "done"
CONTACT_FIELDS = ("worker_said", "manager_input", "iro_input", "adviser_input")


@dataclass(frozen=True)
class Part:
    """One part of the audit: how far it is and why. `before` says what it is needed for; `number` is a domain's."""

    slug: str
    title: str
    state: str
    why: str = ""
    judgement: str = ""
    before: str = "share"
    number: int = 0
    missing: tuple[Missing, ...] = ()
    field: str = ""

    @property
    def place(self) -> str:
        """The field that is wrong, below the audit's own address; the part where it is no single one."""
        return f"{self.path}#{self.field}" if self.field else self.path

    @property
    def path(self) -> str:
        """Where it is, below the audit's own address."""
        return f"domains/{self.slug}/" if self.number else f"{self.slug}/"

    @property
    def name(self) -> str:
        """ "domain 3", "family views": within a sentence."""
        return f"domain {self.number}" if self.number else self.title[:1].lower() + self.title[1:]

    @property
    def is_done(self) -> bool:
        """Nothing is missing here."""
        return self.state == DONE


def parts_of(content: dict[str, Any], terms: Terms) -> list[Part]:
    """The parts in the order of the task list: those that the programme asks for."""
    answers = content["answers"]
    return [
        period_part(answers),
        contact_part(content),
        family_part(content),
        *([enquiry_part(answers)] if terms.has_enquiry else []),
        *domain_parts(content),
        *([timescales_part(answers)] if terms.has_timescales else []),
        overall_part(content, terms),
        learning_part(answers),
        plan_part(answers, content["actions"]),
    ]


def domain_parts(content: dict[str, Any]) -> list[Part]:
    """One part for each domain."""
    return [domain_part(number, domain) for number, domain in enumerate(content["domains"], start=1)]


def domain_part(number: int, domain: dict[str, str]) -> Part:
    """A domain needs a judgement with evidence, or a reason why it does not apply (S1-32, S1-33)."""
    judgement, evidence = domain.get("judgement", ""), domain.get("evidence", "").strip()
    because = domain.get("not_applicable_because", "").strip()
    part = {"slug": domain["slug"], "title": f"{number} {domain['title']}", "judgement": judgement, "number": number}
    if not judgement and not evidence:
        return Part(**part, state=NOT_STARTED)
    if not judgement:
        return Part(**part, state=IN_PROGRESS, why="Evidence written, no judgement yet", field="judgement-1")
    label = Judgement(judgement).label
    if judgement == Judgement.NOT_APPLICABLE:
        if because:
            return Part(**part, state=DONE)
        return Part(**part, state=ATTENTION, why=f"You chose “{label}”. Say why it does not apply",
                    field="not_applicable_because")
    if not evidence:
        return Part(**part, state=ATTENTION, why=f"You chose “{label}”. Say what evidence shows it", field="evidence")
    return Part(**part, state=DONE)


def period_part(answers: dict[str, str]) -> Part:
    """Earlier records read or not, and why (S1-31)."""
    read = answers.get("earlier_records", "")
    part = {"slug": "period", "title": "Period and documents"}
    if not read:
        return Part(**part, state=NOT_STARTED, why="Say whether you read earlier records", field="earlier_records-1")
    if read == "yes" and not answers.get("earlier_records_because", "").strip():
        return Part(**part, state=ATTENTION, why="Say which earlier records you read, and why",
                    field="earlier_records_because")
    return Part(**part, state=DONE)


def contact_part(content: dict[str, Any]) -> Part:
    """The worker's input, or why it was impossible; whoever else has a part; needed before the audit is final."""
    contact, answers = content["contact"], content["answers"]
    begun = contact["sessions"] or contact["without_worker"] or any(map(answers.get, CONTACT_FIELDS))
    return _heard("contact", "Contact and consultation", missing_in_contact(contact, answers), bool(begun))


def family_part(content: dict[str, Any]) -> Part:
    """The family's views, or why they were not sought; needed before the audit is final (S1-25)."""
    family, answers = content["family"], content["answers"]
    begun = family["decision"] or family["attempts"] or family["views"]
    return _heard("family", "Family views", missing_in_family(family, answers), bool(begun))


def _heard(slug: str, title: str, missing: list[Missing], begun: bool) -> Part:
    part = {"slug": slug, "title": title, "before": "finalise", "missing": tuple(missing)}
    if not missing:
        return Part(**part, state=DONE)
    return Part(**part, state=ATTENTION if begun else NOT_STARTED, why=missing[0].why)


def enquiry_part(answers: dict[str, str]) -> Part:
    """What the pair wants to explore, and what the discussion with staff brought (S4-12, S4-15)."""
    part = {"slug": "enquiry", "title": "Lines of enquiry"}
    fields = {"enquiry_lines": "what you want to explore", "enquiry_people": "with whom",
              "staff_discussion": "what the discussion brought"}
    missing = _unwritten(fields, answers)
    if len(missing) == len(fields):
        return Part(**part, state=NOT_STARTED)
    if missing:
        return Part(**part, state=IN_PROGRESS, why=f"Still to write: {', '.join(missing.values())}",
                    field=next(iter(missing)))
    return Part(**part, state=DONE)


def timescales_part(answers: dict[str, str]) -> Part:
    """A reference that helps to look: it is never in the way of anything (S2-53 to S2-79)."""
    part = {"slug": "timescales", "title": "Practice timescales", "before": "nothing"}
    given = [value for field, value in answers.items() if field.startswith("timescale-") and value.strip()]
    if not given:
        return Part(**part, state=NOT_STARTED, why="A checklist for you; the audit is complete without it")
    return Part(**part, state=DONE)


def overall_part(content: dict[str, Any], terms: Terms) -> Part:
    """Grade and evidence (S1-34), with its good elements where the grade asks for them (S1-39), outcomes and safety
    where the programme asks (S2-37, S2-51), and whatever does not seem to go together explained (A39).
    """
    answers = content["answers"]
    title = "Overall judgement" if terms.is_graded else "Overall evaluation"
    part = {"slug": "overall", "title": title}
    if not any(answers.get(field, "").strip() for field in ("grade", "grade_evidence", "outcomes", "safe_now")):
        return Part(**part, state=NOT_STARTED)
    if missing := _not_chosen(answers, terms):
        return Part(**part, state=IN_PROGRESS, why=missing[0], field=missing[1])
    if problem := _overall_problem(content, terms):
        return Part(**part, state=ATTENTION, why=problem[0], field=problem[1])
    return Part(**part, state=DONE)


def _not_chosen(answers: dict[str, str], terms: Terms) -> tuple[str, str] | None:
    """The first choice that is still open, and its field."""
    if terms.outcomes != "none" and not answers.get("outcomes"):
        return "Say whether the outcomes are met, or on the way", "outcomes-1"
    if terms.asks_safety and not answers.get("safe_now"):
        return "Say whether the child is safe now", "safe_now-1"
    return ("No grade chosen yet", "grade-1") if terms.is_graded and not answers.get("grade") else None


def _overall_problem(content: dict[str, Any], terms: Terms) -> tuple[str, str] | None:
    """What is wrong with the grade as it stands, and the field where it is put right; nothing where nothing is."""
    answers = content["answers"]
    grade = terms.grades.get(answers.get("grade", ""))
    if not answers.get("grade_evidence", "").strip():
        return "Say what the grade rests on" if grade else "Say what you find", "grade_evidence"
    if grade and grade.needs_good_elements and not answers.get("good_elements", "").strip():
        return "This grade needs the elements that are good", "good_elements"
    if barred := barred_grade(content, terms):
        return (f"“{barred.label}” cannot be given while the outcomes are neither met nor on the way: "
                "choose another grade, or weigh the outcomes again"), "grade-1"
    if nothing_judged(content, terms):
        return "You said of every domain that it does not apply: judge at least one", ""
    return next(iter(unexplained(content, terms)), None)


def learning_part(answers: dict[str, str]) -> Part:
    """Strengths, good practice and organisational learning (S1-42, S1-43)."""
    part = {"slug": "learning", "title": "Strengths and learning"}
    fields = {"strengths": "strengths", "good_practice": "good practice", "organisational_learning": "learning"}
    missing = _unwritten(fields, answers)
    if len(missing) == len(fields):
        return Part(**part, state=NOT_STARTED)
    if missing:
        return Part(**part, state=IN_PROGRESS, why=f"Still to write: {', '.join(missing.values())}",
                    field=next(iter(missing)))
    return Part(**part, state=DONE)


def _unwritten(fields: dict[str, str], answers: dict[str, str]) -> dict[str, str]:
    return {field: word for field, word in fields.items() if not answers.get(field, "").strip()}


def plan_part(answers: dict[str, str], actions: list[dict[str, Any]]) -> Part:
    """At least one complete action, or why none is needed (S1-43, S1-44, B9)."""
    part = {"slug": "plan", "title": "Improvement plan"}
    if not actions:
        if answers.get("no_action_because", "").strip():
            return Part(**part, state=DONE, why="No action needed")
        return Part(**part, state=NOT_STARTED)
    count = f"{len(actions)} action{'s' if len(actions) > 1 else ''}"
    for number, action in enumerate(actions, start=1):
        if missing := missing_in_action(action):
            return Part(**part, state=IN_PROGRESS, why=f"{count}. Action {number} has no {missing[0]}",
                        missing=(Missing(f"Action {number} has no {missing[0]}", _where(action, missing[0])),))
    return Part(**part, state=DONE, why=count)


SMART = {
    "what": "text",
    "owner": "owner",
    "due_on": "date",
    "measure": "measure",
    "change_for_child": "word on what changes for the child",
}
IN_THE_FORM = {"owner": "owner_name", "due_on": "due_on_0"}


def missing_in_action(action: dict[str, Any]) -> list[str]:
    """What a SMART action still lacks, in words (S1-44)."""
    return [word for field, word in SMART.items() if not str(action.get(field) or "").strip()]


def _where(action: dict[str, Any], word: str) -> str:
    """The field of an action that is missing, below the audit's own address."""
    field = next(field for field, known in SMART.items() if known == word)
    return f"plan/{action['id']}/#id_{IN_THE_FORM.get(field, field)}"


def missing_before(parts: list[Part], step: str) -> list[Part]:
    """Parts that are in the way of `share`, or of `finalise`, which needs what sharing needs and more."""
    needed = {"share": {"share"}, "finalise": {"share", "finalise"}}[step]
    return [part for part in parts if not part.is_done and part.before in needed]
