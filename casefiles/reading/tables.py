"""A file as tables: one for a CSV file, one for each sheet of a workbook. Rows come one by one."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from python_calamine import SheetTypeEnum, load_workbook

from casefiles.reading.archives import MOST_COLUMNS, MOST_ROWS, NOT_A_WORKBOOK, TOO_MANY, safe_copy
from casefiles.reading.results import BadFile

MOST_FILE_BYTES = 40 * 1024 * 1024
DELIMITERS = ",;\t"
LOOK_AT = 20
NOT_TEXT = "This file is neither an Excel workbook nor a CSV list. Save the list as .xlsx or .csv and choose it again."
Cells = list[Any]


@dataclass(frozen=True)
class Table:
    """A sheet: its name and its rows, numbered as the spreadsheet numbers them."""

    name: str
    open: Callable[[], Iterator[tuple[int, Cells]]]


def read_tables(content: bytes) -> list[Table]:
    """The tables in a file, told by its content and not by its name. Raises BadFile."""
    if not content.strip():
        raise BadFile("This file is empty. Choose the list that your case system exported.")
    if len(content) > MOST_FILE_BYTES:
        raise BadFile(f"This file is larger than {MOST_FILE_BYTES // 1024 // 1024} MB. Leave out what is not needed.")
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return list(_sheets(safe_copy(content)))
    return [_delimited(decode(content))]


def _sheets(content: bytes) -> Iterator[Table]:
    workbook = _guarded(lambda: load_workbook(io.BytesIO(content)))
    for name in (sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet):
        sheet = _guarded(lambda name=name: workbook.get_sheet_by_name(name))
        if sheet.height:
            yield Table(name[:60], lambda sheet=sheet: _rows_of(sheet))


def _guarded(open_it: Callable[[], Any]) -> Any:
    """The reader's own faults, its panics too, are the file's: one sentence, never a traceback."""
    try:
        return open_it()
    except BaseException as fault:
        if not isinstance(fault, Exception) and type(fault).__name__ != "PanicException":
            raise
        raise BadFile(NOT_A_WORKBOOK) from None


def _rows_of(sheet: Any) -> Iterator[tuple[int, Cells]]:
    if sheet.total_width > MOST_COLUMNS or sheet.total_height > MOST_ROWS:
        raise BadFile(TOO_MANY)
    yield from enumerate(sheet.iter_rows(), 1)


def decode(content: bytes) -> str:
    """CSV bytes as text: UTF-8 or UTF-16 with or without a mark, else Windows-1252. Raises BadFile."""
    for encoding in _encodings(content):
        try:
            decoded = content.decode(encoding)
        except (UnicodeDecodeError, UnicodeError):
            continue
        if any(ord(sign) < 9 for sign in decoded[:20_000]) or "\x00" in decoded:
            raise BadFile(NOT_TEXT)
        return decoded
    raise BadFile("We cannot read the letters of this file. Save it as “CSV UTF-8” and choose it again.")


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    start = content[:2000]
    if start.count(0) > len(start) // 4:
        return ("utf-16-le",) if start[1::2].count(0) > start[::2].count(0) else ("utf-16-be",)
    return ("utf-8-sig", "cp1252")


def _delimited(decoded: str) -> Table:
    delimiter = sniff(decoded)
    return Table("List", lambda: _records(decoded, delimiter))


def sniff(decoded: str) -> str:
    """The separator that gives the widest row near the top."""
    top = decoded[:20_000].splitlines()[:LOOK_AT]
    return max(DELIMITERS, key=lambda sign: max((len(row) for row in csv.reader(top, delimiter=sign)), default=0))


def _records(decoded: str, delimiter: str) -> Iterator[tuple[int, Cells]]:
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if len(cells) > MOST_COLUMNS or number > MOST_ROWS:
                raise BadFile(TOO_MANY.replace("A sheet of this workbook", "This list"))
            yield number, cells
    except csv.Error:
        raise BadFile(f"Row {number + 1} cannot be read: a quotation mark opens and never closes, or text follows it. "
                      "Correct that row, or export the list again.") from None
