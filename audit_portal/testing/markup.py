"""A page as a browser takes it apart, for tests that ask what became an element and what stayed text."""

import re
from html.parser import HTMLParser

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with these a spreadsheet takes a cell for a formula


class Page(HTMLParser):
    """What a browser sees of a page: its elements with the names of their attributes, and its text."""

    def __init__(self, content: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements, self.values, self.words, self.inside = [], [], [], ""
        self.scripts = []
        self.feed(content.decode())
        self.close()
        self.text = squeezed("".join(self.words))

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, tuple(sorted(name for name, _ in attrs))))
        self.values += [(name, value or "") for name, value in attrs]
        self.inside = tag

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        self.words.append(data)
        if self.inside in {"script", "style"} and data.strip():
            self.scripts.append(data)


def squeezed(text: str) -> str:
    """Every run of blanks as one."""
    return re.sub(r"\s+", " ", text)
