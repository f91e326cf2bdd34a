"""A draw in words for its page: what was drawn from what, what is worth knowing, the facts of its certificate."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allocations.models import Allocation, Draw, Round
from calendars.words import clock, count, long_date
from casefiles.models import CaseFile
from people.models import Staff

CATEGORIES = dict(CaseFile.Category.choices)
MOST_SHOWN = 25
NEXT_RESERVES = 3


@dataclass(frozen=True)
class Stratum:
    """One category: how many cases the frame has, its exact share of the list, how many the list has."""

    name: str
    cases: int
    share: str
    drawn: int


@dataclass(frozen=True)
class Reserve:
    """The reserves of one category."""

    name: str
    cases: int
    next: list[str]


def category(stratum: str) -> str:
    """The label of a stratum."""
    return CATEGORIES.get(stratum, stratum)


def in_order(strata: Iterable[str]) -> list[str]:
    """Strata in the order in which categories are listed, unknown ones last."""
    rank = {name: place for place, name in enumerate(CATEGORIES)}
    return sorted(strata, key=lambda stratum: (rank.get(stratum, len(rank)), stratum))


def strata_of(draw: Draw) -> list[Stratum]:
    """The strata in the order in which categories are listed, with exact shares of the list."""
    cases = Counter(row["stratum"] for row in draw.frame["cases"])
    wanted, total = sum(draw.quotas.values()), sum(cases.values())
    rows = [Stratum(category(each), cases[each], f"{wanted * cases[each] / total:.2f}", drawn_of(draw, each))
            for each in in_order(cases)]
    return [*rows, Stratum("All", total, f"{wanted:.2f}", sum(row.drawn for row in rows))]


def drawn_of(draw: Draw, stratum: str) -> int:
    """How many cases of a stratum are on the list; before the draw, its quota."""
    if draw.certificate is None:
        return draw.quotas[stratum]
    left = len(draw.certificate["reserves"].get(stratum, []))
    return sum(row["stratum"] == stratum for row in draw.frame["cases"]) - left


def left_out_of(draw: Draw) -> list[tuple[str, int]]:
    """Open cases that are not in the frame, counted by reason, the most frequent first."""
    return Counter(row["reason"] for row in draw.exclusions).most_common()


def reserves_of(draw: Draw) -> list[Reserve]:
    """Reserves by category, with those that come next; what was substituted for another case is used."""
    used = {row["taken"] for row in draw.certificate["substitutions"]}
    left = {stratum: [case for case in cases if case not in used]
            for stratum, cases in draw.certificate["reserves"].items()}
    return [Reserve(category(stratum), len(left[stratum]), left[stratum][:NEXT_RESERVES])
            for stratum in in_order(left) if left[stratum]]


def passed_over_of(draw: Draw) -> list[dict[str, str]]:
    """The cases passed over, with the reason in names."""
    say = speaker(draw)
    strata = {row["reference"]: row["stratum"] for row in draw.frame["cases"]}
    rows = draw.certificate["passed_over"][:MOST_SHOWN]
    return [{"case": row["reference"], "category": category(strata[row["reference"]]), "why": say(row["reason"])}
            for row in rows]


def speaker(draw: Draw):
    """Puts the names of auditors and categories in the place of their references. One query."""
    references = [row["reference"] for row in draw.frame["auditors"]]
    words = dict(Staff.objects.filter(reference__in=references).values_list("reference", "name"))
    words |= {stratum: category(stratum) for stratum in draw.quotas}
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    after = re.compile(rf"(?<=[ ,])({listed})(?=[ ,.:]|$)") if words else re.compile(r"(?!)")
    in_names = re.compile(r"\b([Aa]uditors?|stratum|strata|them:) (.*)")

    def say(text: str) -> str:
        spoken = in_names.sub(lambda part: after.sub(lambda found: words[found[1]], part[0]), text)
        return re.sub(r"\b(stratum|strata) (?=[A-Z])", "", re.sub(r"\b([Aa])uditors? (?=[A-Z])", "", spoken))

    return say


def to_look_at(round: Round, draw: Draw) -> list[str]:
    """What P&Q should see before the list goes out."""
    found = draw.certificate
    wanted = sum(draw.quotas.values())
    rows = [
        count(len(found["overrides"]), "same-team override") if found["overrides"] else "",
        f"{count(len(found['passed_over']), 'case')} passed over" if found["passed_over"] else "No case passed over",
        second_pass_words(len(found["second_pass"])),
        f"The list is {count(wanted - round.audits, 'case')} short" if found["short"] else "No case without an auditor",
    ]
    return [row for row in rows if row]


def second_pass_words(taken: int) -> str:
    """How many brothers or sisters had to be taken."""
    return f"{count(taken, 'sibling')} taken in the second pass" if taken else ""


def facts(round: Round, draw: Draw) -> list[tuple[str, str]]:
    """The certificate in brief; the file has all of it."""
    reasons = [f"{n:,} {reason[0].lower()}{reason[1:]}" for reason, n in left_out_of(draw)]
    left_out = f" {len(draw.exclusions):,} left out: {', '.join(reasons)}." if reasons else " None left out."
    substituted = round.allocations.filter(status=Allocation.Status.SUBSTITUTED).count()
    frozen = f"{long_date(draw.frozen_at)} at {clock(draw.frozen_at)}"
    return [
        ("Frame", f"{len(draw.frame['cases']):,} cases, frozen on {frozen} by {draw.frozen_by}.{left_out}"),
        ("Fingerprint of the frame", short(draw.frame_digest)),
        ("Seed", f"Committed when the frame was frozen: {short(draw.seed)}"),
        ("Rules", f"{round.version}. Draw method, version 1"),
        ("Earlier draws", earlier_words(draw.certificate)),
        ("Substitutions since", count(substituted, "case") if substituted else "None"),
    ]


def earlier_words(certificate: dict[str, Any]) -> str:
    """How often the frame was frozen before, and why again."""
    earlier = certificate["earlier_draws"]
    reasons = "; ".join(f"“{row['reason']}”" for row in earlier)
    return f"{len(earlier)}. Frozen again because: {reasons}" if earlier else "None for this round"


def short(digest: str) -> str:
    """Enough of a digest to compare by eye: "9f2c 41d0 7be8 … 03aa"."""
    return f"{digest[:4]} {digest[4:8]} {digest[8:12]} … {digest[-4:]}"
