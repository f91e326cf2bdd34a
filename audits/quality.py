"""What P&Q look at when they check a final audit, and what the portal found of it by itself (S1-47)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from audits.completeness import Part, parts_of
from audits.terms import Terms


@dataclass(frozen=True)
class Item:
    """One thing to look at. `parts` are those of the task list in which the portal looked itself."""

    slug: str
    title: str
    hint: str
    parts: tuple[str, ...] = ()


DOMAINS = "domains"
ITEMS = (
    Item("domains", "Every domain is judged, and its evidence carries the judgement", "", (DOMAINS,)),
    Item("grade", "The overall grade follows from the evidence", "", ("overall",)),
    Item("learning", "Strengths, good practice and learning for the organisation are named", "", ("learning",)),
    Item("actions", "Each action can be seen to be done, by one person, by a date", "", ("plan",)),
    Item("worker", "The worker took part, or the reason why not holds", "", ("contact",)),
    Item("family", "The family’s views are there, or the reason why not holds", "", ("family",)),
    Item("writing", "It is written so that the child could read it, and names nobody of the family",
         "Only a reader can tell"),
)
BY_SLUG = {item.slug: item for item in ITEMS}


class Ticked(NamedTuple):
    """What the checker says to one item."""

    is_in_order: bool
    note: str = ""


Checklist = Mapping[str, Ticked]
ALL_IN_ORDER: Checklist = {item.slug: Ticked(True) for item in ITEMS}


class Found(NamedTuple):
    """What the portal found of one item: the reasons why it is not complete, where it looked at all."""

    item: Item
    looked: bool
    missing: list[str]


def found_in(content: dict[str, Any], terms: Terms) -> list[Found]:
    """For each item what is missing in a version, by the same rules as before it was shared."""
    parts = parts_of(content, terms)
    domains = {row["slug"] for row in content["domains"]}
    return [Found(item, bool(item.parts), _missing(item, parts, domains)) for item in ITEMS]


def _missing(item: Item, parts: list[Part], domains: set[str]) -> list[str]:
    looked_at = [part for part in parts if part.slug in item.parts or DOMAINS in item.parts and part.slug in domains]
    return [f"{part.title}: {part.why or 'nothing is written'}" for part in looked_at if not part.is_done]


def unanswered(checklist: Checklist) -> list[Item]:
    """Items that are neither in order nor have a note that says why the audit is accepted without."""
    return [item for item in ITEMS if not (said := checklist.get(item.slug, Ticked(False))).is_in_order
            and not said.note.strip()]


def as_rows(checklist: Checklist) -> list[dict[str, Any]]:
    """As it is kept: with the words of today, for items may be called otherwise later."""
    rows = ((item, checklist.get(item.slug, Ticked(False))) for item in ITEMS)
    return [{"slug": item.slug, "title": item.title, "ok": said.is_in_order, "note": said.note} for item, said in rows]


def reasons_from(checklist: Checklist) -> str:
    """What is not in order, as the beginning of the reasons for a return (S1-48)."""
    lines = [f"{row['title']}: {row['note'] or 'not in order'}" for row in as_rows(checklist) if not row["ok"]]
    return "\n".join(lines)
