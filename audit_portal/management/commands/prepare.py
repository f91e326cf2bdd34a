"""`manage.py prepare [--empty]`: everything a start needs of the database, in one process."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

from people.models import Staff


class Command(BaseCommand):
    """Migrations, cache table, roles, programmes; the demo council on the first start."""

    help = __doc__

    def add_arguments(self, parser):
        """`--empty` leaves the demo council out."""
        parser.add_argument("--empty", action="store_true")

    def handle(self, *args, empty: bool, **options):
        """Each step says what it did only where it did something new."""
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        call_command("grant_roles", verbosity=0)
        call_command("load_programmes", verbosity=0)
        if not empty and not Staff.objects.working().exists():
            call_command("seed_demo")
