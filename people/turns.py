"""Changes of people wait for each other, and for imports: what one has checked another does not undo."""

from django.db import connection


def take_turn() -> None:
    """Held until the transaction ends. The first statement of a verb, so that nobody waits in a ring."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('casefiles.import'))")
