"""What to think of before a frame is frozen: the size against the target, floors, who may audit what (S0-07, S4-06)."""

from collections.abc import Iterable, Mapping

from django.db.models import Subquery

from allocations.forbidden import PEOPLE, Forbidden, overrides_of
from allocations.frame import recently_audited
from allocations.models import Allocation, Draw, Round
from allocations.sampling.workflow import VERBS
from calendars.words import count
from casefiles.models import CaseFile
from people.models import Auditor as Registered
from programmes.models import ProgrammeVersion
from programmes.policy import Range
from trail.models import Event


def target_of(version: ProgrammeVersion, is_no_notice: bool) -> Range | None:
    """How many cases such a round should have, where the programme says (S0-07, S0-14)."""
    rules = version.rules.sampling
    return rules.no_notice_target if is_no_notice else rules.target


def target_words(target: Range) -> str:
    """ "20 to 30 cases"."""
    return f"{target.at_least} to {count(target.at_most, 'case')}"


def outside(size: int, target: Range | None) -> str:
    """A sentence where a sample is smaller or larger than the programme asks for."""
    if target is None or target.at_least <= size <= target.at_most:
        return ""
    which = "fewer" if size < target.at_least else "more"
    return f"{count(size, 'case')}: {which} than the {target_words(target)} that the programme asks for."


def size_of(round: Round, capacity: int, cases: int) -> int:
    """How many cases would be drawn as things stand."""
    return min(capacity, cases) if round.wanted is None else round.wanted


def warnings(round: Round, size: int, capacity: int, counts: Mapping[str, int], labels: Mapping[str, str]) -> list[str]:
    """What P&Q should see before they freeze; none of it stands in the way but more cases than auditors can take."""
    cases = sum(counts.values())
    found = [outside(size, target_of(round.version, round.is_no_notice))]
    if round.wanted is None and cases < capacity:
        found.append(f"Only {count(cases, 'case')} can be drawn, and the auditors on duty can take {capacity}.")
    if size > min(capacity, cases):
        found.append(f"{count(size, 'case')} cannot be drawn: the auditors on duty can take {capacity}, and "
                     f"{count(cases, 'case')} can be drawn. Want fewer, or add auditors.")
    return [*filter(None, found), *_empty_floors(round, counts, labels)]


def _empty_floors(round: Round, counts: Mapping[str, int], labels: Mapping[str, str]) -> list[str]:
    """Strata of which the programme wants at least so many, and which have fewer (S4-06)."""
    floors = round.version.rules.sampling.floors
    return [f"The list should have at least {count(floor, 'case')} of {labels.get(name, name)}, and "
            f"{counts.get(name) or 'none'} can be drawn."
            for name, floor in floors.items() if counts.get(name, 0) < floor]


def nothing_was_audited(round: Round) -> bool:
    """No audit of any month before is known, so the twelve-month rule leaves nobody out (B13)."""
    return not Allocation.objects.filter(round__month__lt=round.month).exclude(status="draft").exists()


def without_an_auditor(round: Round, auditors: Iterable[Registered]) -> int:
    """Cases of the frame as it stands that nobody on duty may audit.

    Only teams of which few auditors are free are looked at case by case.
    """
    forbidden = Forbidden(auditors, round.version.rules.sampling.same_team_forbidden)
    everybody = set(forbidden.reference_of.values())
    personal = max(map(len, forbidden.involved.values()), default=0) + len(PEOPLE)
    near = [team for team in forbidden.units if len(everybody - _near(forbidden, team)) <= personal]
    files = CaseFile.objects.open().filter(team__in=near, is_restricted=False).order_by("pk")
    recent = recently_audited(round)
    left = [file for file in files if file.pk not in recent and everybody <= forbidden.for_case(file)]
    allowed = {each.case for each in overrides_of(round, left, forbidden)} if left else set()
    return sum(file.reference not in allowed for file in left)


def _near(forbidden: Forbidden, team: int) -> set[str]:
    """Who is of a team or its group, or manages them."""
    nobodys = CaseFile(team_id=team)
    return forbidden.personally(nobodys) | forbidden.same_team(nobodys)


def without_an_auditor_frozen(draw: Draw) -> int:
    """The same of a frozen frame."""
    everybody = {row["reference"] for row in draw.frame["auditors"]}
    barred = (row["forbidden"] for row in draw.frame["cases"] if len(row["forbidden"]) >= len(everybody))
    return sum(everybody <= set(names) for names in barred)


def changed_since(round: Round) -> bool:
    """Sample size, exceptions or themes changed after the frame was frozen, so they do not count yet."""
    of_round = Event.objects.filter(subject_type="allocations.round", subject_id=str(round.pk))
    frozen = of_round.filter(verb="round.frozen").order_by("-pk").values("pk")[:1]
    return of_round.filter(verb__in=VERBS, pk__gt=Subquery(frozen)).exists()
