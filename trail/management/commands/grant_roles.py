"""`manage.py grant_roles`: give the database roles their rights. Run as the owner, after each migration."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.utils import ProgrammingError

from trail.grants import grant_roles


class Command(BaseCommand):
    """Safe to run at every start."""

    help = __doc__

    @transaction.atomic
    def handle(self, *args, **options):
        """Run the statements in one transaction."""
        try:
            grant_roles()
        except ProgrammingError as error:
            raise CommandError(
                "The database roles could not be set. Run this as the owner of the database, "
                f"who may create roles (docs/deploy.md). PostgreSQL says: {str(error).splitlines()[0]}"
            ) from error
        self.stdout.write("The roles portal_app and portal_bi have their rights.")
