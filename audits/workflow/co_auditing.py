"""Two auditors on one audit: P&Q name the second, from those who may have the case (S4-11)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest

from audits.models import Audit, Participation
from audits.permissions import check_can_reallocate
from audits.workflow.handing_on import BEGUN, takers_for
from audits.workflow.life import locked
from duties.notices import notify
from people.models import Staff
from people.refusals import Refused
from trail.writing import record

CO_AUDITOR = Participation.Capacity.CO_AUDITOR


@transaction.atomic
def add_co_auditor(*, audit: Audit, person: Staff, by: Staff, at: datetime) -> Participation:
    """A second auditor writes in the same audit, with the same rights as the first (S4-11).

    Raises Refused where the case is not theirs to audit by the rules of the draw, or the audit has two already.
    """
    audit = locked(audit)
    check_can_reallocate(by)
    if audit.status not in BEGUN or audit.awaits_auditor_since:
        raise Refused(f"This audit is “{audit.get_status_display()}”, so nobody joins its auditor now.")
    if audit.participations.filter(capacity=CO_AUDITOR, until_at=None).exists():
        raise Refused("This audit has two auditors. Take the second one out first.")
    taker = takers_for(audit, at).find(person.pk)
    if taker is None or taker.why_not:
        raise Refused(f"{person.name} cannot audit this case: {taker.why_not if taker else 'not in the register'}.")
    row = Participation.objects.create(audit=audit, staff=person, capacity=CO_AUDITOR, from_at=at)
    for told, title in ((person, f"You audit together with {audit.auditor.name}"),
                        (audit.auditor, f"You audit together with {person.name}")):
        notify(f"participation:{row.pk}:paired", [told], event="audit.paired", subject=audit, at=at,
               meta=audit.number, url=audit.get_absolute_url(), title=title)
    record("audit.paired", target=audit, by=by, at=at, changes={"part": f"{person} audits together with the auditor"})
    return row


@transaction.atomic
def remove_co_auditor(*, audit: Audit, by: Staff, at: datetime) -> None:
    """The second auditor does not take part any more; what they wrote stays."""
    audit = locked(audit)
    check_can_reallocate(by)
    rows = audit.participations.filter(capacity=CO_AUDITOR, until_at=None)
    row = rows.select_related("staff").first()
    if row is None:
        raise Refused("This audit has one auditor.")
    rows.update(until_at=Greatest("from_at", Value(at)))
    record("audit.unpaired", target=audit, by=by, at=at,
           changes={"part": f"{row.staff} does not audit together with the auditor any more"})
