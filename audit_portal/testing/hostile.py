"""Files that mean harm or are simply broken, made when asked for: none is kept, none is larger than it must be."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import xlsxwriter

from casefiles.tests.workbook import row, workbook

HEADING = "reference,category,team,worker\n"
LINE = "12,CIN,E,A\n"
SHEET = "xl/worksheets/sheet1.xml"
MEGABYTE = 1024 * 1024
REFUSED, CLEAN = "refused", "clean"


@dataclass(frozen=True)
class Hostile:
    """One file: what it is, how it is made, and whether it is refused with a sentence or read without its bad rows."""

    name: str
    make: Callable[[], bytes]
    outcome: str
    file_name: str = "list.csv"


@cache
def good() -> bytes:
    """A workbook with nothing wrong."""
    return workbook({6: [row(6, 1)]})


def rezipped(changes=None, drop=(), extra=None, compression=zipfile.ZIP_DEFLATED) -> bytes:
    """The good workbook with some parts changed, dropped or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good())) as old, zipfile.ZipFile(stream, "w", compression) as new:
        for name in old.namelist():
            if name not in drop:
                new.writestr(name, (changes or {}).get(name, lambda part: part)(old.read(name)))
        for name, part in (extra or {}).items():
            new.writestr(name, part)
    return stream.getvalue()


def bomb(megabytes: int) -> bytes:
    """A part of blanks that is a thousand times as large when it is unpacked."""
    return rezipped(extra={"xl/worksheets/sheet9.xml": b"\x20" * (megabytes * MEGABYTE)})


def great_bomb() -> bytes:
    """Ten megabytes that unpack to ten gigabytes: one packed piece of blanks, a hundred times over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    piece = packer.compress(b" " * (100 * MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    end = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS).flush()
    packed = piece * 100 + end
    names = [(b"xl/workbook.xml", b"\x03\x00", 0), (SHEET.encode(), packed, 10_000 * MEGABYTE)]
    return _archive(names)


def _archive(members: Iterable[tuple[bytes, bytes, int]]) -> bytes:
    """A zip written by hand, whose headers say of each packed member what size we like."""
    body, directory, count = b"", b"", 0
    for name, packed, size in members:
        facts = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, 0, len(packed), min(size, 0xFFFFFFFE), len(name), 0)
        directory += b"PK\x01\x02" + b"\x14\x00" + facts + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name
        body += b"PK\x03\x04" + facts + name + packed
        count += 1
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def lying_bomb() -> bytes:
    """A zip whose headers say, size and checksum alike, that its largest part is ten bytes long."""
    content = bytearray(bomb(200))
    directory = content.rfind(b"PK\x01\x02", 0, content.rfind(b"sheet9.xml"))
    local = content.rfind(b"PK\x03\x04", 0, content.find(b"sheet9.xml"))
    for start, place in ((directory, 16), (local, 14)):
        struct.pack_into("<I", content, start + place, zlib.crc32(b" " * 10))
        struct.pack_into("<I", content, start + place + 8, 10)
    return bytes(content)


def overlapping() -> bytes:
    """Members that share one packed piece: small on disk, large when each is unpacked."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(b" " * (50 * MEGABYTE)) + packer.flush()
    return _archive([(b"xl/workbook.xml", b"\x03\x00", 0)] + [(f"xl/worksheets/sheet{n}.xml".encode(), packed, 1)
                                                             for n in range(40)])


def in_sheet(rows: bytes) -> bytes:
    """The good workbook with more XML in its sheet."""
    return rezipped({SHEET: lambda part: part.replace(b"</sheetData>", rows + b"</sheetData>")})


def far_cell(reference: str) -> bytes:
    """A cell far outside the list."""
    return in_sheet(f'<row r="9"><c r="{reference}"><v>1</v></c></row>'.encode())


def entities() -> bytes:
    """Entities that multiply."""
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return rezipped({SHEET: lambda part: part.replace(b"<worksheet", doctype + b"<worksheet", 1)})


def quadratic() -> bytes:
    """One long entity, used ten thousand times."""
    doctype = b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 10_000 + b'">]>'
    shared = b'<sst count="1"><si><t>' + b"&a;" * 10_000 + b"</t></si></sst>"
    return rezipped({"xl/sharedStrings.xml": lambda part: doctype + shared})


def outside() -> bytes:
    """An entity that reads a file of the server."""
    doctype = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    return rezipped({"xl/sharedStrings.xml": lambda part: part.replace(b"<sst", doctype + b"<sst", 1)})


def from_afar() -> bytes:
    """A document type that is fetched from another server."""
    doctype = b'<!DOCTYPE x SYSTEM "http://198.51.100.7/x.dtd">'
    return rezipped({"xl/workbook.xml": lambda part: doctype + part})


def protected() -> bytes:
    """A member that says it is encrypted."""
    content = bytearray(good())
    content[content.find(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def sheet_of(cells: list[list[object]]) -> bytes:
    """A workbook with one plain sheet; texts that begin with = are formulas."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    for number, line in enumerate(cells):
        sheet.write_row(number, 0, line)
    book.close()
    return stream.getvalue()


NAMES = ["reference", "category", "team", "worker"]


def four_lists() -> bytes:
    """One child on lists 6 to 9, and again on list 6 with other details."""
    return workbook({6: [row(6, 7), row(6, 7, team="Elsewhere")], 7: [row(7, 7)], 8: [row(8, 7)], 9: [row(9, 7)]})


def wide_sheet() -> bytes:
    """Ten thousand columns."""
    cells = b"".join(b'<c t="inlineStr"><is><t>c</t></is></c>' for _ in range(10_000))
    return in_sheet(b"<row>" + cells + b"</row>")


def text(content: str) -> Callable[[], bytes]:
    """A CSV file in UTF-8."""
    return lambda: content.encode()


FILES = [
    Hostile("empty", lambda: b"", REFUSED), Hostile("spaces only", lambda: b"  \n ", REFUSED),
    Hostile("only a mark of UTF-8", lambda: b"\xef\xbb\xbf", REFUSED),
    Hostile("ten megabytes of empty lines", lambda: b"\n" * 10 * MEGABYTE, REFUSED),
    Hostile("larger than 40 MB", lambda: b"1,2\n" * 11 * MEGABYTE, REFUSED),
    Hostile("not a zip", lambda: b"PK\x03\x04 but then nothing of the kind", REFUSED, "list.xlsx"),
    Hostile("zip of something else", lambda: rezipped(drop=["xl/workbook.xml"]), REFUSED, "list.xlsx"),
    Hostile("zip in a zip", lambda: rezipped(drop=["xl/workbook.xml"], extra={"a.xlsx": good()}), REFUSED),
    Hostile("workbook cut in half", lambda: good()[: len(good()) // 2], REFUSED, "list.xlsx"),
    Hostile("bomb, 300 MB", lambda: bomb(300), REFUSED, "list.xlsx"),
    Hostile("bomb, 10 MB to 10 GB", great_bomb, REFUSED, "list.xlsx"),
    Hostile("bomb that lies about its size", lying_bomb, REFUSED, "list.xlsx"),
    Hostile("members that overlap", overlapping, REFUSED, "list.xlsx"),
    Hostile("old or protected workbook", lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, REFUSED, "list.xls"),
    Hostile("encrypted member", protected, REFUSED, "list.xlsx"),
    Hostile("packed in a way Excel does not", lambda: rezipped(compression=zipfile.ZIP_BZIP2), REFUSED, "list.xlsx"),
    Hostile("path out of the folder", lambda: rezipped(extra={"../../etc/cron.d/x": b"x"}), REFUSED, "list.xlsx"),
    Hostile("absolute path", lambda: rezipped(extra={"/etc/passwd": b"x"}), REFUSED, "list.xlsx"),
    Hostile("too many members", lambda: rezipped(extra={f"xl/media/{n}.bin": b"" for n in range(1200)}), REFUSED),
    Hostile("cell at the far corner", lambda: far_cell("XFD1048576"), REFUSED, "list.xlsx"),
    Hostile("row beyond the world", lambda: far_cell("A99999999999"), REFUSED, "list.xlsx"),
    Hostile("far cell behind a long gap",
            lambda: in_sheet(b"<row><c" + b" " * 300_000 + b'r="XFD1048576"><v>1</v></c></row>'), REFUSED),
    Hostile("far cell behind a bracket",
            lambda: in_sheet(b"""<row><c s=">" r='xfd1048576'><v>1</v></c></row>"""), REFUSED),
    Hostile("far row of cells without a place",
            lambda: in_sheet(b'<x:row r="1048576"><x:c><x:v>1</x:v></x:c></x:row>'), REFUSED),
    Hostile("a million cells in one row", lambda: in_sheet(b"<row>" + b"<c><v>1</v></c>" * 1_000_000 + b"</row>"),
            REFUSED, "list.xlsx"),
    Hostile("a million rows, workbook", lambda: in_sheet(b"<row><c><v>1</v></c></row>" * 1_000_000), REFUSED),
    Hostile("a million rows, CSV", text(HEADING + LINE * 1_000_000), REFUSED),
    Hostile("ten thousand columns, workbook", wide_sheet, REFUSED, "list.xlsx"),
    Hostile("ten thousand columns, CSV", text(",".join(f"c{n}" for n in range(10_000)) + "\n"), REFUSED),
    Hostile("shared strings beyond memory", lambda: rezipped({"xl/sharedStrings.xml": lambda part: part.replace(
        b'uniqueCount="', b'uniqueCount="9999999999')}), REFUSED, "list.xlsx"),
    Hostile("far cell in disguise", lambda: in_sheet(b'<row><c r="&#88;FD1048576"><v>1</v></c></row>'), REFUSED),
    Hostile("entities that multiply", entities, REFUSED, "list.xlsx"),
    Hostile("quadratic XML", quadratic, REFUSED, "list.xlsx"),
    Hostile("external entity", outside, REFUSED, "list.xlsx"),
    Hostile("document type from afar", from_afar, REFUSED, "list.xlsx"),
    Hostile("XML that is nested a million deep", lambda: in_sheet(b"<a>" * 1_000_000), CLEAN, "list.xlsx"),
    Hostile("broken XML", lambda: rezipped({"xl/workbook.xml": lambda part: b"<workbook><sheets>"}), REFUSED),
    Hostile("XML with NUL bytes", lambda: rezipped({SHEET: lambda part: part + b"\x00" * 10}), REFUSED),
    Hostile("no sheet at all", lambda: rezipped(drop=[SHEET]), REFUSED, "list.xlsx"),
    Hostile("PDF", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 10, REFUSED, "list.pdf"),
    Hostile("picture", lambda: b"\x89PNG\r\n\x1a\n" + b"\x00\x01\x02" * 300, REFUSED, "list.png"),
    Hostile("gzip", lambda: gzip.compress((HEADING + LINE).encode()), REFUSED, "list.csv.gz"),
    Hostile("NUL bytes in CSV", lambda: (HEADING + "12,CIN,E\x00ast,A\n").encode(), REFUSED),
    Hostile("NUL byte deep in a CSV", lambda: (HEADING + LINE * 50_000 + "13,C\x00IN,E,A\n").encode(), REFUSED),
    Hostile("quotation mark never closed", text(HEADING + '12,CIN,"East,A\n13,CIN,E,A\n'), REFUSED),
    Hostile("text after a quotation mark", text(HEADING + '12,CIN,"East"2,A\n'), REFUSED),
    Hostile("a cell of a megabyte", text(HEADING + "12,CIN," + "x" * 1_000_000 + ",A\n"), REFUSED),
    Hostile("30 MB in one line", text("x" * 30 * MEGABYTE), REFUSED),
    Hostile("only a heading", text(HEADING), REFUSED), Hostile("one word", text("hello"), REFUSED),
    Hostile("web page", text("<html><body><table><tr><td>reference</td></tr></table></body></html>"), REFUSED),
    Hostile("JSON", text('{"reference": 12}'), REFUSED),
    Hostile("bytes of no alphabet", lambda: b"\x81\x8d\x8f\x90\x9d" * 50, REFUSED),
    Hostile("half of UTF-16", lambda: b"\xff\xfe" + HEADING.encode("utf-16-le")[:-1], REFUSED),
    Hostile("ragged rows", text(HEADING + "12\n13,CIN,E,A\n14,CIN,E,A,B,C\n"), CLEAN),
    Hostile("duplicates", text(HEADING + "12,CIN,E,A\n12,CP,E,B\n12,CIN,E,A\n"), CLEAN),
    Hostile("a child on four lists", four_lists, CLEAN, "list.xlsx"),
    Hostile("mixed date orders", text(HEADING.strip() + ",referral date\n1,CIN,E,A,13/02/2026\n2,CIN,E,A,02/13/2026\n"
                                      "3,CIN,E,A,2026-02-13\n"), CLEAN),
    Hostile("years 1900 and 2199", text(HEADING.strip() + ",referral date\n1,CIN,E,A,01/01/1900\n"
                                        "2,CIN,E,A,01/01/2199\n3,CIN,E,A,01/02/2026\n"), CLEAN),
    Hostile("formulas", lambda: sheet_of([NAMES, ["12", "CIN", '=HYPERLINK("http://x")', "=1+1"]]), CLEAN),
    Hostile("formula text in CSV", text(HEADING + "12,CIN,=1+1,@SUM(A1)\n=2,CIN,E,A\n"), CLEAN),
    Hostile("script", text(HEADING + "12,CIN,<script>alert(1)</script>,A\n"), CLEAN),
    Hostile("paths as names of teams", text(HEADING + "12,CIN,../../etc/passwd,A\n../12,CIN,E,A\n"), CLEAN),
    Hostile("old Mac line ends", text((HEADING + LINE).replace("\n", "\r")), CLEAN),
    Hostile("right to left and emoji", text(HEADING + "12,CIN,\u202eteam,😀\n"), CLEAN),
    Hostile("one name in a million signs, cut", text(HEADING + "12,CIN," + "x" * 30_000 + ",A\n"), CLEAN),
    Hostile("UTF-16 without a mark", lambda: (HEADING + LINE).encode("utf-16-le"), CLEAN),
    Hostile("Windows letters", lambda: (HEADING + "12,CIN,Équipe,Zoë\n").encode("cp1252"), CLEAN),
    Hostile("macro workbook renamed", lambda: rezipped(extra={"xl/vbaProject.bin": b"\x00macro"}), CLEAN, "list.xlsx"),
    Hostile("pictures in a workbook", lambda: rezipped(extra={"xl/media/a.png": b"\x89PNG\x00"}), CLEAN, "list.xlsx"),
    Hostile("a name that climbs", text(HEADING + LINE), CLEAN, "../../../etc/passwd"),
    Hostile("a name of another system", text(HEADING + LINE), CLEAN, "C:\\Windows\\system32\\list.csv"),
    Hostile("a name that turns round", text(HEADING + LINE), CLEAN, "list\u202evsc.exe"),
    Hostile("a name without end", text(HEADING + LINE), CLEAN, "a" * 5_000 + ".csv"),
]
