"""What is done and what is missing, part by part: the task list, and the gate before sharing and finalising."""

from dataclasses import dataclass
from typing import Any

from audits.hearing import Missing, missing_in_contact, missing_in_family
from programmes.models import Judgement

NOT_STARTED, IN_PROGRESS, ATTENTION, DONE = "not_started", "in_progress", "attention", "done"
CONTACT_FIELDS = ("worker_said", "manager_input", "iro_input", "adviser_input")


@dataclass(frozen=True)
class Part:
    """One part of the audit: where it is, how far it is and why."""

    slug: str
    title: str
    state: str
    why: str = ""
    judgement: str = ""
    before: str = "share"
    missing: tuple[Missing, ...] = ()

    @property
    def is_done(self) -> bool:
        """Nothing is missing here."""
        return self.state == DONE


def parts_of(content: dict[str, Any], grades: dict[str, bool]) -> list[Part]:
    """The fifteen parts in the order of the task list.

    `grades` says for each grade slug whether its good elements must be named (S1-39).
    """
    answers = content["answers"]
    domains = [domain_part(number, domain) for number, domain in enumerate(content["domains"], start=1)]
    return [
        period_part(answers),
        contact_part(content),
        family_part(content),
        *domains,
        overall_part(answers, grades),
        learning_part(answers),
        plan_part(answers, content["actions"]),
    ]


def domain_part(number: int, domain: dict[str, str]) -> Part:
    """A domain needs a judgement with evidence, or a reason why it does not apply (S1-32, S1-33)."""
    judgement, evidence = domain.get("judgement", ""), domain.get("evidence", "").strip()
    because = domain.get("not_applicable_because", "").strip()
    part = {"slug": domain["slug"], "title": f"{number} {domain['title']}", "judgement": judgement}
    if not judgement and not evidence:
        return Part(**part, state=NOT_STARTED)
    if not judgement:
        return Part(**part, state=IN_PROGRESS, why="Evidence written, no judgement yet")
    label = Judgement(judgement).label
    if judgement == Judgement.NOT_APPLICABLE:
        if because:
            return Part(**part, state=DONE)
        return Part(**part, state=ATTENTION, why=f"You chose “{label}”. Say why it does not apply")
    if not evidence:
        return Part(**part, state=ATTENTION, why=f"You chose “{label}”. Say what evidence shows it")
    return Part(**part, state=DONE)


def period_part(answers: dict[str, str]) -> Part:
    """Earlier records read or not, and why (S1-31)."""
    read = answers.get("earlier_records", "")
    part = {"slug": "period", "title": "Period and documents"}
    if not read:
        return Part(**part, state=NOT_STARTED, why="Say whether you read earlier records")
    if read == "yes" and not answers.get("earlier_records_because", "").strip():
        return Part(**part, state=ATTENTION, why="Say which earlier records you read, and why")
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


def overall_part(answers: dict[str, str], grades: dict[str, bool]) -> Part:
    """A grade with its evidence, and its good elements where the grade asks for them (S1-34, S1-39)."""
    grade, evidence = answers.get("grade", ""), answers.get("grade_evidence", "").strip()
    part = {"slug": "overall", "title": "Overall judgement"}
    if not grade and not evidence:
        return Part(**part, state=NOT_STARTED)
    if not grade:
        return Part(**part, state=IN_PROGRESS, why="No grade chosen yet")
    if not evidence:
        return Part(**part, state=ATTENTION, why="Say what the grade rests on")
    if grades.get(grade) and not answers.get("good_elements", "").strip():
        return Part(**part, state=ATTENTION, why="This grade needs the elements that are good")
    return Part(**part, state=DONE)


def learning_part(answers: dict[str, str]) -> Part:
    """Strengths, good practice and organisational learning (S1-42, S1-43)."""
    part = {"slug": "learning", "title": "Strengths and learning"}
    fields = {"strengths": "strengths", "good_practice": "good practice", "organisational_learning": "learning"}
    missing = [word for field, word in fields.items() if not answers.get(field, "").strip()]
    if len(missing) == len(fields):
        return Part(**part, state=NOT_STARTED)
    if missing:
        return Part(**part, state=IN_PROGRESS, why=f"Still to write: {', '.join(missing)}")
    return Part(**part, state=DONE)


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
            return Part(**part, state=IN_PROGRESS, why=f"{count}. Action {number} has no {missing[0]}")
    return Part(**part, state=DONE, why=count)


def missing_in_action(action: dict[str, Any]) -> list[str]:
    """What a SMART action still lacks, in words (S1-44)."""
    names = {
        "what": "text",
        "owner": "owner",
        "due_on": "date",
        "measure": "measure",
        "change_for_child": "word on what changes for the child",
    }
    return [word for field, word in names.items() if not str(action.get(field) or "").strip()]


def missing_before(parts: list[Part], step: str) -> list[Part]:
    """Parts that are in the way of `share`, or of `finalise` (which needs everything)."""
    return [part for part in parts if not part.is_done and (step == "finalise" or part.before == "share")]
