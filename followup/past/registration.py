"""Past audits as a kind of list to import, registered when the app starts."""

from casefiles.kinds import ImportKind, register
from casefiles.models import Import
from followup.past.plan import PastPlan
from followup.past.reading import read
from followup.past.writing import write
from followup.permissions import check_can_take_over


def register_list() -> None:
    """Names it to the import pages and to the command."""
    register(ImportKind(Import.Kind.PAST_AUDITS, check_can_take_over, read, PastPlan, write))
