"""Workbooks are zip archives: what is in them is counted byte by byte before anything opens them.

A header may lie about sizes, so every member is unpacked in pieces, counted and thrown away.
"""

import re
import zipfile
import zlib
from io import BytesIO

from casefiles.reading.results import BadFile

MOST_BYTES = 120 * 1024 * 1024
MOST_MEMBERS = 1_000
MOST_ROWS = 150_000
MOST_COLUMNS = 300
MOST_CELLS = 6_000_000
PIECE = 256 * 1024
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_CELL = re.compile(rb"""<(?:\w+:)?(?:c|dimension)\b[^<>]*?\sr(?:ef)?\s*=\s*["'](?:[A-Z]+\d+:)?([A-Z]{1,9})(\d{1,12})""")
_SCRIPTED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OVERLAP = 512

NOT_A_WORKBOOK = "This is not an Excel workbook. Save it as .xlsx, or as CSV, and choose it again."
TOO_LARGE = ("This workbook is too large when it is unpacked. Leave out the sheets that are not needed, "
             "or save the list as CSV.")
TOO_MANY = (f"A sheet of this workbook is too large: at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns. "
            "Delete what lies outside the list and save it again.")


def check_archive(content: bytes) -> None:
    """Raises BadFile unless `content` is a workbook of a size that can be opened safely."""
    if content.startswith(_OLD_EXCEL):
        raise BadFile("This workbook is protected with a password or is in the old .xls format. "
                      "Save it as .xlsx without a password and choose it again.")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_members(archive.infolist())
            _count(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise BadFile(NOT_A_WORKBOOK) from None


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if "xl/workbook.xml" not in names or len(set(names)) != len(names):
        raise BadFile(NOT_A_WORKBOOK)
    if len(members) > MOST_MEMBERS or any(member.flag_bits & 0x1 for member in members):
        raise BadFile(NOT_A_WORKBOOK)
    if any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) for name in names):
        raise BadFile(NOT_A_WORKBOOK)


def _count(archive: zipfile.ZipFile) -> None:
    counted = 0
    for member in archive.infolist():
        sheet = _Sheet()
        with archive.open(member) as opened:
            while piece := opened.read(PIECE):
                counted += len(piece)
                if counted > MOST_BYTES:
                    raise BadFile(TOO_LARGE)
                if member.filename.endswith((".xml", ".rels")):
                    sheet.look_at(piece)


class _Sheet:
    """Looks at the pieces of one XML part as they pass: no entities, no cell too far out."""

    def __init__(self) -> None:
        self.rest = b""
        self.rows = self.columns = 0

    def look_at(self, piece: bytes) -> None:
        """Raises BadFile for a part that a workbook does not need, or one that is too wide or long."""
        seen = self.rest + piece
        if b"\x00" in seen or _SCRIPTED.search(seen):
            raise BadFile(NOT_A_WORKBOOK)
        for letters, number in _CELL.findall(seen):
            self.rows = max(self.rows, int(number))
            self.columns = max(self.columns, column_number(letters))
        if self.rows > MOST_ROWS or self.columns > MOST_COLUMNS or self.rows * self.columns > MOST_CELLS:
            raise BadFile(TOO_MANY)
        self.rest = seen[-_OVERLAP:]


def column_number(letters: bytes) -> int:
    """ "A" is 1, "AA" is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
