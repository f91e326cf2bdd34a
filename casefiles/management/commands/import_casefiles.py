"""`manage.py import_casefiles FILE [--confirm] [--json] [--as STAFF_REFERENCE]`: an Annex A workbook or a list."""

from casefiles.commands import ImportCommand
from casefiles.models import Import


class Command(ImportCommand):
    """Case files."""

    help = __doc__
    kind = Import.Kind.CASE_FILES
