"""What reading a file gives: rows of facts, rows refused, lines worth checking, sheets and columns."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

IN_THE_SYSTEM = "Correct it in the case system and export again, or here in the file of refused rows."


class BadFile(Exception):
    """A file that cannot be read at all; the message is a sentence for the person who chose it."""


class ColumnsNeeded(Exception):
    """A list whose columns nobody has named yet. `headings` says what it has, `table` which sheet it is, `digest`
    by what such lists are known again.
    """

    def __init__(self, table: str, headings: list["Heading"], digest: str) -> None:
        self.table, self.headings, self.digest = table, headings, digest
        super().__init__("Nobody has said yet which column of this list is which.")


@dataclass(frozen=True)
class Heading:
    """A column of a list: its name, what its cells look like, and what we take it for. None of the cells is kept."""

    name: str
    shape: str
    guess: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the import's own record."""
        return asdict(self)


@dataclass(frozen=True)
class Refusal:
    """A row that cannot be used: where, why, and what to do about it. `facts` are its kept cells as they stand."""

    sheet: str
    row: int
    reference: str
    column: str
    reason: str
    todo: str = IN_THE_SYSTEM
    facts: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For the import's own record."""
        return asdict(self)


@dataclass
class Note:
    """Something worth checking, which refuses nothing; `done` says how the rows were counted."""

    text: str
    done: str
    references: list[str] = field(default_factory=list)

    def as_json(self, most: int = 50) -> dict[str, Any]:
        """With the first references only: a note is read by people."""
        return {"text": self.text, "done": self.done, "cases": len(self.references),
                "references": self.references[:most]}


@dataclass
class Sheet:
    """One sheet of the file, as what it was recognised, and what was used of it."""

    name: str
    recognised: str = "Not known"
    used: str = "No, its columns are not those of a list we know"
    rows: int = 0
    closed: int = 0
    left_out: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For the import's own record."""
        return asdict(self)


@dataclass(frozen=True)
class Row:
    """What a file says about one case file or person. A fact that the file does not hold is not a key."""

    reference: str
    facts: dict[str, Any]
    sheet: str
    number: int

    def as_json(self) -> list[Any]:
        """For the import's own record; days in ISO form."""
        facts = {name: {"day": fact.isoformat()} if isinstance(fact, date) else fact
                 for name, fact in self.facts.items()}
        return [self.reference, facts, self.sheet, self.number]

    @classmethod
    def from_json(cls, kept: list[Any]) -> "Row":
        """As it was read."""
        reference, facts, sheet, number = kept
        facts = {name: date.fromisoformat(fact["day"]) if isinstance(fact, dict) and fact.keys() == {"day"} else fact
                 for name, fact in facts.items()}
        return cls(reference, facts, sheet, number)


@dataclass
class Reading:
    """All that came out of one file. `covers` are the categories of which it is the whole list.

    `names` are the headings of the facts, `only_known` says that the list adds no case file,
    `corrects` is the import whose refused rows it brings again, `read_as` how it was recognised.
    """

    rows: list[Row] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    covers: frozenset[str] = frozenset()
    names: dict[str, str] = field(default_factory=dict)
    only_known: bool = False
    corrects: int | None = None
    read_as: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What is kept of a file until the import ends, so that it can be worked out again without the file."""
        return {
            "rows": [row.as_json() for row in self.rows], "refused": [row.as_json() for row in self.refused],
            "notes": [asdict(note) for note in self.notes], "sheets": [sheet.as_json() for sheet in self.sheets],
            "covers": sorted(self.covers), "names": self.names, "only_known": self.only_known,
            "corrects": self.corrects, "read_as": self.read_as,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Reading":
        """As it was read."""
        plain = {name: kept[name] for name in ("names", "only_known", "corrects", "read_as")}
        return cls(
            rows=[Row.from_json(row) for row in kept["rows"]], refused=[Refusal(**row) for row in kept["refused"]],
            notes=[Note(**note) for note in kept["notes"]], sheets=[Sheet(**sheet) for sheet in kept["sheets"]],
            covers=frozenset(kept["covers"]), **plain,
        )

    @property
    def held(self) -> set[str]:
        """References of refused rows: in the file, so never closed as missing from it."""
        return {refusal.reference for refusal in self.refused if refusal.reference}

    @property
    def left_out(self) -> list[str]:
        """Every column that was read past, once."""
        return list(dict.fromkeys(name for sheet in self.sheets for name in sheet.left_out))

    @property
    def unknown(self) -> list[str]:
        """Columns that the known layouts do not have, once."""
        return list(dict.fromkeys(name for sheet in self.sheets for name in sheet.unknown))
