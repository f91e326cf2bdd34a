"""The content of an audit as one document: what is frozen, hashed, read and compared."""

import hashlib
import json
from typing import Any

from audits.consulting import facts_of
from audits.family import is_of_view, said_in
from audits.models import Audit
from programmes.models import Domain


def content_of(audit: Audit) -> dict[str, Any]:
    """Everything that stands in the audit now. Four queries."""
    contact, family = facts_of(audit)
    answers = list(audit.answers.select_related("domain"))
    general = {answer.field: answer.value for answer in answers if answer.domain is None}
    domains = {}
    for answer in answers:
        if answer.domain:
            domains.setdefault(answer.domain.slug, {})[answer.field] = answer.value
    family["views"] = [said_in(view, general, audit.version) for view in family["views"]]
    titles = domains_for(audit)
    return {
        "number": audit.number,
        "domains": [{"slug": d.slug, "title": d.title, **domains.get(d.slug, {})} for d in titles],
        "answers": {field: value for field, value in general.items() if not is_of_view(field)},
        "contact": contact,
        "family": family,
        "actions": [_action(row) for row in live_actions(audit)],
    }


def domains_for(audit: Audit) -> list[Domain]:
    """The domains that are judged in this audit: some are for some kinds of case only (S2-46). One query, once per
    object.
    """
    if "_domains" not in audit.__dict__:
        audit._domains = _domains_for(audit)
    return audit._domains


def _domains_for(audit: Audit) -> list[Domain]:
    kinds = {audit.category} | ({"care_leaver"} if audit.case_file.is_care_leaver else set())
    rows = audit.version.domains.order_by("position")
    return [row for row in rows if not row.categories or kinds.intersection(row.categories)]


def live_actions(audit: Audit):
    """The actions of the plan, in order, without the removed ones."""
    return audit.proposed_actions.filter(removed_at=None).select_related("owner").order_by("position", "id")


def _action(row) -> dict[str, Any]:
    return {
        "id": row.pk,
        "what": row.what,
        "owner": row.owner_name,
        "due_on": row.due_on.isoformat() if row.due_on else "",
        "measure": row.measure,
        "change_for_child": row.change_for_child,
    }


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def judged(content: dict[str, Any]) -> dict[str, Any]:
    """What readers must see again when it changes after a return: judgements, grade and actions (A16)."""
    return {
        "judgements": {d["slug"]: d.get("judgement", "") for d in content["domains"]},
        "grade": content["answers"].get("grade", ""),
        "actions": content["actions"],
    }
