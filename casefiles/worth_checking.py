"""What is worth checking before a list of case files is imported; nothing is refused for it."""

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from casefiles.models import CaseFile, KnownWord
from casefiles.reading.case_list import CHILDREN
from casefiles.reading.results import Note

if TYPE_CHECKING:
    from casefiles.plans import CasePlan

TEAMLESS = ("contact", "early_help")
NAMED = 5
MANY_CLOSED = 10
ASKED = (
    (KnownWord.Kind.CATEGORY, ("category is", "categories are", "known"), "These rows are refused until you say what "
     "it means: see “Match names”."),
    (KnownWord.Kind.TEAM, ("team is", "teams are", "in People"), "The cases come in without a team. They are not "
     "drawn until the team is known: see “Match names”."),
    (KnownWord.Kind.PERSON, ("name is", "names are", "in People"), "The case comes in, that person stays empty: see "
     "“Match names”."),
)


def notes_of(plan: "CasePlan") -> list[Note]:
    """Those of the reading, then words that matched nothing, what was said before, and what is missing."""
    return [*plan.reading.notes, *_unmatched(plan), *_remembered(plan), *_closing(plan)]


def _unmatched(plan: "CasePlan") -> Iterator[Note]:
    for kind, words, done in ASKED:
        if found := plan.unknown[kind]:
            yield Note(_named(found, *words), done, list(chain.from_iterable(found.values())))
    for category, rows in plan.without_team.items():
        label = CaseFile.Category(category).label if category in CaseFile.Category.values else "Cases"
        yield Note(f"The list gives no team: {label}", "They come in without a team. They are not drawn.", rows)


def _remembered(plan: "CasePlan") -> Iterator[Note]:
    if plan.as_said:
        yield Note("Of a category that you do not audit", "Left out, as was said before.", plan.as_said)
    if plan.disagreed:
        yield Note("Corrected here, and the list now says something else again",
                   "Our correction stays until the list agrees.", plan.disagreed)
    if plan.agreed:
        references = [correction.case_file.reference for correction in plan.agreed]
        yield Note("Corrected here, and the list agrees now", "The correction is done with.", references)


def _closing(plan: "CasePlan") -> Iterator[Note]:
    covers, before = plan.reading.covers, plan.open_before
    if covers & CHILDREN and (lists := CHILDREN - set(TEAMLESS) - covers):
        words = ", ".join(sorted(str(CaseFile.Category(name).label) for name in lists))
        yield Note(f"The file has no list of: {words}", "Cases of these categories stay as they are.", [])
    if before and len(plan.closed) * 100 > before * MANY_CLOSED:
        yield Note(f"This file closes {len(plan.closed) / before:.0%} of all open cases",
                   "Check that the list is complete.", [case["reference"] for case in plan.closed])
    if plan.reading.corrects:
        yield Note(f"This file brings rows again that import {plan.reading.corrects} refused",
                   "Only these rows are loaded. Nothing is closed.", [])


def _named(names: dict[str, list[str]], one: str, many: str, where: str) -> str:
    shown = ", ".join(f"“{name[:60]}”" for name in list(names)[:NAMED])
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{len(names)} {one if len(names) == 1 else many} not {where}: {shown}{more}"
