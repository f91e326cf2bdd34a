"""What reading a file gives: rows of facts, rows refused, lines worth checking, sheets and columns."""

from dataclasses import asdict, dataclass, field
from typing import Any


class BadFile(Exception):
    """A file that cannot be read at all; the message is a sentence for the person who chose it."""


@dataclass(frozen=True)
class Refusal:
    """A row that cannot be used: where, why, and what to do about it."""

    sheet: str
    row: int
    reference: str
    column: str
    reason: str
    todo: str = "Correct it in the case system and export again."

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


@dataclass
class Reading:
    """All that came out of one file. `covers` are the categories of which it is the whole list."""

    rows: list[Row] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    covers: frozenset[str] = frozenset()

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
