"""The worker confirms what is asked of them before an audit day (S4-05)."""

from datetime import datetime

from django.db import transaction

from audits.models import Audit, Preparation
from audits.permissions import check_can_prepare
from audits.preparing import to_prepare, worker_of
from audits.workflow.life import locked
from audits.workflow.people_duties import bring_people_up_to_date
from people.models import Staff
from people.refusals import Refused
from trail.writing import record


@transaction.atomic
def confirm_preparation(*, audit: Audit, what: str, by: Staff, at: datetime) -> Preparation:
    """The record is up to date, or the worker will be there: who said so, and when."""
    audit = locked(audit)
    check_can_prepare(by, audit)
    if what not in to_prepare(audit):
        raise Refused("This is confirmed already, or nobody asks for it any more.")
    row = Preparation.objects.create(audit=audit, what=what, worker=worker_of(audit), confirmed_at=at, confirmed_by=by)
    bring_people_up_to_date(audit, by=by, at=at, outcome="confirmed")
    record(f"preparation.{what}", target=row, subject=audit, by=by, at=at)
    return row
