"""Changes of people wait for each other, and for imports: what one has checked another does not undo."""

from django.db import connection


def take_turn() -> None:
    """Held until the transaction ends. The first statement of a verb, so that nobody waits in a ring."""
    _ask("SELECT pg_advisory_xact_lock(hashtext('casefiles.import'))")


def change_pool() -> None:
    """Before a verb that makes the pool of auditors larger or smaller: whoever counts it, or has counted, is waited
    for (S1-07).
    """
    _ask("SELECT pg_advisory_xact_lock(hashtext('people.pool'))")


def keep_pool() -> None:
    """Before the pool is counted for a limit: it stays as it is until the transaction ends. Many may count at once."""
    _ask("SELECT pg_advisory_xact_lock_shared(hashtext('people.pool'))")


def _ask(lock: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(lock)
