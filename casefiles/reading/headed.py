"""Lists with a heading of their own making: columns found by their names, by common aliases, or by what was said."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from casefiles.reading import cells as one_cell
from casefiles.reading.apart import Cells, Table
from casefiles.reading.cells import BadCell, heading, text
from casefiles.reading.layouts import Facts, top_of
from casefiles.reading.results import Heading, Sheet

Aliases = Mapping[str, tuple[str, ...]]
LOOKED_AT = 200
SPEAKS_FOR_ITSELF = frozenset({"team", "iro"})
PERSONAL = frozenset("name forename surname firstname lastname dob birth address postcode email phone".split())
LONGEST_NAME = 80
LONGEST_CELL = 300


@dataclass(frozen=True)
class Headed:
    """A table whose heading row was found: where each fact stands, and under which heading."""

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

    def as_they_stand(self, facts: Facts) -> dict[str, str]:
        """The cells of a row by fact, so that a refused one can be corrected; a reference that may be a name is not
        kept.
        """
        given = {fact: text(facts[fact])[:LONGEST_CELL] for fact in self.places}
        if "reference" in given and "kind" not in given:
            given["reference"] = one_cell.no_name(given["reference"])
        return {fact: words for fact, words in given.items() if words}

    def check_width(self, cells: Cells) -> None:
        """Raises BadCell for a row with more cells than the heading: they would land in the wrong columns."""
        if any(text(cell) for cell in cells[self.width:]):
            raise BadCell("The row has more cells than the heading. A comma in a name needs quotation marks around it")


def headed(table: Table, number: int, cells: Cells, places: dict[str, int], hidden: frozenset[str]) -> Headed:
    """A table with its heading row; the cells of `hidden` facts are read, and none of them is kept."""
    kept = {index for fact, index in places.items() if fact not in hidden}
    left_out = [text(cell)[:120] for index, cell in enumerate(cells) if index not in kept and text(cell)]
    names = {fact: text(cells[index])[:60] for fact, index in places.items()}
    return Headed(table, number, len(cells), places, names, left_out)


def find_heading(table: Table, aliases: Aliases, needed: tuple[str, ...]) -> Headed | None:
    """The first row near the top that names every needed column."""
    for number, cells in top_of(table):
        places = places_by_name(cells, aliases)
        if all(fact in places for fact in needed):
            return headed(table, number, cells, places, frozenset())
    return None


def known_names(aliases: Aliases) -> dict[str, str]:
    """Every heading that stands for a fact, folded."""
    return {heading(name): fact for fact, names in aliases.items() for name in (fact.replace("_", " "), *names)}


def places_by_name(cells: Cells, aliases: Aliases) -> dict[str, int]:
    """Where each fact stands by the names of the columns; the first of two with one name."""
    known, places = known_names(aliases), {}
    for index, cell in enumerate(cells):
        if fact := known.get(heading(cell)):
            places.setdefault(fact, index)
    return places


def unique_names(cells: Cells) -> list[str]:
    """The headings as people see them; the second "Name" is "Name (2)", a blank one has none."""
    taken: set[str] = set()
    return [_unique(text(cell)[:LONGEST_NAME], taken) for cell in cells]


def _unique(name: str, taken: set[str]) -> str:
    found, count = name, 1
    while name and found in taken:
        count += 1
        found = f"{name} ({count})"
    taken.add(found)
    return found


def digest_of(cells: Cells) -> str:
    """What two files of one source have in common: their headings, in any order and spelling."""
    folded = sorted(name for cell in cells if (name := heading(text(cell)[:LONGEST_NAME])))
    return hashlib.sha256("\n".join(folded).encode()).hexdigest()


def best_heading(table: Table, aliases: Aliases) -> tuple[int, int, int, Cells] | None:
    """The row near the top that looks most like a heading, with how many columns it names; None without one."""
    rows = []
    for number, cells in top_of(table):
        words = [heading(cell) for cell in cells if heading(cell) and not _is_value(cell)]
        if len(set(words)) > 1:
            rows.append((len(places_by_name(cells, aliases)), len(set(words)), -number, cells))
    if not rows:
        return None
    named, words, number, cells = max(rows, key=lambda row: row[:3])
    return named, words, -number, cells


def _is_value(cell: object) -> bool:
    return shape_of([cell]) in {"numbers", "dates"}


def describe(table: Table, header_row: int, cells: Cells, aliases: Aliases) -> list[Heading]:
    """Every column with what its cells look like and what we take it for. The cells themselves are not kept."""
    rows = [row for number, row in table.open(header_row + LOOKED_AT) if number > header_row]
    guesses = guess(cells, aliases)
    found = []
    for index, name in enumerate(unique_names(cells)):
        if name:
            column = [row[index] for row in rows if index < len(row)]
            found.append(Heading(name, shape_of(column), guesses.get(index, "")))
    return found


def guess(cells: Cells, aliases: Aliases) -> dict[int, str]:
    """What each column probably is: by its name, else by words of it, the longest first; each fact once.

    Never by one word alone, and never a column that speaks of names, unless that is its very name.
    """
    found = {index: fact for fact, index in places_by_name(cells, aliases).items()}
    taken = set(found.values())
    for name, fact in sorted(known_names(aliases).items(), key=lambda pair: -len(pair[0])):
        if fact in taken or (" " not in name and fact not in SPEAKS_FOR_ITSELF):
            continue
        for index, cell in enumerate(cells):
            if index not in found and _speaks_of(name, heading(cell)):
                found[index] = fact
                taken.add(fact)
                break
    return found


def _speaks_of(name: str, words: str) -> bool:
    """Whether a heading has the words of a name, and no word of persons that the name has not."""
    personal = PERSONAL & set(words.split()) - set(name.split())
    return f" {name} " in f" {words} " and not personal


def shape_of(column: Sequence[object]) -> str:
    """ "dates", "numbers", "yes or no", "words" or "empty": enough to recognise a column by."""
    given = [cell for cell in column if text(cell)]
    if not given:
        return "empty"
    if all(one_cell.yes_no(cell) is not None for cell in given):
        return "yes or no"
    if all(_is_number(text(cell)) for cell in given):
        return "numbers"
    return "dates" if all(_is_day(cell) for cell in given) else "words"


def _is_number(given: str) -> bool:
    return given.replace(".", "", 1).replace("-", "", 1).isdigit()


def _is_day(cell: object) -> bool:
    try:
        return one_cell.day(cell) is not None
    except BadCell:
        return False
