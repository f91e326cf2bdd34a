"""`manage.py tick [--now ISO]`: fire the rungs that have come, count for leaders what is due, then send what waits."""

from django.core.management.base import BaseCommand

from duties.delivery import drain
from duties.digests import make_if_due
from duties.management.moments import moment_of
from duties.tick import tick


class Command(BaseCommand):
    """One tick and one drain, for operators and tests."""

    help = __doc__

    def add_arguments(self, parser):
        """`--now` with an offset, such as 2026-11-30T09:00:00+00:00."""
        parser.add_argument("--now")

    def handle(self, *args, **options):
        """Run all at the same moment."""
        now = moment_of(options["now"])
        reached = tick(now)
        if digest := make_if_due(now):
            self.stdout.write(f"{digest} made.")
        self.stdout.write(f"{reached} duties reached a rung, {drain(now)} e-mails sent.")
