"""The audits of one case, for its page."""

from typing import Any

from django.db.models import Exists, OuterRef

from audits.models import Audit
from casefiles.models import CaseFile
from people.models import Staff


def audits_of_case(staff: Staff, case_file: CaseFile) -> dict[str, Any]:
    """Those that `staff` may know of, newest first; the grade only where they may read the text."""
    readable = Audit.objects.content_visible_to(staff).filter(pk=OuterRef("pk"))
    audits = Audit.objects.visible_to(staff).filter(case_file=case_file).with_people()
    return {"audits": list(audits.annotate(may_read=Exists(readable)).order_by("-month", "-number"))}
