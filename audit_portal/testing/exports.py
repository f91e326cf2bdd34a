"""Exports of case files as councils' systems write them, invented: seven shapes, any number of rows.

Children, carers and their details are made up here; teams and workers are those of the cast.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

from casefiles.tests.workbook import OLDER_LEAVING_CARE, row, workbook

TEAM, OTHER_TEAM = "Children in Need East 2", "Fostering Team"
WORKERS = ("Tomasz Nowak", "Amy Lowther")
Rows = Iterator[Sequence[Any]]


@dataclass(frozen=True)
class Export:
    """One shape of list: how it is written, and what a person says of its columns the first time (none: nothing)."""

    name: str
    file_name: str
    write: Callable[[int], bytes]
    says: dict[str, str] = field(default_factory=dict)


def annex_newer(count: int) -> bytes:
    """Ofsted's workbook with the newer list 9, contacts, early help and referrals."""
    lists = {number: [_annex(number, at) for at in range(at_number, count, 8)]
             for at_number, number in enumerate((1, 2, 6, 6, 6, 7, 8, 9))}
    lists[6] = [_annex(6, at) for at in range(count) if at % 8 in (2, 3, 4)]
    lists[3] = [row(3, 4_000_000 + at, referred="14/09/2026") for at in range(2, count, 8)]
    return workbook(dict(sorted(lists.items())))


def _annex(number: int, at: int) -> dict[str, Any]:
    worker = {"worker": WORKERS[at % 2], "team": TEAM} if number > 2 else {}
    return row(number, 4_000_000 + at, **worker)


def annex_older(count: int) -> bytes:
    """The older list 9, sheets with titles of their own, blanks as #N/A, names with spaces that do not break."""
    lists = {
        6: [row(6, f"C{at}", team="#N/A" if at % 50 == 0 else TEAM, worker="Nowak,\u00a0Tomasz")
            for at in range(0, count, 2)],
        9: [row(9, f"C{at}", worker="tomasz  nowak") for at in range(1, count, 2)],
    }
    return workbook(lists, columns={9: OLDER_LEAVING_CARE}, titles={6: "CIN", 9: "Care leavers"})


def liquidlogic(count: int) -> bytes:
    """CSV in UTF-8 with a mark; everything explains itself, names of children beside it."""
    heading = ("Case ID", "Forename", "Surname", "DOB", "Case Type", "Allocated Team", "Allocated Worker",
               "Independent Reviewing Officer", "Plan Start Date", "Does the child have a disability")
    kinds = ("CIN Plan", "CP Plan", "Looked After Child", "Care Leaver")
    rows = ((5_000_000 + at, "Child", f"Invented {at}", "07/03/2014", kinds[at % 4], TEAM, WORKERS[at % 2],
             "Maureen Doyle" if at % 4 == 2 else "", "01/06/2026", "No") for at in range(count))
    return _csv(heading, rows).encode("utf-8-sig")


def mosaic(count: int) -> bytes:
    """An Excel sheet with a title above its heading, Excel dates, "Surname, First name", words of its own."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    sheet, day = book.add_worksheet("Current cases"), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, ["Open cases by worker"])
    sheet.write_row(1, 0, ["Run on", "18/11/2026"])
    sheet.write_row(3, 0, ["Person Number", "Subject Name", "Primary Workflow", "Responsible Org Unit",
                           "Lead Professional", "Step Began", "Family Ref"])
    for at in range(count):
        sheet.write_row(4 + at, 0, [6_000_000 + at, f"Invented, Child {at}",
                                    ("CLA - Looked After", "CP Plan (Child Protection)")[at % 2], TEAM,
                                    "Nowak, Tomasz"])
        sheet.write_number(4 + at, 5, 46_100 + at % 200, day)
        sheet.write(4 + at, 6, f"F{at // 3}")
    book.close()
    return stream.getvalue()


def eclipse(count: int) -> bytes:
    """Tabs, UTF-16, curly quotes, ISO dates; rows that have ended among them."""
    heading = ("Eclipse number", "Name of the person", "Classification", "Owning team", "Named worker", "Began",
               "Finished")
    rows = ((f"ECL/{at:06}", "‘Invented’", "Child in need" if at % 3 else "Children Looked After", TEAM,
             "amy.lowther@northbrook.example", "2026-04-01", "2026-10-01" if at % 100 == 99 else "")
            for at in range(count))
    return _csv(heading, rows, "\t").encode("utf-16")


def home_made(count: int) -> bytes:
    """Somebody's own spreadsheet: semicolons, Windows letters, no category because all are in need."""
    heading = ("Nr.", "Kind’s name", "Desk", "Who has it", "First seen")
    rows = ((f"NB-{at}", "Invented", "Children in Need – East 2", "Tomasz Nowak", f"{at % 28 + 1}/9/2026")
            for at in range(count))
    return _csv(heading, rows, ";").encode("cp1252")


def fostering(count: int) -> bytes:
    """A register of foster carers: supervising social worker, no reviewing officer (B15)."""
    rows = ((f"FC-{at}", "Invented Carer", "Amy Lowther", OTHER_TEAM) for at in range(count))
    return _csv(("Carer ID", "Carer", "Supervising Social Worker", "Team"), rows).encode()


def _csv(heading: Sequence[str], rows: Rows, delimiter: str = ",") -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow(heading)
    writer.writerows(rows)
    return stream.getvalue()


EXPORTS = (
    Export("Annex A, newer list 9", "annex-a.xlsx", annex_newer),
    Export("Annex A, older list 9", "annex.xlsx", annex_older),
    Export("Liquidlogic CSV", "lcs.csv", liquidlogic),
    Export("Mosaic workbook", "mosaic.xlsx", mosaic, {
        "column_reference": "Person Number", "column_category": "Primary Workflow",
        "column_team": "Responsible Org Unit", "column_worker": "Lead Professional",
        "column_plan_started_on": "Step Began", "column_sibling_group": "Family Ref", "holds": "categories"}),
    Export("Eclipse, UTF-16", "eclipse.txt", eclipse, {
        "column_reference": "Eclipse number", "column_category": "Classification", "column_team": "Owning team",
        "column_worker": "Named worker", "column_plan_started_on": "Began", "column_ended": "Finished",
        "holds": "all"}),
    Export("Home-made, semicolons", "our list.csv", home_made, {
        "column_reference": "Nr.", "column_team": "Desk", "column_worker": "Who has it",
        "column_referral_on": "First seen", "category_of_all": "in_need", "holds": "categories"}),
    Export("Fostering register", "carers.csv", fostering),
)
