"""What differs between two texts, word by word: what was taken out, what was put in."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

WORDS = re.compile(r"\S+\s*|\s+")
LINES = re.compile(r"[^\n]*\n|[^\n]+")
MOST_WORDS = 4000  # above that, whole lines are compared: words of a long text would take seconds
SAME, OUT, IN = "same", "out", "in"


class Run(NamedTuple):
    """A stretch of text that both have, that only the first has (out), or only the second (in)."""

    kind: str
    text: str


def differences(before: str, after: str) -> list[Run]:
    """The second text as runs, with what it lacks of the first at its place."""
    pattern = WORDS if len(before) + len(after) < MOST_WORDS * 6 else LINES
    old, new = pattern.findall(before), pattern.findall(after)
    runs = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            runs.append(Run(SAME, "".join(new[c:d])))
            continue
        runs += [Run(kind, "".join(words)) for kind, words in ((OUT, old[a:b]), (IN, new[c:d])) if words]
    return runs
