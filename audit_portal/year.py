"""What My work says at its top and beside it: counts in words, the audit's progress, the auditor's year."""

from dataclasses import dataclass
from datetime import date

from allocations.models import Allocation
from audits.completeness import missing_before, parts_of
from audits.content import content_of
from audits.models import Audit
from audits.terms import terms_of
from calendars.rules import audit_year, audit_year_bounds
from people.models import Staff
from programmes.models import ProgrammeVersion

NUMBERS = (
    "Nothing",
    "One thing",
    "Two things",
    "Three things",
    "Four things",
    "Five things",
    "Six things",
    "Seven things",
    "Eight things",
    "Nine things",
)


def sentence(counts: dict[str, int]) -> str:
    """How much is overdue and for today, in words."""
    total, overdue, today = sum(counts.values()), counts["overdue"], counts["today"]
    if not total:
        return "Nothing waits for you."
    if not overdue and not today:
        return f"Nothing is due today. {_things(total)} {_be(total)} still to do."
    parts = [f"{_things(overdue).lower()} {_be(overdue)} overdue"] if overdue else []
    parts += [f"{_things(today).lower()} {_be(today)} for today"] if today else []
    text = " and ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _things(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else f"{count} things"


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


@dataclass(frozen=True)
class Progress:
    """How far an audit is."""

    done: int
    total: int
    to_share: int
    to_finalise: int


def progress_of(audit: Audit) -> Progress:
    """Parts done of all, and how many are in the way of sharing and of finalising."""
    parts = parts_of(content_of(audit), terms_of(audit))
    to_share = len(missing_before(parts, "share"))
    return Progress(
        sum(part.is_done for part in parts), len(parts), to_share, len(missing_before(parts, "finalise")) - to_share
    )


@dataclass(frozen=True)
class AuditorYear:
    """Audits given in the audit year, of how many at most (S1-03)."""

    given: int
    cap: int


def year_of(staff: Staff, today: date) -> AuditorYear | None:
    """The year of somebody in the auditor register; None for everybody else."""
    if not hasattr(staff, "auditor"):
        return None
    try:
        version = ProgrammeVersion.objects.monthly(today)
    except ProgrammeVersion.DoesNotExist:
        return None
    rules = version.rules.sampling
    first, last = audit_year_bounds(audit_year(today, rules.year_starts_month), rules.year_starts_month)
    given = Allocation.objects.counted().filter(auditor=staff, round__month__range=(first, last)).count()
    return AuditorYear(given, rules.yearly_cap)
