"""A draw in words for its page: what was drawn from what, what is worth knowing, the facts of its certificate."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from allocations.frame import THEME
from allocations.models import Allocation, Draw, Round
from allocations.querysets import AllocationQuerySet
from allocations.sampling.facts import outside, target_of
from allocations.strata import in_order, labels_of, labels_of_draw
from calendars.words import clock, count, long_date
from people.models import Staff

MOST_SHOWN = 25
NEXT_RESERVES = 3


@dataclass(frozen=True)
class Stratum:
    """One stratum: how many cases the frame has, its exact share of the list, how many the list has."""

    name: str
    cases: int
    share: str
    drawn: int


@dataclass(frozen=True)
class Reserve:
    """The reserves of one stratum."""

    name: str
    cases: int
    next: list[str]


@dataclass(frozen=True)
class Allowed:
    """An exception: the cases that it opened to an auditor, those of them that the auditor was given."""

    auditor: str
    cases: list[str]
    given: list[str]
    reason: str
    by: str


def strata_of(draw: Draw) -> list[Stratum]:
    """The strata in the order in which they are listed, with exact shares of the list; themes are as asked for."""
    cases, label = Counter(row["stratum"] for row in draw.frame["cases"]), labels_of_draw(draw)
    shared = {each: n for each, n in cases.items() if not each.startswith(THEME)}
    wanted, total = sum(draw.quotas.values()), sum(shared.values())
    rest = wanted - sum(draw.quotas[each] for each in cases if each not in shared)
    rows = [Stratum(label[each], cases[each], f"{rest * cases[each] / total:.2f}" if each in shared else "As asked for",
                    drawn_of(draw, each, cases[each])) for each in in_order(cases)]
    return [*rows, Stratum("All", sum(cases.values()), f"{wanted:.2f}", sum(row.drawn for row in rows))]


def drawn_of(draw: Draw, stratum: str, cases: int) -> int:
    """How many of the cases of a stratum are on the list; before the draw, its quota."""
    if draw.certificate is None:
        return draw.quotas[stratum]
    return cases - len(draw.certificate["reserves"].get(stratum, []))


def left_out_of(draw: Draw) -> list[tuple[str, int]]:
    """Open cases that are not in the frame, counted by reason, the most frequent first."""
    return Counter(row["reason"] for row in draw.exclusions).most_common()


def reserves_of(draw: Draw, most: int = NEXT_RESERVES) -> list[Reserve]:
    """Reserves by stratum, with those that come next; what was substituted for another case is used."""
    label, used = labels_of_draw(draw), {row["taken"] for row in draw.certificate["substitutions"]}
    left = {stratum: [case for case in cases if case not in used]
            for stratum, cases in draw.certificate["reserves"].items()}
    return [Reserve(label[stratum], len(left[stratum]), left[stratum][:most])
            for stratum in in_order(left) if left[stratum]]


def passed_over_of(draw: Draw, most: int = MOST_SHOWN) -> list[dict[str, str]]:
    """The cases passed over, with the reason in names."""
    say, label = speaker(draw), labels_of_draw(draw)
    strata = {row["reference"]: row["stratum"] for row in draw.frame["cases"]}
    rows = draw.certificate["passed_over"][:most]
    return [{"case": row["reference"], "category": label[strata[row["reference"]]], "why": say(row["reason"])}
            for row in rows]


def speaker(draw: Draw):
    """Puts the names of auditors and strata in the place of their references. One query."""
    references = [row["reference"] for row in draw.frame["auditors"]]
    words = dict(Staff.objects.filter(reference__in=references).values_list("reference", "name"))
    words |= labels_of_draw(draw)
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    after = re.compile(rf"(?<=[ ,])({listed})(?=[ ,.:]|$)") if words else re.compile(r"(?!)")
    in_names = re.compile(r"\b([Aa]uditors?|stratum|strata|them:) (.*)")

    def say(text: str) -> str:
        spoken = in_names.sub(lambda part: after.sub(lambda found: words[found[1]], part[0]), text)
        return re.sub(r"\b(stratum|strata) (?=[A-Z])", "", re.sub(r"\b([Aa])uditors? (?=[A-Z])", "", spoken))

    return say


def result_of(round: Round) -> AllocationQuerySet:
    """The list that the newest draw gave, with what became of it since."""
    rows = round.allocations.select_related("case_file__team", "auditor", "replaces__case_file")
    return rows.order_by("position", "pk")


def explain(rows: Iterable[Allocation], draw: Draw) -> None:
    """Give each line its stratum in words and what is worth knowing about it."""
    labels = labels_of_draw(draw)
    allowed = {(row["case"], row["auditor"]): row for row in draw.overrides}
    names = names_of([row["by"] for row in draw.overrides])
    for row in rows:
        row.stratum_words = labels.get(row.stratum, row.stratum)
        row.override = allowed.get((row.case_file.reference, row.auditor.reference))
        row.worth_knowing = [*_override_words(row.override, names), *_other_words(row)]


def _override_words(override: dict[str, str] | None, names: dict[str, str]) -> list[str]:
    if override is None:
        return []
    return [f"Same team or group as the auditor. “{override['reason']}” {names.get(override['by'], override['by'])}"]


def _other_words(row: Allocation) -> list[str]:
    sibling = ["A brother or sister is also on the list"] if row.is_second_pass else []
    return sibling if row.status in {"draft", "allocated"} else [*sibling, row.get_status_display()]


def names_of(references: Iterable[str]) -> dict[str, str]:
    """People by staff number; no query where there is nobody."""
    wanted = set(references)
    found = Staff.objects.filter(reference__in=wanted).values_list("reference", "name") if wanted else ()
    return dict(found)


def overrides_of(draw: Draw) -> list[Allowed]:
    """What was allowed before the draw, in names, as it was frozen: cases of one auditor, reason and person in one."""
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in draw.overrides:
        groups[row["auditor"], row["reason"], row["by"]].append(row["case"])
    names = names_of(name for auditor, _, by in groups for name in (auditor, by))
    given = {(row["case"], row["auditor"]) for row in draw.certificate["result"]} if draw.certificate else set()
    return [Allowed(names.get(auditor, auditor), cases, [case for case in cases if (case, auditor) in given], reason,
                    names.get(by, by)) for (auditor, reason, by), cases in groups.items()]


def substitutions_of(draw: Draw) -> list[dict[str, Any]]:
    """What took the place of a case that dropped out, in names."""
    rows = draw.certificate["substitutions"]
    names = names_of(name for row in rows for name in (row["auditor"], row["by"]))
    return [row | {part: names.get(row[part], row[part]) for part in ("auditor", "by")} for row in rows]


def earlier_of(round: Round) -> list[Draw]:
    """The draws that a later freezing has replaced, each with the reason that the next one gave, `because`."""
    draws = list(round.draws.without_documents().select_related("frozen_by", "drawn_by").order_by("number"))
    for before, after in pairwise(draws):
        before.because = after.reason
    return draws[:-1]


def to_look_at(round: Round, draw: Draw) -> list[str]:
    """What P&Q should see before the list goes out."""
    found = draw.certificate
    wanted = sum(draw.quotas.values())
    rows = [
        _override_count(overrides_of(draw)),
        f"{count(len(found['passed_over']), 'case')} passed over" if found["passed_over"] else "No case passed over",
        second_pass_words(len(found["second_pass"])),
        f"The list is {count(wanted - round.audits, 'case')} short" if found["short"] else "No case without an auditor",
        outside(round.audits, target_of(round.version, round.is_no_notice)),
        *_missed(round, draw),
    ]
    return [row for row in rows if row]


def _override_count(allowed: list[Allowed]) -> str:
    """How many exceptions were made, by whom, and how many cases were given by them."""
    if not allowed:
        return ""
    names = ", ".join(sorted({each.by for each in allowed}))
    given = sum(len(each.given) for each in allowed)
    by_it = f"{count(given, 'case')} given by {'it' if len(allowed) == 1 else 'them'}"
    return f"{count(len(allowed), 'same-team override')}, by {names}; {by_it}"


def _missed(round: Round, draw: Draw) -> list[str]:
    """Strata of which the programme always wants some, and the frame had none (S4-06)."""
    floors = {name: n for name, n in round.version.rules.sampling.floors.items() if name not in draw.quotas}
    labels = labels_of(floors)
    return [f"No case of {labels[name]}, of which the list should have at least {n}" for name, n in floors.items()]


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
