"""Any file of case files: an Annex A workbook, or one list with a heading of its own."""

from collections.abc import Callable, Sequence
from datetime import date

from casefiles.reading.annex_a import Workbook
from casefiles.reading.apart import Table
from casefiles.reading.case_list import ALIASES, Columns, best_table, columns_by_name, read_case_list
from casefiles.reading.cells import text
from casefiles.reading.headed import describe, digest_of
from casefiles.reading.layouts import Found, recognise, top_of
from casefiles.reading.results import BadFile, ColumnsNeeded, Reading, Sheet

Remembered = Callable[[str], Columns | None]
NOTHING_OPEN = "There is no open case file in this list, only its heading. Was it exported for the right day?"


def nothing_remembered(digest: str) -> Columns | None:
    """For lists that explain themselves."""
    return None


def read_cases(tables: Sequence[Table], on: date, *, remembered: Remembered = nothing_remembered,
               asks: bool = False, keep_birth_year: bool = False) -> Reading:
    """The case files in a file. Raises BadFile when it holds none that we can read.

    Raises ColumnsNeeded for a list with columns that we do not know, or when the person `asks` to name them.
    """
    reading = None if asks else _annex_a(tables, on, keep_birth_year)
    reading = reading or _case_list(tables, on, remembered, asks, keep_birth_year)
    if not reading.rows and not reading.refused:
        raise BadFile(NOTHING_OPEN)
    return reading


def _annex_a(tables: Sequence[Table], on: date, keep_birth_year: bool) -> Reading | None:
    """The lists of a workbook in the order of its sheets; None where no sheet is a list that we use."""
    workbook, found = Workbook(on, keep_birth_year), False
    others: dict[str, Sheet] = {}
    for table in tables:
        one = recognise(table)
        if one and one.layout.is_used:
            found = True
            workbook.read(one)
        else:
            others[table.name] = _looked_at(one) if one else Sheet(table.name)
    if not found:
        return None
    reading = workbook.reading_of_all()
    used = {sheet.name: sheet for sheet in reading.sheets}
    reading.sheets = [used.get(table.name) or others[table.name] for table in tables]
    return reading


def _looked_at(one: Found) -> Sheet:
    one.sheet.rows = sum(1 for _ in one.rows())
    return one.sheet


def _case_list(tables: Sequence[Table], on: date, remembered: Remembered, asks: bool,
               keep_birth_year: bool) -> Reading:
    found = best_table(tables)
    if found is None:
        raise BadFile(
            "We do not know this list. A case list needs a row of headings, such as reference, category, team and "
            f"worker; an Annex A workbook needs Ofsted’s columns. {columns_found(tables)}")
    table, number, cells = found
    digest = digest_of(cells)
    columns = None if asks else remembered(digest) or columns_by_name(cells)
    if columns is None:
        raise ColumnsNeeded(table.name, describe(table, number, cells, ALIASES), digest)
    return read_case_list(table, number, cells, columns, on, keep_birth_year)


def columns_found(tables: Sequence[Table]) -> str:
    """What the file has instead, so that the reader sees which heading to change."""
    for table in tables:
        for _, cells in top_of(table):
            names = [text(cell)[:30] for cell in cells if text(cell)]
            if len(names) > 1:
                more = f" and {len(names) - 8} more" if len(names) > 8 else ""
                return f"This file has: {', '.join(names[:8])}{more}."
    return "This file has no row of headings."
