"""How far the job that runs now is. Where none runs, nobody hears it: the same code serves pages and jobs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Report = Callable[[int, int, str], None]
_report: ContextVar[Report | None] = ContextVar("report", default=None)


def tell(done: int, of: int, message: str) -> None:
    """So many steps of so many are done; `of` is 0 where nobody knows how many there are."""
    if report := _report.get():
        report(done, of, message)


@contextmanager
def heard_by(report: Report) -> Iterator[None]:
    """Within this, `report` hears of progress."""
    token = _report.set(report)
    try:
        yield
    finally:
        _report.reset(token)
