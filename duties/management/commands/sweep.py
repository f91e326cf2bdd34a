"""`manage.py sweep [--now ISO] [--dry-run]`: check every record against the open duties, put right what is not."""

from django.core.management.base import BaseCommand

from calendars.rules import london_date
from calendars.words import count
from duties.comparing import findings
from duties.management.moments import moment_of
from duties.sweep import begin, carry_on


class Command(BaseCommand):
    """The nightly check by hand, for operators. Its report is on the status page too."""

    help = __doc__

    def add_arguments(self, parser):
        """`--now` with an offset, such as 2026-11-30T09:00:00+00:00."""
        parser.add_argument("--now")
        parser.add_argument("--dry-run", action="store_true", help="say what is wrong and change nothing")

    def handle(self, *args, **options):
        """Say what is wrong, or what was put right."""
        now = moment_of(options["now"])
        if options["dry_run"]:
            found = sorted(set(findings(london_date(now))))
            self.stdout.write("\n".join([*map(str, found), f"{count(len(found), 'thing')} wrong, nothing changed."]))
            return
        sweep, _ = begin(at=now)
        carry_on(sweep, at=now)
        for row in sweep.details:
            self.stdout.write(" ".join(str(value) for value in row.values()))
        done = f"{sweep.opened} opened, {sweep.closed} closed, {sweep.moved} given to another holder"
        self.stdout.write(f"{sweep.checked} looked at: {done}.")
