"""Small turns of phrase for the sentences about workflows."""

from collections.abc import Sequence


def in_sentence(noun: str) -> str:
    """A noun as it stands inside a sentence: "Audit" becomes "audit", "P&Q check" stays."""
    starts_like_a_word = len(noun) < 2 or noun[1].islower() or noun[1] == " "
    return noun[:1].lower() + noun[1:] if starts_like_a_word else noun


def as_heading(noun: str) -> str:
    """A noun as it stands at the head of a section."""
    return noun[:1].upper() + noun[1:]


def joined(items: Sequence[str]) -> str:
    """ "a", "a or b", "a, b or c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} or {items[-1]}"
