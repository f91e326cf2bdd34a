"""Which function does which kind of job; apps register theirs when they start."""

from collections.abc import Callable
from typing import Any

Work = Callable[[dict[str, Any]], str]

_work: dict[str, Work] = {}


def register(kind: str, work: Work) -> None:
    """`work(arguments)` does the job and gives the address of its outcome; it tells jobs.progress how far it is."""
    _work[kind] = work


def work_for(kind: str) -> Work:
    """The function for a kind; KeyError where none is registered."""
    return _work[kind]
