"""Files that mean harm or are simply broken: each one a clear sentence or a clean reading, never a fault."""

import io
import struct
import zipfile
import zlib
from datetime import date

import pytest
import xlsxwriter

from casefiles.reading.results import BadFile
from casefiles.tests.reading import read_cases, read_people
from casefiles.tests.workbook import row, workbook

TODAY = date(2026, 11, 18)
HEADING = "reference,category,team,worker\n"
GOOD = workbook({6: [row(6, 1)]})
SHEET = "xl/worksheets/sheet1.xml"


def rezipped(changes=None, drop=(), extra=None):
    """The good workbook with some parts changed, dropped or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in drop:
                new.writestr(name, (changes or {}).get(name, lambda part: part)(old.read(name)))
        for name, part in (extra or {}).items():
            new.writestr(name, part)
    return stream.getvalue()


def bomb(megabytes):
    return rezipped(extra={"xl/worksheets/sheet9.xml": b"\x20" * (megabytes * 1024 * 1024)})


def lying_bomb():
    """A zip whose headers say, size and checksum alike, that its largest part is ten bytes long."""
    content = bytearray(bomb(200))
    directory = content.rfind(b"PK\x01\x02", 0, content.rfind(b"sheet9.xml"))
    local = content.rfind(b"PK\x03\x04", 0, content.find(b"sheet9.xml"))
    for start, place in ((directory, 16), (local, 14)):
        struct.pack_into("<I", content, start + place, zlib.crc32(b" " * 10))
        struct.pack_into("<I", content, start + place + 8, 10)
    return bytes(content)


def far_cell(reference):
    far = f'<row r="9"><c r="{reference}"><v>1</v></c></row></sheetData>'.encode()
    return rezipped({SHEET: lambda part: part.replace(b"</sheetData>", far)})


def in_sheet(rows):
    return rezipped({SHEET: lambda part: part.replace(b"</sheetData>", rows + b"</sheetData>")})


def entities():
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return rezipped({SHEET: lambda part: part.replace(b"<worksheet", doctype + b"<worksheet", 1)})


def outside():
    doctype = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    return rezipped({"xl/sharedStrings.xml": lambda part: part.replace(b"<sst", doctype + b"<sst", 1)})


def protected():
    content = bytearray(GOOD)
    start = content.find(b"PK\x01\x02")
    content[start + 8] |= 1
    return bytes(content)


REFUSED = {
    "empty": b"", "spaces only": b"  \n ", "not a zip": b"PK\x03\x04 but then nothing of the kind",
    "zip of something else": rezipped(drop=["xl/workbook.xml"]), "cut in half": GOOD[: len(GOOD) // 2],
    "bomb": bomb(300), "bomb that lies about its size": lying_bomb(),
    "old or protected": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "encrypted member": protected(), "path out of the folder": rezipped(extra={"../../etc/cron.d/x": b"x"}),
    "absolute path": rezipped(extra={"/etc/passwd": b"x"}), "too many members": rezipped(
        extra={f"xl/media/{number}.bin": b"" for number in range(1200)}),
    "cell at the far corner": far_cell("XFD1048576"), "row beyond the world": far_cell("A99999999999"),
    "far cell behind a long gap": in_sheet(b"<row><c" + b" " * 300_000 + b'r="XFD1048576"><v>1</v></c></row>'),
    "far cell behind a bracket": in_sheet(b"""<row><c s=">" r='xfd1048576'><v>1</v></c></row>"""),
    "far row of cells without a place": in_sheet(b'<x:row r="1048576"><x:c><x:v>1</x:v></x:c></x:row>'),
    "a million cells without a place": in_sheet(b"<row>" + b"<c><v>1</v></c>" * 1_000_000 + b"</row>"),
    "a million rows without a place": in_sheet(b"<row><c><v>1</v></c></row>" * 1_000_000),
    "shared strings beyond memory": rezipped({"xl/sharedStrings.xml": lambda part: part.replace(
        b'uniqueCount="', b'uniqueCount="9999999999')}),
    "far cell in disguise": in_sheet(b'<row><c r="&#88;FD1048576"><v>1</v></c></row>'),
    "quadratic entities": entities(), "external entity": outside(),
    "broken xml": rezipped({"xl/workbook.xml": lambda part: b"<workbook><sheets>"}),
    "xml with nul bytes": rezipped({SHEET: lambda part: part + b"\x00" * 10}),
    "no sheet at all": rezipped(drop=[SHEET]), "pdf": b"%PDF-1.7\n" + bytes(range(256)) * 10,
    "picture": b"\x89PNG\r\n\x1a\n" + b"\x00\x01\x02" * 300,
    "nul bytes in csv": (HEADING + "12,CIN,E\x00ast,A\n").encode(),
    "quotation mark never closed": (HEADING + '12,CIN,"East,A\n13,CIN,E,A\n').encode(),
    "text after a quotation mark": (HEADING + '12,CIN,"East"2,A\n').encode(),
    "ten thousand columns": (",".join(f"c{number}" for number in range(10_000)) + "\n").encode(),
    "a cell of a megabyte": (HEADING + "12,CIN," + "x" * 1_000_000 + ",A\n").encode(),
    "only a heading": HEADING.encode(), "one word": b"hello",
    "html": b"<html><body><table><tr><td>reference</td></tr></table></body></html>",
    "json": b'{"reference": 12}', "bytes of no alphabet": b"\x81\x8d\x8f\x90\x9d" * 50,
    "half of utf-16": b"\xff\xfe" + HEADING.encode("utf-16-le")[:-1],
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("read", [lambda content: read_cases(content, TODAY), read_people], ids=["cases", "people"])
def test_a_file_that_cannot_be_read_gets_one_sentence(name, read):
    with pytest.raises(BadFile) as bad:
        read(REFUSED[name])
    sentence = str(bad.value)
    assert sentence.endswith((".", "?")) and sentence[0].isupper() and len(sentence) < 500


def with_formula():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["reference", "category", "team", "worker"])
    sheet.write_formula(1, 0, "=10+2", value=12)
    sheet.write_row(1, 1, ["CIN", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0"])
    book.close()
    return stream.getvalue()


CLEAN = {
    "ragged": (HEADING + "12\n13,CIN,E,A\n14,CIN,E,A,B,C\n").encode(),
    "duplicates": (HEADING + "12,CIN,E,A\n12,CP,E,B\n12,CIN,E,A\n").encode(),
    "mixed dates": (HEADING.strip() + ",referral date\n1,CIN,E,A,13/02/2026\n2,CIN,E,A,02/13/2026\n"
                    "3,CIN,E,A,2026-02-13\n").encode(),
    "years 1900 and 2199": (HEADING.strip() + ",referral date\n1,CIN,E,A,01/01/1900\n2,CIN,E,A,01/01/2199\n"
                            "3,CIN,E,A,01/02/2026\n").encode(),
    "formulas": with_formula(), "formula text": (HEADING + "12,CIN,=1+1,@SUM(A1)\n=2,CIN,E,A\n").encode(),
    "script": (HEADING + "12,CIN,<script>alert(1)</script>,A\n").encode(),
    "path names": (HEADING + "12,CIN,../../etc/passwd,A\n../12,CIN,E,A\n").encode(),
    "old Mac line ends": (HEADING + "12,CIN,E,A\n").replace("\n", "\r").encode(),
    "right to left and emoji": (HEADING + "12,CIN,\u202eteam,😀\n").encode(),
}


@pytest.mark.parametrize("name", CLEAN)
def test_a_list_with_bad_rows_gives_the_good_ones_and_names_the_bad(name):
    reading = read_cases(CLEAN[name], TODAY)
    assert reading.rows
    assert all(bad.row and bad.reason and bad.todo for bad in reading.refused)


def test_every_bad_row_of_the_dates_is_refused():
    assert [bad.reference for bad in read_cases(CLEAN["mixed dates"], TODAY).refused] == ["2"]
    assert [bad.reference for bad in read_cases(CLEAN["years 1900 and 2199"], TODAY).refused] == ["1", "2"]


def test_a_formula_is_read_as_its_result():
    assert [found.reference for found in read_cases(CLEAN["formulas"], TODAY).rows] == ["12"]


def test_sizes_in_headers_are_not_believed():
    with zipfile.ZipFile(io.BytesIO(lying_bomb())) as archive:
        assert archive.getinfo("xl/worksheets/sheet9.xml").file_size == 10
    with pytest.raises(BadFile, match="too large when it is unpacked"):
        read_cases(lying_bomb(), TODAY)


def test_macros_and_pictures_are_not_even_looked_into():
    content = rezipped(extra={"xl/vbaProject.bin": b"\x00macro", "xl/media/a.png": b"\x89PNG\x00"})
    assert len(read_cases(content, TODAY).rows) == 1
