"""The frame of a round: which open case files may be drawn, by whom each may not be audited, and why not.

Reads the database once per table; the result is plain data that is frozen with the draw.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Case as Choose
from django.db.models import Count, Exists, OuterRef, Value, When

from allocations.draw import Auditor, Case, Exclusion, quotas
from allocations.models import Allocation, Break, Round
from allocations.querysets import AllocationQuerySet
from calendars.rules import add_months_clamped, audit_year, audit_year_bounds, last_day_of_month, london_date
from casefiles.models import CaseFile, Involvement
from people.models import Auditor as Registered
from people.models import Unit

NO_TEAM, RESTRICTED, RECENT = "No team known", "Restricted", "Audited in the last twelve months"


@dataclass(frozen=True)
class Frame:
    """Everything the draw may see, and what was left out."""

    cases: tuple[Case, ...]
    auditors: tuple[Auditor, ...]
    exclusions: tuple[Exclusion, ...]

    @property
    def capacity(self) -> int:
        """How many audits the auditors on duty can take, at most one for each case."""
        return min(sum(auditor.capacity for auditor in self.auditors), len(self.cases))

    def counts(self) -> dict[str, int]:
        """Cases per stratum."""
        return dict(Counter(case.stratum for case in self.cases))

    def quotas(self, seed: str) -> dict[str, int]:
        """Cases to draw per stratum: in proportion, by largest remainder."""
        return quotas(seed, self.counts(), self.capacity)


def build_frame(round: Round, on: date) -> Frame:
    """The frame of a round as it stands on a day."""
    files = list(CaseFile.objects.open().with_people().order_by("reference"))
    auditors = auditors_on_duty(round)
    recent = recently_audited(round)
    reasons = {file.reference: reason for file in files if (reason := reason_to_leave_out(file, recent))}
    eligible = [file for file in files if file.reference not in reasons]
    forbidden = Forbidden(auditors)
    siblings = sibling_groups(eligible)
    return Frame(
        cases=tuple(
            Case(file.reference, file.category, siblings[file.reference], forbidden.for_case(file)) for file in eligible
        ),
        auditors=tuple(Auditor(entry.staff.reference, entry.capacity) for entry in auditors),
        exclusions=tuple(Exclusion(reference, reason) for reference, reason in sorted(reasons.items())),
    )


def reason_to_leave_out(file: CaseFile, recent: set[int]) -> str:
    """Why a case file is not in the frame; empty when it is."""
    if file.team is None:
        return NO_TEAM
    if file.is_restricted:
        return RESTRICTED
    if file.pk in recent:
        return RECENT
    return ""


def recently_audited(round: Round) -> set[int]:
    """Case files allocated within the programme's months before this round (sampling, A30)."""
    return set(recent_allocations(round).values_list("case_file_id", flat=True))


def recent_allocations(round: Round) -> AllocationQuerySet:
    """What was allocated within the programme's months before this round."""
    since = add_months_clamped(round.month, -round.version.rules.sampling.not_audited_within_months)
    return Allocation.objects.live().filter(round__month__gte=since, round__month__lt=round.month)


def frame_counts(round: Round) -> tuple[dict[str, int], dict[str, int]]:
    """What freezing now would find, counted in one query: cases by stratum, and left out by reason."""
    why = Choose(
        When(team=None, then=Value(NO_TEAM)), When(is_restricted=True, then=Value(RESTRICTED)),
        When(Exists(recent_allocations(round).filter(case_file=OuterRef("pk"))), then=Value(RECENT)),
        default=Value(""),
    )
    rows = CaseFile.objects.open().annotate(why=why).values("why", "category").annotate(n=Count("pk")).order_by()
    strata: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for row in rows:
        (reasons if row["why"] else strata)[row["why"] or row["category"]] += row["n"]
    return dict(strata), dict(reasons)


def auditors_on_duty(round: Round) -> list[Registered]:
    """In the pool on the first day, not away all month nor on a break, trained, and below ten audits in the year
    (S1-03, S1-07, S4-34).
    """
    first, last = month_of(round)
    entries = Registered.objects.on_duty(first, last).select_related("staff__unit").order_by("staff__reference")
    used, resting = audits_in_year(round), on_break(round)
    rules = round.version.rules.sampling
    cap = rules.yearly_cap
    on_duty = [entry for entry in entries if used[entry.staff_id] < cap and entry.staff_id not in resting
               and (is_trained(entry, first) or not rules.training_required)]
    for entry in on_duty:
        entry.capacity = min(entry.capacity, cap - used[entry.staff_id])  # nor an eleventh within the month
    return on_duty


def on_break(round: Round) -> set[int]:
    """Whose break in the round's month is granted."""
    return set(Break.objects.granted().filter(month=round.month).values_list("auditor_id", flat=True))


def month_of(round: Round) -> tuple[date, date]:
    """The days that count for a round: its month, or what was left of it when it was planned (going live)."""
    last = last_day_of_month(round.month.year, round.month.month)
    return min(max(round.month, london_date(round.planned_at)), last), last


def is_trained(entry: Registered, day: date) -> bool:
    """Trained, and the training has not run out on a day (S4-34)."""
    return entry.trained_on is not None and (entry.training_expires_on is None or entry.training_expires_on >= day)


def audits_in_year(round: Round) -> Counter[int]:
    """How many audits each auditor was given in the round's audit year; exempted ones do not count (A2)."""
    year = audit_year(round.month, round.version.rules.sampling.year_starts_month)
    first, last = audit_year_bounds(year, round.version.rules.sampling.year_starts_month)
    rows = Allocation.objects.counted().filter(round__month__range=(first, last)).exclude(round=round)
    return Counter(rows.values_list("auditor_id", flat=True))


def sibling_groups(files: list[CaseFile]) -> dict[str, frozenset[str]]:
    """For each reference, the other references of its sibling group in the frame (A48, B16)."""
    groups: dict[str, set[str]] = defaultdict(set)
    for file in files:
        if file.sibling_group:
            groups[file.sibling_group].add(file.reference)
    return {file.reference: frozenset(groups[file.sibling_group] - {file.reference}) if file.sibling_group
            else frozenset() for file in files}


class Forbidden:
    """Who may not audit which case: anyone involved in it ever, its managers, its own team and group (S2-05, A37)."""

    def __init__(self, auditors: list[Registered]) -> None:
        self.reference_of = {entry.staff_id: entry.staff.reference for entry in auditors}
        self.path_of = {entry.staff.reference: entry.staff.unit.path if entry.staff.unit else "" for entry in auditors}
        self.involved = self._involved()
        self.units = {unit.pk: unit for unit in Unit.objects.all()}
        self.by_team: dict[int, frozenset[str]] = {}

    def _involved(self) -> dict[int, set[str]]:
        rows = Involvement.objects.filter(staff__in=self.reference_of).values_list("case_file_id", "staff_id")
        involved: dict[int, set[str]] = defaultdict(set)
        for case_file, staff in rows:
            involved[case_file].add(self.reference_of[staff])
        return involved

    def for_case(self, file: CaseFile) -> frozenset[str]:
        """References of the auditors who may not have this case."""
        people = (file.worker_id, file.iro_id, file.cp_adviser_id, file.personal_adviser_id, file.manager_id)
        own = {self.reference_of[pk] for pk in people if pk in self.reference_of}
        return frozenset(own | self.involved[file.pk]) | self.of_team(file.team)

    def of_team(self, team: Unit) -> frozenset[str]:
        """Auditors of the team and its group, and the managers of both; where there is none, the next one above,
        who then answers for the case.
        """
        if team.pk not in self.by_team:
            above = [self.units[pk] for pk in team.ids_upwards()]
            near = [unit for unit in above if unit.kind in {Unit.Kind.TEAM, Unit.Kind.GROUP}]
            answers = next((unit.manager_id for unit in above if unit.manager_id), None)
            heads = {answers, *(unit.manager_id for unit in near)}
            managers = {self.reference_of[pk] for pk in heads if pk in self.reference_of}
            home = near[-1].path if near else team.path
            members = {reference for reference, path in self.path_of.items() if path.startswith(home)}
            self.by_team[team.pk] = frozenset(managers | members)
        return self.by_team[team.pk]
