"""Locks of the whole database: the tick and the packing of e-mails wait for each other, writers never do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

PACKING = 7_701_001


@contextmanager
def while_ticking() -> Iterator[None]:
    """Held by every tick, several at a time; it goes with the connection where the worker is killed."""
    _ask("SELECT pg_advisory_lock_shared(%s)", PACKING)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _ask("SELECT pg_advisory_unlock_shared(%s)", PACKING)


def may_pack() -> bool:
    """Whether nobody ticks or packs: then it is ours until the transaction ends."""
    return _ask("SELECT pg_try_advisory_xact_lock(%s)", PACKING)


def _ask(statement: str, *values: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]
