"""P&Q’s duty to give an auditor another case: open while a connection or a closed or restricted case asks for it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from audits.knowing import BEFORE_SHARING, needs_another_case
from audits.models import Audit
from calendars.calendar import working_days_after
from duties.models import Duty
from duties.workflow import close_duty, open_duty
from people.models import Staff
from people.roles import Role

WITHIN_WORKING_DAYS = 2


@transaction.atomic
def follow_availability(case_file_ids: Iterable[int], by: Staff, at: datetime) -> None:
    """Case files were closed or restricted, or are open again: what follows for their audits not shared yet."""
    audits = Audit.objects.filter(case_file__in=case_file_ids, status__in=BEFORE_SHARING, is_past=False)
    for audit in audits.select_related("case_file", "auditor").select_for_update(of=("self",)).order_by("pk"):
        bring_up_to_date(audit, by=by, at=at)


def bring_up_to_date(audit: Audit, *, by: Staff, at: datetime) -> None:
    """Open the duty where another case is needed, close it where it is not any more."""
    is_open, is_needed = Duty.objects.open().of(audit, "audit.substitute").exists(), needs_another_case(audit)
    if is_needed and not is_open:
        open_duty("audit.substitute", audit, role=Role.QA_LEAD, due_at=working_days_after(at, WITHIN_WORKING_DAYS),
                  at=at, audit_number=audit.number)
    elif is_open and not is_needed:
        close_duty("audit.substitute", audit, by=by, at=at, outcome="not needed any more")
