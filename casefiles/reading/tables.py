"""A file as tables: one for a CSV file, one for each sheet of a workbook. Runs in the process apart (apart.py)."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from python_calamine import SheetTypeEnum, load_workbook

from casefiles.reading.archives import MOST_COLUMNS, MOST_ROWS, NOT_A_WORKBOOK, TOO_MANY, safe_copy
from casefiles.reading.results import BadFile

MOST_FILE_BYTES = 40 * 1024 * 1024
LONGEST_CELL = 32_767  # what a cell of a spreadsheet can hold
DELIMITERS = ",;\t|"
LOOK_AT = 20
PIECE = 1024 * 1024
NOT_TEXT = "This file is neither an Excel workbook nor a CSV list. Save the list as .xlsx or .csv and choose it again."
LIST_TOO_LARGE = TOO_MANY.replace("A sheet of this workbook", "This list")
Cells = list[Any]


@dataclass(frozen=True)
class Raw:
    """A sheet as it stands in the file: its name and its rows, numbered as the spreadsheet numbers them."""

    name: str
    rows: Callable[[], Iterator[tuple[int, Cells]]]


def raw_tables(content: bytes) -> list[Raw]:
    """The tables in a file, told by its content and not by its name. Raises BadFile."""
    if not content.strip():
        raise BadFile("This file is empty. Choose the list that your case system exported.")
    if len(content) > MOST_FILE_BYTES:
        raise BadFile(f"This file is larger than {MOST_FILE_BYTES // 1024 // 1024} MB. Leave out what is not needed.")
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return _sheets(safe_copy(content))
    return [_delimited(content)]


def _sheets(content: bytes) -> list[Raw]:
    workbook = _guarded(lambda: load_workbook(io.BytesIO(content)))
    names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    one = _OneSheet(workbook)
    return [Raw(name[:60], lambda name=name: one.rows(name)) for name in names]


class _OneSheet:
    """Holds one sheet at a time: a workbook of eleven lists need not be in memory as a whole."""

    def __init__(self, workbook: Any) -> None:
        self.workbook, self.name, self.sheet = workbook, None, None

    def rows(self, name: str) -> Iterator[tuple[int, Cells]]:
        """The rows of a sheet from its first. Raises BadFile for one that is too wide or long."""
        if self.name != name:
            self.name, self.sheet = name, None
            self.sheet = _guarded(lambda: self.workbook.get_sheet_by_name(name))
        if self.sheet.total_width > MOST_COLUMNS or self.sheet.total_height > MOST_ROWS:
            raise BadFile(TOO_MANY)
        if self.sheet.height:
            for number, cells in enumerate(self.sheet.iter_rows(), 1):
                yield number, [plain(cell) for cell in cells]


def plain(cell: Any) -> Any:
    """A cell as a value that JSON has: days in ISO form."""
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else cell


def _guarded(open_it: Callable[[], Any]) -> Any:
    """The reader's own faults, its panics too, are the file's: one sentence, never a traceback."""
    try:
        return open_it()
    except BaseException as fault:
        if not isinstance(fault, Exception) and type(fault).__name__ != "PanicException":
            raise
        if isinstance(fault, MemoryError):
            raise
        raise BadFile(NOT_A_WORKBOOK) from None


def encoding_of(content: bytes) -> str:
    """How CSV bytes are written: UTF-8 or UTF-16 with or without a mark, else Windows-1252. Raises BadFile."""
    for encoding in _encodings(content):
        if _can_decode(content, encoding):
            return encoding
    raise BadFile("We cannot read the letters of this file. Save it as “CSV UTF-8” and choose it again.")


def _can_decode(content: bytes, encoding: str) -> bool:
    """Whether all of it can be read so; in pieces, so that a large list is never there twice."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for at in range(0, len(content), PIECE):
            piece = decoder.decode(content[at:at + PIECE], final=at + PIECE >= len(content))
            if "\x00" in piece or (at == 0 and any(ord(sign) < 9 for sign in piece[:20_000])):
                raise BadFile(NOT_TEXT)
    except UnicodeError:
        return False
    return True


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    start = content[:2000]
    if start.count(0) > len(start) // 4:
        return ("utf-16-le",) if start[1::2].count(0) > start[::2].count(0) else ("utf-16-be",)
    return ("utf-8-sig", "cp1252")


def _delimited(content: bytes) -> Raw:
    encoding = encoding_of(content)
    delimiter = sniff(_text(content, encoding).read(20_000))
    return Raw("List", lambda: _records(_text(content, encoding), delimiter))


def _text(content: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")


def sniff(start: str) -> str:
    """The separator that gives the widest row near the top."""
    top = start.splitlines()[:LOOK_AT]
    return max(DELIMITERS, key=lambda sign: max((len(row) for row in csv.reader(top, delimiter=sign)), default=0))


def _records(stream: io.TextIOWrapper, delimiter: str) -> Iterator[tuple[int, Cells]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if len(cells) > MOST_COLUMNS or number > MOST_ROWS:
                raise BadFile(LIST_TOO_LARGE)
            yield number, cells
    except csv.Error:
        raise BadFile(f"Row {number + 1} cannot be read: a quotation mark opens and never closes, text follows it, or "
                      "a cell is far too long. Correct that row, or export the list again.") from None
