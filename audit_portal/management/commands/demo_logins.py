"""`manage.py demo_logins`: whom one can be in the demo, and how."""

from django.conf import settings
from django.core.management.base import BaseCommand

from audit_portal.demo import cards


class Command(BaseCommand):
    """The people of the sign-in page. They have no password: one click is enough."""

    help = __doc__

    def handle(self, *args, **options):
        """One line for each."""
        people = cards() if settings.DEMO_LOGINS else []
        if not people:
            self.stdout.write("There are no demo log-ins here.")
            return
        self.stdout.write(f"Sign in at {settings.PUBLIC_URL}/sign-in/ with one click, no password:")
        wide = max(len(card.role) for card in people)
        for card in people:
            self.stdout.write(f"  {card.role:<{wide}}  {card.staff.name}")
