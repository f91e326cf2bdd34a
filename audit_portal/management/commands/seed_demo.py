"""`manage.py seed_demo [--on DATE]`: fill an empty installation with the invented council of Northbrook."""

from datetime import date
from time import perf_counter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit_portal.demo_council.council import make_demo
from audit_portal.demo_council.months import moment_of
from audits.models import Audit
from calendars.rules import london_date
from casefiles.models import CaseFile
from people.models import Staff
from programmes.models import ProgrammeVersion


class Command(BaseCommand):
    """Four services, twelve teams, four months of work; only where nobody works yet, never in production."""

    help = __doc__

    def add_arguments(self, parser):
        """`--on` is the day on which the demo begins: today, unless another day is given."""
        parser.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD")

    def handle(self, *args, on: date | None, **options):
        """Say what there is and how long it took."""
        now = timezone.now()
        on = on or london_date(now)
        self.check_can_seed(on, london_date(now))
        began = perf_counter()
        make_demo(on=on, now=moment_of(on, now))
        self.stdout.write(
            f"{settings.COUNCIL_NAME}, invented: {Staff.objects.working().count()} people, "
            f"{CaseFile.objects.open().count()} case files, {Audit.objects.count()} audits "
            f"in {perf_counter() - began:.0f} s."
        )

    def check_can_seed(self, on: date, today: date) -> None:
        """Refuse where it would mix with real people, and what cannot be true."""
        if settings.PRODUCTION:
            raise CommandError("The demo council is never loaded in production.")
        if Staff.objects.working().exists():
            raise CommandError("There are people here already. The demo council is loaded into an empty installation.")
        if not ProgrammeVersion.objects.published().exists():
            raise CommandError("Load the programmes first: manage.py load_programmes.")
        if on > today:
            raise CommandError("The demo cannot begin in the future: give --on a day that has come.")
