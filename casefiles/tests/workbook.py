"""A synthetic Annex A workbook for tests: Ofsted's columns, invented ids and staff. Nothing binary is kept."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from casefiles.reading.layouts import (
    CONTACTS,
    EARLY_HELP,
    IN_CARE,
    IN_NEED,
    LEAVING_CARE,
    PROTECTION,
    REFERRALS,
    Layout,
)

OLDER_LEAVING_CARE = (
    "Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age", "Does the Child have a Disability",
    "Allocated Team", "Allocated Worker", "Eligibility Category", "LA in Touch", "Type of Accommodation",
    "Suitability of Accommodation", "Activity Status",
)
LISTS = {1: CONTACTS, 2: EARLY_HELP, 3: REFERRALS, 6: IN_NEED, 7: PROTECTION, 8: IN_CARE, 9: LEAVING_CARE}
Given = Mapping[str, Any]
SHORT = {
    "id": "Child Unique ID", "age": "Age of Child (Years)", "team": "Allocated Team", "worker": "Allocated Worker",
    "adviser": "Allocated Personal Advisor", "disability": "Does the Child have a Disability",
    "status": "Case Status", "eligibility": "Eligibility Category", "in_touch": "LA in Touch", "born": "Date of Birth",
}
REFERRED = {1: "Date of Contact", 3: "Date of referral"}
STARTED = {2: "Assessment start date", 6: "CIN Start Date", 7: "Child Protection Plan Start Date",
           8: "Date Started to be Looked After"}
ENDED = {6: "CIN Closure Date", 7: "Child Protection Plan End Date", 8: "Date Ceased to be Looked After"}
USUAL = {
    1: {"referred": "02/11/2026", "Contact Source": "School"},
    2: {"started": "01/10/2026", "Organisation completing assessment": "Northbrook Council"},
    3: {"referred": "02/11/2026", "Referral Source": "Police"},
    6: {"status": "c) Child in need plan", "started": "01/06/2026"},
    7: {"started": "08/06/2026", "Latest Category of Abuse": "a) Neglect"},
    8: {"started": "2025-03-14", "Placement postcode": "NB1 2CD"},
    9: {"eligibility": "b) Former relevant child", "in_touch": "a) Yes", "age": 19},
}


def row(number: int, reference: Any, **facts: Any) -> dict[str, Any]:
    """One row of list `number`, with what such rows usually say."""
    given = {"Gender": "b) Female", "Ethnicity": "a) WBRI", "age": 9.4, "team": "Children in Need East 2",
             "worker": "Tomasz Nowak", **USUAL[number], **facts, "id": reference}
    names = SHORT | {"started": STARTED.get(number, ""), "ended": ENDED.get(number, ""),
                     "referred": REFERRED.get(number, "")}
    return {names.get(name, name): value for name, value in given.items()}


def workbook(lists: Mapping[int, Sequence[Given]], *, columns: Mapping[int, Sequence[str]] | None = None,
             titles: Mapping[int, str] | None = None) -> bytes:
    """A workbook with these lists; other columns or sheet titles where a test wants them."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    for number, rows in lists.items():
        heading = (columns or {}).get(number) or LISTS[number].columns
        sheet = book.add_worksheet((titles or {}).get(number, f"List {number}"))
        sheet.write_row(0, 0, heading)
        for index, given in enumerate(rows, 1):
            sheet.write_row(index, 0, [_cell(given, name) for name in heading])
    book.close()
    return stream.getvalue()


def _cell(given: Given, name: str) -> Any:
    if name in given:
        return given[name]
    return given.get("Age of Child (Years)", "") if name == "Age" else ""


def layout_columns(layout: Layout, *extra: str) -> tuple[str, ...]:
    """The published columns and some more."""
    return (*layout.columns, *extra)
