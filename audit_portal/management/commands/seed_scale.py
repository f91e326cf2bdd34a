"""`manage.py seed_scale county|national`: fill an empty installation with an invented council of a size."""

from datetime import date
from time import perf_counter

from django.core.management.base import CommandParser

from audit_portal.management.commands import seed_demo
from audit_portal.scale.council import make_scale
from audit_portal.scale.sizes import SIZES
from audits.models import Audit
from calendars.rules import today_in_london
from casefiles.models import CaseFile
from people.models import Auditor, Staff


class Command(seed_demo.Command):
    """A county is 500 auditors, 10,000 open case files, 20,000 audits; national ten times that. Never in production."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """The size, and the day up to which the history goes."""
        parser.add_argument("size", choices=sorted(SIZES))
        parser.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD")

    def handle(self, *args, size: str, on: date | None, **options) -> None:
        """Say what there is and how long it took."""
        today = today_in_london()
        on = on or today
        self.check_can_seed(on, today)
        began = perf_counter()
        make_scale(SIZES[size], on)
        self.stdout.write(
            f"Invented, {size}: {Staff.objects.working().count():,} people, {Auditor.objects.count():,} auditors, "
            f"{CaseFile.objects.open().count():,} open case files, {Audit.objects.count():,} audits "
            f"in {perf_counter() - began:.0f} s.")
