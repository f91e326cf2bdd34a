"""One cell: text, day, yes or no, number, age band; whatever a system's habits are."""

import hashlib
import re
from datetime import date, datetime, timedelta
from typing import Any

BLANKS = frozenset({"", "#n/a", "#ref!", "#value!", "#name?", "#null!", "#div/0!", "#num!", "n/a", "none", "null",
                    "nan", "-", "--", "not allocated", "unallocated", "unknown"})
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f\u200b\ufeff]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_CODE = re.compile(r"^([a-z])\)\s*", re.IGNORECASE)
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:/()-]{0,39}")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T].*)?")
_YEAR_FIRST = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T].*)?")
_WORDED = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3})[A-Za-z]*[ -](\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SERIAL_START = date(1899, 12, 30)
_SERIALS = range(18264, 73050)  # 1950 to 2099
EARLIEST, LATEST = date(1950, 1, 1), date(2099, 12, 31)
_YES = frozenset({"yes", "y", "true", "1"})
_NO = frozenset({"no", "n", "false", "0"})
BANDS = ((1, "Under 1"), (5, "1 to 4"), (10, "5 to 9"), (16, "10 to 15"), (18, "16 and 17"), (21, "18 to 20"),
         (26, "21 to 25"))


class BadCell(ValueError):
    """A cell that cannot be understood; the message says what is wrong with it."""


def text(value: Any) -> str:
    """The cell as tidy text; what means "nothing" in a spreadsheet is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    tidy = _SPACES.sub(" ", _CONTROL.sub("", str(value)).translate(_QUOTES)).strip()
    return "" if tidy.casefold() in BLANKS else tidy


def heading(value: Any) -> str:
    """A column heading reduced to its words, for matching: quotes, brackets and stray signs do not count."""
    return _NOT_WORD.sub(" ", text(value).replace("'", "").casefold()).strip()


def reference(value: Any) -> str:
    """A case reference. Raises BadCell for what cannot be one: a name in this column is refused, not kept."""
    given = text(value)
    if not given:
        raise BadCell("There is no case reference")
    if not _REFERENCE.fullmatch(given) or not any(sign.isdigit() for sign in given):
        raise BadCell("The case reference must be at most 40 letters, digits and - . / with at least one digit")
    return given


def no_name(given: str) -> str:
    """What may be kept or quoted of a cell that should be a number, a code or a day: nothing of what may be a name."""
    return given[:40] if any(sign.isdigit() for sign in given) else ""


def group_of(value: Any) -> str:
    """A sibling group by its number; one that goes by the family's name by a sign that nobody can read back."""
    given = text(value)
    return no_name(given) or (f"group-{hashlib.sha256(heading(given).encode()).hexdigest()[:12]}" if given else "")


def band_as_given(value: Any) -> str:
    """An age group as the list says it, where it is one: "10 to 15", "Under 1", "16+"."""
    return no_name(text(value))[:10]


def day(value: Any) -> date | None:
    """A date from an Excel date, dd/mm/yyyy, ISO, "3 Mar 2026" or a serial number. Raises BadCell."""
    if isinstance(value, datetime):
        return _plausible(value.date(), text(value))
    if isinstance(value, date):
        return _plausible(value, text(value))
    given = text(value)
    return _plausible(_from_text(given), given) if given else None


def _from_text(given: str) -> date:
    parts = _parts(given)
    if parts is None:
        raise BadCell(f"“{no_name(given)}” is not a date" if no_name(given) else "There is a word where a date belongs")
    try:
        return date(*parts)
    except ValueError:
        raise BadCell(f"The date {given[:10].strip()} does not exist") from None


def _parts(given: str) -> tuple[int, int, int] | None:
    if found := _DAY_FIRST.fullmatch(given):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _YEAR_FIRST.fullmatch(given):
        return int(found[1]), int(found[2]), int(found[3])
    if (found := _WORDED.fullmatch(given)) and found[2].lower() in _MONTHS:
        return int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1])
    if re.fullmatch(r"\d{5}(\.\d+)?", given) and int(float(given)) in _SERIALS:
        day = _SERIAL_START + timedelta(days=int(float(given)))
        return day.year, day.month, day.day
    return None


def _plausible(day: date, given: str) -> date:
    if not EARLIEST <= day <= LATEST:
        raise BadCell(f"The date {given[:10].strip()} cannot be right")
    return day


def uncoded(value: Any) -> tuple[str, str]:
    """ "b) Former relevant child" as its code "b" and its words, either of which may be empty."""
    given = text(value).casefold()
    found = _CODE.match(given)
    return (found[1], given[found.end():]) if found else ("", given)


def yes_no(value: Any) -> bool | None:
    """Yes, no, or not known; "a) Yes" and "b) No" too."""
    _, words = uncoded(value)
    return True if words in _YES else False if words in _NO else None


def age_band(age: Any, born: Any, on: date) -> str:
    """The band of an age in years, else of a date of birth; neither of which is kept. Empty where unknown."""
    years = _years(age)
    if years is None:
        years = _years_since(born, on)
    if years is None or years > 120:
        return ""
    return next((band for limit, band in BANDS if years < limit), "")


def birth_year(born: Any) -> int | None:
    """The year of a date of birth, for the councils that keep it."""
    try:
        birth = day(born)
    except BadCell:
        return None
    return birth and birth.year


def is_adult(age: Any, born: Any, on: date) -> bool | None:
    """Whether somebody is 18 or over; None where neither age nor date of birth can be read."""
    years = _years(age)
    if years is None:
        years = _years_since(born, on)
    return None if years is None else years >= 18


def _years(age: Any) -> float | None:
    try:
        years = float(text(age))
    except ValueError:
        return None
    return years if -1 <= years <= 120 else None


def _years_since(born: Any, on: date) -> float | None:
    try:
        birth = day(born)
    except BadCell:
        return None
    return None if birth is None else on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
