"""Annex A lists by their columns, as Ofsted published them (DOMAIN section 4). Titles of sheets do not count."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from casefiles.reading.apart import Cells, Table
from casefiles.reading.cells import heading
from casefiles.reading.results import Sheet

REFERENCE, AGE = "Child Unique ID", "Age of Child (Years)"
COMMON = (REFERENCE, "Gender", "Ethnicity", "Date of Birth", AGE)
UASC = "Unaccompanied Asylum Seeking Child (UASC)"
DISABILITY, TEAM, WORKER = "Does the Child have a Disability", "Allocated Team", "Allocated Worker"
LOOK_AT = 20
ALIASES = {heading("Age"): heading(AGE), heading("Child ID"): heading(REFERENCE)}


@dataclass(frozen=True)
class Layout:
    """One list: `keep` names the facts and their columns, `needed` those without which it is not this list."""

    number: int
    title: str
    columns: tuple[str, ...]
    keep: dict[str, str] = field(default_factory=dict)
    needed: tuple[str, ...] = ()
    covers: frozenset[str] = frozenset()

    @property
    def is_used(self) -> bool:
        """Whether case files, or dates of them, come from it."""
        return bool(self.keep)

    def place(self, row: Cells) -> dict[str, int] | None:
        """Where each column stands, when `row` is this list's heading."""
        places: dict[str, int] = {}
        for index, cell in enumerate(row):
            name = heading(cell)
            places.setdefault(ALIASES.get(name, name), index)
        return places if all(heading(name) in places for name in self.needed) else None


_PEOPLE = {"reference": REFERENCE, "born": "Date of Birth", "age": AGE, "disability": DISABILITY, "team": TEAM,
           "worker": WORKER}

IN_NEED = Layout(
    6, "Children in need",
    (*COMMON, DISABILITY, "CIN Start Date", "Primary Need Code", "Date Child Was Last Seen", "CIN Closure Date",
     "Reason for Closure", "Case Status", TEAM, WORKER),
    {**_PEOPLE, "started": "CIN Start Date", "ended": "CIN Closure Date", "status": "Case Status"},
    (REFERENCE, "CIN Start Date", "CIN Closure Date", "Case Status", TEAM, WORKER),
    frozenset({"in_need", "assessment"}),
)
PROTECTION = Layout(
    7, "Child protection",
    (*COMMON, DISABILITY, "Child Protection Plan Start Date", "Initial Category of Abuse", "Latest Category of Abuse",
     "Date of the Last Statutory Visit", "Was the Child Seen Alone?", "Date of latest review conference",
     "Child Protection Plan End Date",
     "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
     "Number of Previous Child Protection Plans", TEAM, WORKER),
    {**_PEOPLE, "started": "Child Protection Plan Start Date", "ended": "Child Protection Plan End Date"},
    (REFERENCE, "Child Protection Plan Start Date", "Child Protection Plan End Date", TEAM, WORKER),
    frozenset({"protection"}),
)
IN_CARE = Layout(
    8, "Children in care",
    (*COMMON, f"{UASC} within the Last 12 Months (Y/N)", DISABILITY, "Date Started to be Looked After",
     "Child's Category of Need",
     "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)",
     "Start date of current legal status", "Child's Legal Status", "Date of Latest Statutory Review",
     "Date of Last Social Work Visit", "What is the permanence plan for this child?",
     "Date of Last IRO Visit / Contact to the Child", "Date of Last Health Assessment", "Date of Last Dental Check",
     "Number of Placements in the Last 12 months", "Date Ceased to be Looked After",
     "Reason Ceased to be Looked After", "Start Date of Most Recent Placement", "Placement Type", "Placement Provider",
     "Placement postcode", "URN of Placement", "Placement Location", "LA of Placement",
     "Number of Episodes the Child has been 'Missing' from their Placement in the last 12 months",
     "Number of Episodes the Child has been 'Absent' from their Placement in the last 12 months",
     "Was the child offered a Return Interview after their last missing episode (Y/N)?",
     "Did the child accept a Return Interview after their last missing episode (Y/N)?", TEAM, WORKER),
    {**_PEOPLE, "started": "Date Started to be Looked After", "ended": "Date Ceased to be Looked After"},
    (REFERENCE, "Date Started to be Looked After", "Date Ceased to be Looked After", TEAM, WORKER),
    frozenset({"in_care"}),
)
LEAVING_CARE = Layout(
    9, "Leaving care",
    (*COMMON, f"{UASC}, or formerly UASC if 18 or over (Y/N)", DISABILITY, TEAM, WORKER,
     "Allocated Personal Advisor", "Eligibility Category", "LA in Touch", "Latest Pathway Plan Review Date",
     "Latest Date of Contact", "Type of Accommodation", "Suitability of Accommodation", "Activity Status"),
    {**_PEOPLE, "adviser": "Allocated Personal Advisor", "eligibility": "Eligibility Category",
     "in_touch": "LA in Touch"},
    (REFERENCE, "Eligibility Category", "LA in Touch", TEAM, WORKER),
    frozenset({"care_leaver"}),
)
_BORN = {"reference": REFERENCE, "born": "Date of Birth", "age": AGE}

CONTACTS = Layout(
    1, "Initial contacts", (*COMMON, "Date of Contact", "Contact Source"), {**_BORN, "referred": "Date of Contact"},
    (REFERENCE, "Date of Contact", "Contact Source"), frozenset({"contact"}),
)
EARLY_HELP = Layout(
    2, "Early help assessments",
    (*COMMON, "Assessment start date", "Assessment completion date", "Organisation completing assessment"),
    {**_BORN, "started": "Assessment start date"},
    (REFERENCE, "Assessment start date", "Organisation completing assessment"), frozenset({"early_help"}),
)
REFERRALS = Layout(
    3, "Referrals",
    (*COMMON, "Date of referral", "Referral Source", "Referral NFA?", "Number of Referrals in Last 12 Months", TEAM,
     WORKER),
    {"reference": REFERENCE, "referred": "Date of referral"}, (REFERENCE, "Date of referral", "Referral Source"),
)
UNUSED = (
    Layout(4, "Assessments", (), needed=(REFERENCE, "Continuous Assessment Start Date")),
    Layout(5, "Section 47 enquiries and conferences", (),
           needed=(REFERENCE, "Strategy discussion initiating Section 47 Enquiry Start Date")),
    Layout(10, "Adoption", (), needed=(REFERENCE, "Family identifier", "Date the Child Entered Care")),
    Layout(11, "Adopters", (), needed=("Individual adopter identifier", "Family identifier")),
)
USED = (IN_CARE, PROTECTION, LEAVING_CARE, IN_NEED, EARLY_HELP, CONTACTS, REFERRALS)
MANY_A_CHILD = frozenset({1, 2, 3})  # lists of events: a child may be on them several times


@dataclass(frozen=True)
class Found:
    """A sheet that is a known list: its heading row, and where each kept fact stands."""

    table: Table
    layout: Layout
    header_row: int
    places: dict[str, int]
    sheet: Sheet

    def rows(self):
        """Each row below the heading that is not empty, as a function from fact to cell."""
        for number, cells in self.table.open():
            if number > self.header_row and any(cell not in ("", None) for cell in cells):
                yield number, Facts(cells, self.places)


@dataclass(frozen=True)
class Facts:
    """The kept cells of a row by the name of the fact; a column that is missing is None."""

    cells: Cells
    places: dict[str, int]

    def __getitem__(self, fact: str) -> Any:
        index = self.places.get(fact)
        return self.cells[index] if index is not None and index < len(self.cells) else None


def top_of(table: Table) -> list[tuple[int, Cells]]:
    """The first rows, among which the heading is looked for: exports often begin with a title."""
    return [(number, cells) for number, cells in table.open(LOOK_AT)]


def recognise(table: Table, layouts: Sequence[Layout] = (*USED, *UNUSED)) -> Found | None:
    """The list that a sheet is, by the columns in its heading; extra columns do not matter."""
    for number, cells in top_of(table):
        for layout in layouts:
            if places := layout.place(cells):
                return Found(table, layout, number, _kept(layout, places), _sheet(table, layout, cells))
    return None


def _kept(layout: Layout, places: dict[str, int]) -> dict[str, int]:
    return {fact: places[heading(name)] for fact, name in layout.keep.items() if heading(name) in places}


def _sheet(table: Table, layout: Layout, cells: Cells) -> Sheet:
    title = f"{layout.title}, list {layout.number}"
    if not layout.is_used:
        return Sheet(table.name, title, NOT_NEEDED.get(layout.number, "No, not needed for the draw"))
    kept = {heading(name) for name in layout.keep.values()}
    known = {heading(name) for name in layout.columns}
    left = [(name, " ".join(str(cell).split())[:120]) for cell in cells if (name := heading(cell))]
    left = [(ALIASES.get(name, name), shown) for name, shown in left]
    past = [shown for name, shown in left if name not in kept or name in _BIRTH]
    unknown = [shown for name, shown in left if name not in known]
    used = "Yes, for the dates of referral" if layout is REFERRALS else "Yes"
    return Sheet(table.name, title, used, left_out=past, unknown=unknown)


NOT_NEEDED = {10: "No: adoption has no case file of its own to audit", 11: "No: adopters are not foster carers"}
_BIRTH = frozenset({heading("Date of Birth"), heading(AGE)})
