"""A beat that sends every message three times (`celery beat --scheduler bench.faults.thrice:Thrice`)."""

from celery.beat import PersistentScheduler

TIMES = 3


class Thrice(PersistentScheduler):
    """Celery's own schedule, in which each entry is delivered three times."""

    def apply_async(self, entry, producer=None, advance=True, **kwargs):
        """Send it, and send it again; only the first moves the schedule on."""
        sent = super().apply_async(entry, producer=producer, advance=advance, **kwargs)
        for _ in range(TIMES - 1):
            super().apply_async(entry, producer=producer, advance=False, **kwargs)
        return sent
