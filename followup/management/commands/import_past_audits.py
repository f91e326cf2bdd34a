"""`manage.py import_past_audits FILE [--confirm] [--json] [--as STAFF_REFERENCE]`: audits from before the portal."""

from casefiles.commands import ImportCommand
from casefiles.models import Import


class Command(ImportCommand):
    """Past audits."""

    help = __doc__
    kind = Import.Kind.PAST_AUDITS
