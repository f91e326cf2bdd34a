"""What is still missing of contact and of the family's views, read from the audit's document (S1-18 to S1-25)."""

from typing import Any, NamedTuple

from audits.family_models import FamilyDecision, Relation

Facts = dict[str, Any]
JOINT = ("reading", "discussion")
# The fields of each role that may be heard, and how it is called.
NOTES = {
    "team_manager": ("manager", "the team manager"),
    "iro": ("iro", "the reviewing officer"),
    "cp_adviser": ("adviser", "the child protection adviser"),
}


class Missing(NamedTuple):
    """What is missing, and where it is given: an address under that of the audit."""

    why: str
    at: str


def sessions_with_worker(contact: Facts, *purposes: str) -> list[Facts]:
    """Those in which the worker was there."""
    return [row for row in contact["sessions"]
            if row["purpose"] in purposes and any(one["capacity"] == "worker" for one in row["people"])]


def worker_took_part(contact: Facts) -> bool:
    """They read the file or talked about it together."""
    return bool(sessions_with_worker(contact, *JOINT))


def missing_in_contact(contact: Facts, answers: dict[str, str]) -> list[Missing]:
    """What stands between the audit and being final, first the worker."""
    took_part = worker_took_part(contact)
    worker = _of_worker(contact, answers) if took_part else _without_worker(contact)
    roles = [row["capacity"] for row in contact["people"]]
    notes = [_note(answers, *names) for role, names in NOTES.items() if role in roles]
    return worker + [row for row in notes if row]


def _of_worker(contact: Facts, answers: dict[str, str]) -> list[Missing]:
    found = []
    if not answers.get("worker_said", "").strip():
        found.append(Missing("Write down what the worker said", "contact/#worker_said"))
    if not sessions_with_worker(contact, "reading") and not answers.get("desktop_because", "").strip():
        found.append(Missing("Say why you did not read the file together with the worker", "contact/#desktop_because"))
    if contact["feedback_asked"] and not sessions_with_worker(contact, "feedback"):
        found.append(Missing("Record when you told the worker what you found", "contact/#sessions"))
    return found


def _without_worker(contact: Facts) -> list[Missing]:
    row = contact["without_worker"]
    if row is None:
        return [Missing("Record when you met the worker, or why they cannot take part", "contact/#sessions")]
    problem = why_not_without(contact, row)
    return [Missing(problem, "contact/#without-worker")] if problem else []


def why_not_without(contact: Facts, row: Facts) -> str:
    """Why the audit cannot rest on the file alone; nothing where it can (S1-18, A50, B1).

    Away counts for whom it was recorded, and only where it lasts from the day of recording until the audit is due.
    """
    worker = next((one for one in contact["people"] if one["capacity"] == "worker"), None)
    if worker is None:
        return ""
    if row["worker"] != worker["staff"]:
        return f"{worker['name']} is the worker now: try to reach them"
    if row["why"] == "away":
        until = max(contact["until"], row["recorded_on"])
        if row["away_from"] > row["recorded_on"]:
            return f"{worker['name']} is not away yet: try to reach them before"
        return f"{worker['name']} is back before the audit is due: try to reach them" \
            if row["away_until"] < until else ""
    if all(one["person"] != worker["staff"] for one in contact["resolved"]):
        return f"The group manager has not said yet why {worker['name']} does not answer"
    return ""


def _note(answers: dict[str, str], key: str, name: str) -> Missing | None:
    """What somebody said, or why they were not needed (S1-19, S1-24)."""
    heard = answers.get(f"{key}_input", "")
    if not heard:
        return Missing(f"Say whether you spoke with {name}", f"contact/#{key}_input-1")
    field = f"{key}_said" if heard == "said" else f"{key}_not_needed_because"
    if answers.get(field, "").strip():
        return None
    why = f"Write down what {name} said" if heard == "said" else f"Say why you did not need to ask {name}"
    return Missing(why, f"contact/#{field}")


def missing_in_family(family: Facts, answers: dict[str, str]) -> list[Missing]:
    """Each view with what everybody is asked; without any view the reason (S1-25, S2-17, S2-19)."""
    if family["views"]:
        return [row for view in family["views"] for row in _in_view(view)]
    decision = family["decision"]
    if decision and decision["outcome"] == FamilyDecision.Outcome.NOBODY:
        return []
    if answers.get("family_not_sought_because", "").strip():
        return []
    return [Missing("Record what somebody in the family said, or why nobody was spoken to",
                    "family/#family_not_sought_because")]


def _in_view(view: Facts) -> list[Missing]:
    who, page = Relation(view["who"]).label, f"family/views/{view['id']}/"
    found = [
        Missing(f"{who}: write down what they said to “{row['question']}”, or that they did not want to answer",
                f"{page}#view-{view['id']}-{row['slug']}-answer-1")
        for row in view["said"] if row["needed"] and not (row["declined"] or row["text"].strip())
    ]
    if not view["words"]:
        found.append(Missing(f"{who}: say whether these are their own words", f"{page}#view-{view['id']}-own-words-1"))
    return found
