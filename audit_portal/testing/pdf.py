"""The text of a PDF that WeasyPrint made, for tests: read by way of each font's table of signs."""

import re
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
RANGES = re.compile(rb"<([0-9a-fA-F]+)> <([0-9a-fA-F]+)>")
SHOWN = re.compile(rb"/(\S+) [\d.]+ Tf|\[(.*?)\] ?TJ|<([0-9a-fA-F]+)> ?Tj", re.DOTALL)


def text_of(pdf: bytes) -> str:
    """All text, a space between its parts."""
    objects = _objects(pdf)
    fonts = _fonts(objects)
    parts = [part for body, stream in objects.values() if b"Tf" in stream for part in _shown(stream, fonts)]
    return re.sub(r"\s+", " ", " ".join(parts))


def _objects(pdf: bytes) -> dict[int, tuple[bytes, bytes]]:
    """Each object's own text and the content of its stream; also those packed into streams."""
    found = {}
    for number, body in OBJECT.findall(pdf):
        stream = STREAM.search(body)
        content = _content(body, stream) if stream else b""
        found[int(number)] = (body[: stream.start()] if stream else body, _unpacked(body, content))
    for body, content in list(found.values()):
        if b"/ObjStm" in body:
            found |= _packed(body, content)
    return found


def _content(body: bytes, stream: re.Match[bytes]) -> bytes:
    """As long as it says: its own last byte may look like the line break before `endstream`."""
    length = re.search(rb"/Length (\d+)", body[: stream.start()])
    return body[stream.start(1) :][: int(length.group(1))] if length else stream.group(1)


def _unpacked(body: bytes, content: bytes) -> bytes:
    return zlib.decompress(content) if b"/FlateDecode" in body and content else content


def _packed(body: bytes, content: bytes) -> dict[int, tuple[bytes, bytes]]:
    first = int(re.search(rb"/First (\d+)", body).group(1))
    numbers = list(map(int, content[:first].split()))
    pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
    ends = [offset for _, offset in pairs[1:]] + [len(content) - first]
    return {number: (content[first + start : first + end], b"")
            for (number, start), end in zip(pairs, ends, strict=True)}


def _fonts(objects: dict[int, tuple[bytes, bytes]]) -> dict[bytes, dict[int, str]]:
    """For each name of a font, what its signs mean."""
    names = {name: int(number) for body, stream in objects.values()
             for name, number in re.findall(rb"/([^\s/]+) (\d+) 0 R", body + (b"" if b"Tf" in stream else stream))}
    tables = {}
    for name, number in names.items():
        found = re.search(rb"/ToUnicode (\d+) 0 R", objects.get(number, (b"", b""))[0])
        if found:
            tables[name] = _table(objects[int(found.group(1))][1])
    return tables


def _table(cmap: bytes) -> dict[int, str]:
    return {int(sign, 16): bytes.fromhex(word.decode()).decode("utf-16-be") for sign, word in RANGES.findall(cmap)
            if len(word) % 4 == 0}


def _shown(stream: bytes, fonts: dict[bytes, dict[int, str]]):
    table: dict[int, str] = {}
    for font, many, one in SHOWN.findall(stream):
        if font:
            table = fonts.get(font, {})
            continue
        signs = b"".join(re.findall(rb"<([0-9a-fA-F]+)>", many)) or one
        yield "".join(table.get(int(signs[at : at + 4], 16), "") for at in range(0, len(signs), 4))


def is_tagged(pdf: bytes, *, has_tables: bool = True) -> bool:
    """Whether a screen reader finds headings, tables (where it has any) and reading order in it."""
    bodies = [body for body, _ in _objects(pdf).values()]
    return all(any(word in body for body in bodies) for word in (b"/StructTreeRoot", b"/H1", *[b"/TH"] * has_tables))


def facts_of(pdf: bytes) -> dict[str, object]:
    """What the document says of itself: tagged or not, language, title, whether the title is shown, PDF/UA part."""
    objects = _objects(pdf)
    bodies = [body for body, _ in objects.values()]
    catalog = next(body for body in bodies if b"/Catalog" in body)
    about = b"".join(stream for body, stream in objects.values() if b"/Metadata" in body)
    title = re.search(rb"<rdf:li[^>]*>(.*?)</rdf:li>", about[about.index(b"dc:title"):], re.DOTALL)
    part = re.search(rb"pdfuaid:part(?:>|=\")(\d)", about)
    lang = re.search(rb"/Lang ?\(([^)]*)\)", catalog)
    return {
        "marked": bool(re.search(rb"/MarkInfo ?<<[^>]*/Marked true", catalog)),
        "lang": lang.group(1).decode() if lang else None,
        "shows_title": b"/DisplayDocTitle true" in catalog,
        "title": title.group(1).decode() if title else None,
        "part": part.group(1).decode() if part else None,
    }


def pages_of(pdf: bytes) -> int:
    """How many pages it has."""
    return sum(b"/Type /Page/" in body for body, _ in _objects(pdf).values())


def tags_of(pdf: bytes) -> list[tuple[str, str]]:
    """Every tag in the order in which a screen reader comes to it, with the text below it."""
    objects = _objects(pdf)
    marked, fonts = {}, _fonts(objects)
    for number, (body, _) in objects.items():
        if page := re.search(rb"/Type /Page/.*?/Contents (\d+) 0 R", body, re.DOTALL):
            marked |= {(number, mark): text for mark, text in _marked(objects[int(page.group(1))][1], fonts)}
    root = next(number for number, (body, _) in objects.items() if b"/Type /StructTreeRoot" in body)
    found: list[tuple[str, str]] = []
    for kid in _kids(objects[root][0])[0]:
        _read(kid, objects, marked, found)
    return found


MARKED = re.compile(rb"/MCID (\d+)>>\s*BDC(.*?)EMC|/(\S+) [\d.]+ Tf", re.DOTALL)


def _marked(stream: bytes, fonts: dict[bytes, dict[int, str]]):
    """Each marked piece of a page with its text; a font set in one piece counts in the next."""
    font = b""
    for mark, piece, other in MARKED.findall(stream):
        begun = b"/" + font + b" 1 Tf " + piece if font else piece
        used = re.findall(rb"/(\S+) [\d.]+ Tf", piece)
        font = other or (used[-1] if used else font)
        if mark:
            yield int(mark), "".join(_shown(begun, fonts))


def _kids(body: bytes) -> tuple[list[int], list[int]]:
    """The elements below one, and the pieces of its page that it holds itself."""
    inside = re.search(rb"/K \[([^\]]*)\]", body)
    words = inside.group(1) if inside else b""
    return [int(n) for n in re.findall(rb"(\d+) 0 R", words)], [
        int(n) for n in re.findall(rb"\d+", re.sub(rb"\d+ 0 R", b"", words))]


def _read(number: int, objects, marked, found: list[tuple[str, str]]) -> str:
    body = objects[number][0]
    tag, page = re.search(rb"/S /(\w+)", body).group(1).decode(), re.search(rb"/Pg (\d+) 0 R", body)
    place, (kids, pieces) = len(found), _kids(body)
    found.append((tag, ""))
    own = [marked.get((int(page.group(1)), piece), "") for piece in pieces] if page else []
    text = re.sub(r"\s+", " ", " ".join([*own, *(_read(kid, objects, marked, found) for kid in kids)])).strip()
    found[place] = (tag, text)
    return text
