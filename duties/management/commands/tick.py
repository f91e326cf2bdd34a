"""`manage.py tick [--now ISO]`: fire the rungs that have come, then send what waits."""

from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from duties.delivery import drain
from duties.tick import tick


class Command(BaseCommand):
    """One tick and one drain, for operators and tests."""

    help = __doc__

    def add_arguments(self, parser):
        """`--now` with an offset, such as 2026-11-30T09:00:00+00:00."""
        parser.add_argument("--now")

    def handle(self, *args, **options):
        """Run both at the same moment."""
        now = timezone.now()
        if options["now"]:
            try:
                now = datetime.fromisoformat(options["now"])
            except ValueError as error:
                raise CommandError(
                    f"--now is not a date and time: {error}. For example 2026-11-30T09:00:00+00:00."
                ) from error
            if now.tzinfo is None:
                raise CommandError("--now needs an offset. For example 2026-11-30T09:00:00+00:00.")
        self.stdout.write(f"{tick(now)} duties reached a rung, {drain(now)} e-mails sent.")
