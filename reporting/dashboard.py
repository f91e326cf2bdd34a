"""The dashboard of one month: figures put into the rows, tiles and cells that page and CSV show."""

from dataclasses import dataclass
from datetime import date, datetime

from audits.models import Audit
from calendars.rules import add_months_clamped
from people.models import Staff
from reporting import figures, rules, timeliness, words
from reporting.figures import Concerns, Grades, HeatMap, Volume, window
from reporting.permissions import Scope
from reporting.telling import HIDDEN, Plain, Share, teller
from reporting.timeliness import Answered

NOT_KNOWN = Share("Not known", "from before the portal")
STEP_WORDS = {"closed": "Closed, waiting for a re-audit", "with_team_manager": "With team manager"}


@dataclass(frozen=True)
class Tile:
    """One measure at a glance."""

    name: str
    value: str
    words: str
    is_bad: bool = False


@dataclass(frozen=True)
class HeatCell:
    """One cell of the heat map: a word first, then the figures."""

    colour: int
    word: str
    small: str


@dataclass(frozen=True)
class Figures:
    """Everything that was counted for one month."""

    month: date
    before: date
    volumes: dict[date, Volume]
    grades: Grades
    heat: HeatMap
    inadequate: list[Audit]
    inadequate_before: int
    concerns: Concerns
    actions: timeliness.Overdue
    lists: dict
    returned: dict
    answers: dict
    exempted: dict

    def volume(self, month: date) -> Volume:
        """One month's volume."""
        return self.volumes.get(month, Volume())


def count_figures(scope: Scope, month: date, now: datetime) -> Figures:
    """Count everything, in a fixed number of queries."""
    before = add_months_clamped(month, -1)
    both = [month, before]
    return Figures(
        month, before, figures.volumes(scope, month, now), figures.grades(scope, month, now),
        figures.heat_map(scope, month, now), list(figures.still_inadequate(scope, month, now)),
        figures.still_inadequate(scope, before, now).count(), figures.concerns(scope, month, now),
        timeliness.actions(scope, month, before, now), timeliness.lists(both), timeliness.returned(scope, both, now),
        timeliness.answers(scope, both, now), timeliness.exempted(scope, both, now),
    )


def tiles(found: Figures, tell: Plain) -> list[Tile]:
    """The six measures, each with the month before in words."""
    this, before = found.volume(found.month), found.volume(found.before)
    share, share_before = in_time(this, tell), in_time(before, tell)
    rate, rate_before = good_rate(found.grades, found.month, tell), good_rate(found.grades, found.before, tell)
    heard, heard_before = family_heard(this, tell), family_heard(before, tell)
    cases = len(found.inadequate)
    return [
        Tile("Finished in time", share.value, told(share.beside, found, share_before.value)),
        Tile("Good or better", rate.value, told(rate.beside, found, rate_before.value)),
        Tile("Inadequate now", tell.count(cases), told("child’s case" if cases == 1 else "children’s cases", found,
                                                       tell.count(found.inadequate_before)), bool(cases)),
        action_tile(found, tell),
        Tile("Family’s voice heard", heard.value, told(heard.beside, found, heard_before.value)),
        concern_tile(found, tell),
    ]


def in_time(volume: Volume, tell: Plain) -> Share:
    """Finished in time; not known of audits from before the portal."""
    return tell.share(volume.in_time, volume.timed) if volume.timed or not volume.past else NOT_KNOWN


def family_heard(volume: Volume, tell: Plain) -> Share:
    """Whether the family's voice was heard; not known of audits from before the portal."""
    return tell.share(volume.heard, volume.asked) if volume.asked or not volume.past else NOT_KNOWN


def action_tile(found: Figures, tell: Plain) -> Tile:
    """Actions that nobody has confirmed and whose date is over."""
    acts = found.actions
    share, before = tell.share(acts.overdue, acts.open), tell.share(acts.overdue_before, acts.open_before)
    if not acts.open:
        return Tile("Actions overdue", "0", told("no action is open", found, before.value, "End of "))
    late = f". {acts.over_sixty} for over 60 days" if acts.over_sixty and not tell.is_suppressed else ""
    return Tile("Actions overdue", share.value, told(share.beside + late, found, before.value, "End of "),
                bool(acts.overdue))


def good_rate(grades: Grades, month: date, tell: Plain):
    """Good or better, held back where the row of grades shows no sums."""
    return tell.rate(grades.good(month), grades.final(month))


def told(beside: str, found: Figures, earlier: str, prefix: str = "") -> str:
    """What stands under a figure: its own words, then the month before."""
    own = beside.strip(". ")
    before = f"{prefix}{words.month_word(found.before)}: {earlier.lower() if earlier == 'None yet' else earlier}"
    return f"{own}. {before}" if own else before


def concern_tile(found: Figures, tell: Plain) -> Tile:
    """Immediate concerns; the board sees no details."""
    seen = found.concerns
    own = "" if tell.is_suppressed else words.answered(seen.raised, seen.within_an_hour, seen.unanswered)
    return Tile("Immediate concerns", tell.count(seen.raised), told(own, found, tell.count(seen.raised_before)),
                bool(seen.unanswered) and not tell.is_suppressed)


def grade_rows(grades: Grades, month: date, tell: Plain) -> list[tuple[date, list[str], str]]:
    """Months shown that have final audits, oldest first: counts by grade, and how many are final."""
    rows = []
    for when in window(month):
        if final := grades.final(when):
            rows.append((when, shown_counts(grades, when, tell), tell.count(final)))
    return rows


def shown_counts(grades: Grades, month: date, tell: Plain) -> list[str]:
    """One month's counts by grade; for the board with small ones, and what would give them away, as "c"."""
    counts = grades.of(month)
    if not tell.is_suppressed:
        return [tell.count(n) for n in counts]
    turn = sum(key.is_good for key in grades.keys)
    better, worse, _ = rules.suppress_sides(counts[:turn], counts[turn:])
    return [HIDDEN if n is None else str(n) for n in [*better, *worse]]


def chart_rows(grades: Grades, month: date, tell: Plain) -> list[dict]:
    """The segments of the chart, from the bottom up: what the board may not see apart is one grey segment."""
    rows = []
    for when, counts, _ in grade_rows(grades, month, tell):
        final, low = grades.final(when), 0
        label = f"{words.month_word(when)[:3]}|{'' if tell.is_suppressed else f'of {final}'}"
        for key, n, said in _segments(grades, when, counts):
            rows.append({"month": label, "grade": key[1], "position": key[0], "colour": key[2], "n": n, "said": said,
                         "low": low / final, "high": (low + n) / final, "middle": (low + n / 2) / final})
            low += n
    return rows


def _segments(grades: Grades, month: date, counts: list[str]) -> list[tuple[tuple[int, str, str], int, str]]:
    pairs = list(zip(grades.keys, grades.of(month), counts, strict=True))
    shown = [((key.position, key.label, key.colour), n, said) for key, n, said in reversed(pairs)
             if n and said != HIDDEN]
    held = sum(n for _, n, said in pairs if said == HIDDEN)
    return [((99, "Held back (small numbers)", "grey"), held, HIDDEN), *shown] if held else shown


def heat_rows(heat: HeatMap, tell: Plain) -> list[tuple[str, list[HeatCell]]]:
    """Domains, each with one cell for each service."""
    return [(f"{position} {title}", [heat_cell(*heat.cells.get((position, service), (0, 0)), tell)
                                     for service in heat.services]) for position, title in heat.domains]


def heat_cell(met: int, judged: int, tell: Plain) -> HeatCell:
    """The word first, then the share; held back where a small number could be worked out."""
    colour, word = rules.heat(met, judged)
    small = tell.cell(met, judged)
    return HeatCell(0, "Held back", "") if small == HIDDEN else HeatCell(colour, word, small)


def on_time(found: Figures, tell: Plain) -> list[tuple[str, str, str]]:
    """Each step, this month and the month before."""
    columns = [_steps(found, month, tell) for month in (found.month, found.before)]
    return [(name, this, columns[1][name]) for name, this in columns[0].items()]


def _steps(found: Figures, month: date, tell: Plain) -> dict[str, str]:
    volume, part_b = found.volume(month), found.answers.get(month, Answered())
    steps = {
        "List out by the first working day": NOT_KNOWN.value if only_past(volume)
        else words.published(found.lists.get(month), tell),
        "Finished by the end of the month": in_time(volume, tell).value,
        "Sent back within 3 working days": _or_none(
            tell.share(*found.returned.get(month, (0, 0))).value, "None returned"),
        "Supervision discussion in time": _or_none(
            tell.share(part_b.supervised, part_b.supervision_due).value, "None due yet"),
        "Team manager confirmed, median": _median(part_b, tell),
    }
    if not tell.is_suppressed:
        steps["Open more than 30, 60, 90 days"] = ", ".join(map(str, part_b.open_for))
    steps["Exemptions agreed"] = tell.count(found.exempted.get(month, 0))
    steps["Not completed in time"] = _missed(volume, tell)
    return steps


def _or_none(value: str, none: str) -> str:
    return none if value == "None yet" else value


def _median(part_b: Answered, tell: Plain) -> str:
    if part_b.median_days is None:
        return "None confirmed yet"
    if tell.is_suppressed and part_b.confirmed < rules.SMALL_SAMPLE:
        return HIDDEN
    return f"{part_b.median_days} day{'' if part_b.median_days == 1 else 's'}"


def only_past(volume: Volume) -> bool:
    """A month of which every audit was taken over from before the portal."""
    return bool(volume.past) and not volume.timed


def _missed(volume: Volume, tell: Plain) -> str:
    if only_past(volume):
        return NOT_KNOWN.value
    if tell.is_suppressed:
        return tell.count(volume.missed)
    apart = f"; {volume.awaiting} awaiting decision" if volume.awaiting else ""
    if not volume.missed:
        return f"{volume.missed}{apart}"
    return f"{volume.missed}: {volume.late} done since, {volume.missed - volume.late} open{apart}"


@dataclass(frozen=True)
class Inadequate:
    """A case that is still inadequate: its service and step; the audit only for those who may read it."""

    service: str
    step: str
    due_at: datetime | None
    number: str


def inadequate_rows(found: Figures, staff: Staff, now: datetime) -> list[Inadequate]:
    """The cases still inadequate. One query."""
    ids = [audit.pk for audit in found.inadequate]
    readable = set(Audit.objects.content_visible_to(staff, now).filter(pk__in=ids).values_list("pk", flat=True))
    return [Inadequate(audit.service_name or "No service", STEP_WORDS.get(audit.status, audit.get_status_display()),
                       audit.next_due, audit.number if audit.pk in readable else "") for audit in found.inadequate]


def shown_to(scope: Scope) -> Plain:
    """How figures are said to the reader of this scope."""
    return teller(scope.is_board)
