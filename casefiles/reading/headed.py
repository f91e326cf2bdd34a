"""Lists with a heading of their own making: columns found by their names and common aliases."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casefiles.reading.cells import BadCell, heading, text
from casefiles.reading.layouts import Facts, top_of
from casefiles.reading.results import Sheet
from casefiles.reading.tables import Cells, Table

Aliases = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Headed:
    """A table whose heading row was found."""

    table: Table
    header_row: int
    width: int
    places: dict[str, int]
    names: dict[str, str]
    left_out: list[str]

    def sheet(self, title: str) -> Sheet:
        """The table as a line of the preview."""
        return Sheet(self.table.name, title, "Yes", left_out=self.left_out)

    def rows(self) -> Iterator[tuple[int, Facts]]:
        """Rows below the heading that are not empty."""
        for number, cells in self.table.open():
            if number > self.header_row and any(text(cell) for cell in cells):
                yield number, Facts(cells, self.places)

    def check_width(self, cells: Cells) -> None:
        """Raises BadCell for a row with more cells than the heading: they would land in the wrong columns."""
        if any(text(cell) for cell in cells[self.width:]):
            raise BadCell("The row has more cells than the heading. A comma in a name needs quotation marks around it")


def find_heading(table: Table, aliases: Aliases, needed: tuple[str, ...]) -> Headed | None:
    """The first row near the top that names every needed column."""
    known = {heading(name): fact for fact, names in aliases.items() for name in (fact.replace("_", " "), *names)}
    for number, cells in top_of(table):
        places: dict[str, int] = {}
        left_out: list[str] = []
        for index, cell in enumerate(cells):
            fact = known.get(heading(cell))
            if fact and fact not in places:
                places[fact] = index
            elif text(cell):
                left_out.append(text(cell)[:120])
        if all(fact in places for fact in needed):
            names = {fact: text(cells[index])[:60] for fact, index in places.items()}
            return Headed(table, number, len(cells), places, names, left_out)
    return None
