"""Any file of case files: an Annex A workbook, or one list with a heading of its own."""

from datetime import date

from casefiles.reading.annex_a import read_annex_a
from casefiles.reading.case_list import find_case_list, read_case_list
from casefiles.reading.cells import text
from casefiles.reading.layouts import recognise, top_of
from casefiles.reading.results import BadFile, Reading, Sheet
from casefiles.reading.tables import Table, read_tables


def read_cases(content: bytes, on: date) -> Reading:
    """The case files in a file. Raises BadFile when it holds none that we can read."""
    tables = read_tables(content)
    found = {table.name: recognise(table) for table in tables}
    used = [one for one in found.values() if one and one.layout.is_used]
    if used:
        reading = read_annex_a(used, on)
        for one in found.values():
            if one and not one.layout.is_used:
                one.sheet.rows = sum(1 for _ in one.rows())
        reading.sheets = [one.sheet if (one := found[table.name]) else Sheet(table.name) for table in tables]
    else:
        reading = _case_list(tables, on)
    if not reading.rows and not reading.refused:
        raise BadFile("There is no open case file in this list, only its heading. Was it exported for the right day?")
    return reading


def _case_list(tables: list[Table], on: date) -> Reading:
    for table in tables:
        if headed := find_case_list(table):
            return read_case_list(headed, on)
    raise BadFile(
        "We do not know this list. A case list needs columns named reference, category, team and worker; an Annex A "
        f"workbook needs list 6, 7, 8 or 9 with Ofsted’s columns. {columns_found(tables)}"
    )


def columns_found(tables: list[Table]) -> str:
    """What the file has instead, so that the reader sees which heading to change."""
    for table in tables:
        for _, cells in top_of(table):
            names = [text(cell)[:30] for cell in cells if text(cell)]
            if len(names) > 1:
                more = f" and {len(names) - 8} more" if len(names) > 8 else ""
                return f"This file has: {', '.join(names[:8])}{more}."
    return "This file has no row of headings."
