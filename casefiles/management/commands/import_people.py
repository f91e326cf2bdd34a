"""`manage.py import_people FILE [--confirm] [--json]`: units and staff. Works on an empty installation too."""

from casefiles.commands import ImportCommand
from casefiles.models import Import
from people.lines import system_actor
from people.models import Staff


class Command(ImportCommand):
    """Units and staff."""

    help = __doc__
    kind = Import.Kind.PEOPLE

    def actor(self, reference: str | None) -> Staff:
        """The portal itself where nobody is there yet."""
        return super().actor(reference) if Staff.objects.working().exists() else system_actor()
