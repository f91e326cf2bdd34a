"""The points of a shared audit that a reader may comment on or challenge: grade, domains, actions."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Point:
    """One point, by its key, and how it is called."""

    key: str
    title: str


def points_of(content: dict[str, Any]) -> list[Point]:
    """Every point of a frozen version, in the order of the page."""
    domains = [
        Point(f"domain:{row['slug']}", f"{number} {row['title']}")
        for number, row in enumerate(content["domains"], start=1)
    ]
    actions = [Point(f"action:{number}", f"Action {number}") for number in range(1, len(content["actions"]) + 1)]
    return [Point("grade", "Overall judgement"), *domains, *actions]
