"""The frame of a round: which open case files may be drawn, by whom each may not be audited, and why not.

Reads the database once per table; the result is plain data that is frozen with the draw.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case as Choose
from django.db.models import Count, Exists, OuterRef, Value, When

from allocations.draw import Auditor, Case, DrawError, Exclusion, Override, quotas
from allocations.forbidden import NOBODY, PEOPLE, Forbidden, overrides_of
from allocations.models import Allocation, Break, Round, Theme
from allocations.querysets import AllocationQuerySet
from calendars.rules import add_months_clamped, audit_year, audit_year_bounds, last_day_of_month, london_date
from casefiles.models import CaseFile
from people.models import Auditor as Registered
from people.models import Unit

NO_TEAM, RESTRICTED, RECENT = "No team known", "Restricted", "Audited in the last twelve months"
COLUMNS = ("reference", "category", "team_id", "sibling_group", "is_restricted", *PEOPLE)
THEME = "theme: "


@dataclass(frozen=True)
class Frame:
    """Everything the draw may see, and what was left out."""

    cases: tuple[Case, ...]
    auditors: tuple[Auditor, ...]
    exclusions: tuple[Exclusion, ...]
    overrides: tuple[Override, ...] = ()
    floors: dict[str, int] = field(default_factory=dict)
    themes: dict[str, int] = field(default_factory=dict)
    wanted: int | None = None

    @property
    def capacity(self) -> int:
        """How many audits the auditors on duty can take, at most one for each case."""
        return min(sum(auditor.capacity for auditor in self.auditors), len(self.cases))

    @property
    def size(self) -> int:
        """How many cases to draw: what P&Q want, else what the auditors can take (S0-07). Raises DrawError."""
        if self.wanted is not None and self.wanted > self.capacity:
            raise DrawError(f"{self.wanted} cases are wanted, and the auditors on duty can take {self.capacity}. "
                            "Want fewer, or add auditors.")
        return self.capacity if self.wanted is None else self.wanted

    def counts(self) -> dict[str, int]:
        """Cases per stratum."""
        return dict(Counter(case.stratum for case in self.cases))

    def quotas(self, seed: str) -> dict[str, int]:
        """Cases to draw per stratum: themes as asked for; floors, then in proportion by largest remainder (S4-06)."""
        counts = self.counts()
        themed = {name: self._themed(name, counts) for name in self.themes}
        rest = {name: n for name, n in counts.items() if name not in themed}
        size = self.size - sum(themed.values())
        if size < 0:
            raise DrawError(f"The themes ask for {self.size - size} cases, more than the {self.size} to be drawn.")
        floors = {name: n for name, n in self.floors.items() if name in rest}
        return themed | quotas(seed, rest, min(size, sum(rest.values())), floors)

    def _themed(self, name: str, counts: dict[str, int]) -> int:
        found = counts.get(name, 0)
        if found < self.themes[name]:
            raise DrawError(f"The {name} asks for {self.themes[name]} cases, and {found} of those named can be drawn. "
                            "Name more, or want fewer.")
        return self.themes[name]


def build_frame(round: Round, on: date) -> Frame:
    """The frame of a round as it stands on a day. Raises DrawError where a theme asks for more than it has."""
    rules = round.version.rules.sampling
    files = list(CaseFile.objects.open().order_by("reference").values_list("pk", *COLUMNS, named=True))
    auditors = auditors_on_duty(round)
    recent = recently_audited(round)
    reasons = {file.reference: reason for file in files if (reason := reason_to_leave_out(file, recent))}
    eligible = [file for file in files if file.reference not in reasons]
    forbidden = Forbidden(auditors, rules.same_team_forbidden)
    overrides = tuple(overrides_of(round, eligible, forbidden))
    return Frame(
        cases=tuple(_cases(eligible, forbidden, overrides, stratum_of(round))),
        auditors=tuple(Auditor(entry.staff.reference, entry.capacity) for entry in auditors),
        exclusions=tuple(Exclusion(reference, reason) for reference, reason in sorted(reasons.items())),
        overrides=overrides, floors=rules.floors, wanted=round.wanted,
        themes={theme_stratum(each): each.wanted for each in themes_of(round)},
    )


def _cases(files: list[CaseFile], forbidden: Forbidden, overrides: tuple[Override, ...],
           stratum: Callable[[CaseFile], str]) -> Iterator[Case]:
    siblings = sibling_groups(files)
    allowed: dict[str, set[str]] = defaultdict(set)
    for each in overrides:
        allowed[each.case].add(each.auditor)
    for file in files:
        barred = forbidden.for_case(file)
        if file.reference in allowed:
            barred -= allowed[file.reference]
        yield Case(file.reference, stratum(file), siblings.get(file.reference, NOBODY), barred)


def themes_of(round: Round) -> list[Theme]:
    """The themes of a round with their cases."""
    return list(round.themes.prefetch_related("case_files"))


def theme_stratum(theme: Theme) -> str:
    """The stratum of a theme on the certificate."""
    return f"{THEME}{theme.name}"


def stratum_of(round: Round) -> Callable[[CaseFile], str]:
    """What stratum a case belongs to: that of its theme, else its category, team or service (A30, S4-06, S4-07)."""
    by_theme = {file.pk: theme_stratum(theme) for theme in themes_of(round) for file in theme.case_files.all()}
    spread = round.version.rules.sampling.strata
    named = {} if spread == "category" else unit_strata(spread)
    return lambda file: by_theme.get(file.pk) or (named[file.team_id] if named else file.category)


def unit_strata(spread: str) -> dict[int, str]:
    """For each unit its reference, or that of its service."""
    units = {unit.pk: unit for unit in Unit.objects.only("pk", "reference", "kind", "path")}
    if spread == "team":
        return {pk: unit.reference for pk, unit in units.items()}
    above = {pk: [units[each] for each in unit.ids_upwards()] for pk, unit in units.items()}
    return {pk: next((each.reference for each in line if each.kind == Unit.Kind.SERVICE), line[0].reference)
            for pk, line in above.items()}


def reason_to_leave_out(file: CaseFile, recent: set[int]) -> str:
    """Why a case file is not in the frame; empty when it is."""
    if file.team_id is None:
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
    """What stands on other lists, drafts too, from the programme's months before this round on."""
    since = add_months_clamped(round.month, -round.version.rules.sampling.not_audited_within_months)
    return Allocation.objects.holding_a_case().filter(round__month__gte=since).exclude(round=round)


def frame_counts(round: Round) -> tuple[dict[str, int], dict[str, int]]:
    """What freezing now would find, counted in the database: cases by stratum, and left out by reason."""
    why = Choose(
        When(team=None, then=Value(NO_TEAM)), When(is_restricted=True, then=Value(RESTRICTED)),
        When(Exists(recent_allocations(round).filter(case_file=OuterRef("pk"))), then=Value(RECENT)),
        default=Value(""),
    )
    stratum, themed = stratum_of(round), _only_if_themed(round)
    rows = CaseFile.objects.open().annotate(why=why, themed=themed).values("why", "category", "team_id", "themed")
    strata: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for row in rows.annotate(n=Count("pk")).order_by():
        like = CaseFile(pk=row["themed"], category=row["category"], team_id=row["team_id"])
        (reasons if row["why"] else strata)[row["why"] or stratum(like)] += row["n"]
    return dict(strata), dict(reasons)


def _only_if_themed(round: Round) -> Choose:
    """The key of a case that a theme names; nothing for all others, which so are counted together."""
    named = CaseFile.objects.filter(pk__in=round.themes.values("case_files"))
    return Choose(When(pk__in=named.values("pk"), then="pk"), default=None)


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
    """How many audits each auditor was given in the round's audit year; exempted ones do not count (A2).

    What another list holds in draft counts too: it may go out first.
    """
    return _by_auditor(round, Allocation.objects.on_a_list().exclude(status=Allocation.Status.EXEMPTED))


def published_in_year(round: Round) -> Counter[int]:
    """The same without drafts."""
    return _by_auditor(round, Allocation.objects.counted())


def _by_auditor(round: Round, rows: AllocationQuerySet) -> Counter[int]:
    year = audit_year(round.month, round.version.rules.sampling.year_starts_month)
    first, last = audit_year_bounds(year, round.version.rules.sampling.year_starts_month)
    others = rows.filter(round__month__range=(first, last)).exclude(round=round)
    return Counter(others.values_list("auditor_id", flat=True))


def sibling_groups(files: list[CaseFile]) -> dict[str, frozenset[str]]:
    """For each reference that has brothers or sisters in the frame, their references (A48, B16)."""
    groups: dict[str, set[str]] = defaultdict(set)
    for file in files:
        if file.sibling_group:
            groups[file.sibling_group].add(file.reference)
    return {reference: frozenset(group - {reference}) for group in groups.values() for reference in group}
