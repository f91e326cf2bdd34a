"""Which function does which kind of job; apps register theirs when they start."""

from collections.abc import Callable
from typing import Any

Report = Callable[[int, int, str], None]
Work = Callable[[dict[str, Any], Report], str]

_work: dict[str, Work] = {}


def register(kind: str, work: Work) -> None:
    """`work(arguments, report)` does the job and gives the address of its outcome."""
    _work[kind] = work


def work_for(kind: str) -> Work:
    """The function for a kind; KeyError where none is registered."""
    return _work[kind]
