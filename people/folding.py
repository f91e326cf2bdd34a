"""Folding of names: how lists sort and how imports match, whatever a system's capitals and spaces."""

import re
import unicodedata

_SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")


def fold(name: str) -> str:
    """Lower case without accents, curly quotes or double spaces; "Nowak, Tomasz" becomes "tomasz nowak"."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "'"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = _SPACES.sub(" ", plain).strip().casefold()
    surname, comma, first = plain.partition(", ")
    return f"{first} {surname}" if comma and first and "," not in first else plain
