"""Workbooks are zip archives: what is in them is unpacked in pieces and counted before anything opens them."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from io import BytesIO

from casefiles.reading.results import BadFile

MOST_BYTES = 120 * 1024 * 1024
MOST_MEMBERS = 1_000
MOST_ROWS = 150_000
MOST_COLUMNS = 300
MOST_CELLS = 6_000_000
PIECE = 256 * 1024
LONGEST_TAG = 64 * 1024
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_PLACE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{0,9})(\d{1,12})""")
_ROW = re.compile(rb"<(?:[^\s<>/:]+:)?row(?=[\s/>])")
_CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c(?=[\s/>])")
# Entities; a place written with them; a count that is not small, for which the reader would reserve memory.
_SCRIPTED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DISGUISED = re.compile(rb"""\sr\s*=\s*["'][^"'<>]*&""")
_COUNT = re.compile(rb"""ount\s*=\s*["'](?!\d{1,7}["'])""")
_FAULTS = (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, OSError, ValueError,
           RuntimeError)

NOT_A_WORKBOOK = "This is not an Excel workbook. Save it as .xlsx, or as CSV, and choose it again."
TOO_LARGE = ("This workbook is too large when it is unpacked. Leave out the sheets that are not needed, "
             "or save the list as CSV.")
TOO_MANY = (f"A sheet of this workbook is too large: at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns. "
            "Delete what lies outside the list and save it again.")


def safe_copy(content: bytes) -> bytes:
    """The XML parts of a workbook in an archive of our own making. Raises BadFile for anything that cannot be safe.

    Two programs may read one crooked archive differently; what is opened later is exactly what was counted here.
    """
    if content.startswith(_OLD_EXCEL):
        raise BadFile("This workbook is protected with a password or is in the old .xls format. "
                      "Save it as .xlsx without a password and choose it again.")
    copy = BytesIO()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_members(archive.infolist())
            with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
                _copy(content, archive.infolist(), made)
    except _FAULTS:
        raise BadFile(NOT_A_WORKBOOK) from None
    return copy.getvalue()


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename.lower() for member in members]
    if "xl/workbook.xml" not in names or len(set(names)) != len(names) or len(members) > MOST_MEMBERS:
        raise BadFile(NOT_A_WORKBOOK)
    if any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) for name in names):
        raise BadFile(NOT_A_WORKBOOK)


def _copy(content: bytes, members: list[zipfile.ZipInfo], made: zipfile.ZipFile) -> None:
    counted = 0
    for member in members:
        is_part = member.filename.lower().endswith((".xml", ".rels"))
        sheet = _Sheet()
        with made.open(member.filename, "w") if is_part else nullcontext() as part:
            for piece in unpacked(content, member):
                counted += len(piece)
                if counted > MOST_BYTES:
                    raise BadFile(TOO_LARGE)
                if part:
                    sheet.look_at(piece)
                    part.write(piece)


def unpacked(content: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """What really is in a member, piece by piece; the size that its header states is never asked."""
    name_length, extra_length = struct.unpack_from("<HH", content, member.header_offset + 26)
    start = member.header_offset + 30 + name_length + extra_length
    packed = memoryview(content)[start:start + member.compress_size]
    if member.flag_bits & 0x1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadFile(NOT_A_WORKBOOK)
    if member.compress_type == zipfile.ZIP_STORED:
        yield from (bytes(packed[at:at + PIECE]) for at in range(0, len(packed), PIECE))
        return
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    for at in range(0, len(packed), PIECE):
        rest = bytes(packed[at:at + PIECE])
        while rest and not stream.eof:
            yield stream.decompress(rest, PIECE)
            rest = stream.unconsumed_tail


class _Sheet:
    """Looks at the pieces of one XML part as they pass: no entities, no cell too far out, no row too wide."""

    def __init__(self) -> None:
        self.rest = b""
        self.rows = self.columns = self.cells_in_row = 0

    def look_at(self, piece: bytes) -> None:
        """Raises BadFile for a part that a workbook does not need, or one that is too wide or long."""
        seen = self.rest + piece
        cut = seen.rfind(b"<")
        cut = len(seen) if cut < 0 or seen.find(b">", cut) >= 0 else cut
        self.rest, seen = seen[cut:], seen[:cut]
        if len(self.rest) > LONGEST_TAG or b"\x00" in piece or _is_crooked(seen):
            raise BadFile(NOT_A_WORKBOOK)
        for letters, number in set(_PLACE.findall(seen)):
            self.rows = max(self.rows, int(number))
            self.columns = max(self.columns, column_number(letters.upper()))
        self._count_cells(seen)
        if self.rows > MOST_ROWS or self.columns > MOST_COLUMNS or self.rows * self.columns > MOST_CELLS:
            raise BadFile(TOO_MANY)

    def _count_cells(self, seen: bytes) -> None:
        """Cells need not say where they are: then they stand one after the other."""
        for index, row in enumerate(_ROW.split(seen)):
            self.rows += index > 0 and b"r=" not in row[:80]
            self.cells_in_row = len(_CELL.findall(row)) + (self.cells_in_row if index == 0 else 0)
            self.columns = max(self.columns, self.cells_in_row)


def _is_crooked(seen: bytes) -> bool:
    """The plain search comes first: it is a hundred times as fast as a pattern."""
    return bool(
        (b"<!" in seen and _SCRIPTED.search(seen)) or (b"&" in seen and _DISGUISED.search(seen)) or _COUNT.search(seen)
    )


def column_number(letters: bytes) -> int:
    """ "A" is 1, "AA" is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
