"""Verbs on e-mails that could not be sent: again, or no more. `duties.delivery` sends; people decide here."""

from datetime import datetime

from django.db import transaction

from duties.models import Delivery
from duties.permissions import check_can_look_after_emails
from people.models import Staff
from people.refusals import Refused
from trail.writing import record

State = Delivery.State


@transaction.atomic
def send_again(*, delivery: Delivery, by: Staff, at: datetime) -> Delivery:
    """Back among those that wait: the same e-mail with the same Message-ID, to the address its person has now."""
    delivery = _locked(delivery, by, State.DEAD, State.GIVEN_UP)
    delivery.state, delivery.next_attempt_at, delivery.tried_since = State.PENDING, at, at
    delivery.address = delivery.recipient.email
    delivery.save(update_fields=["state", "next_attempt_at", "tried_since", "address"])
    record("email.sent_again", target=delivery, by=by, at=at)
    return delivery


@transaction.atomic
def give_up(*, delivery: Delivery, by: Staff, at: datetime) -> Delivery:
    """It is not sent, unless somebody sends it again after all; its notices stay in the inbox."""
    delivery = _locked(delivery, by, State.DEAD)
    delivery.state = State.GIVEN_UP
    delivery.save(update_fields=["state"])
    record("email.given_up", target=delivery, by=by, at=at)
    return delivery


def _locked(delivery: Delivery, by: Staff, *states: str) -> Delivery:
    """The row, locked; only what could not be sent is anybody's to decide on."""
    delivery = Delivery.objects.select_related("recipient").select_for_update(of=("self",)).get(pk=delivery.pk)
    check_can_look_after_emails(by)
    if delivery.state not in states:
        raise Refused(f"This e-mail is not one that failed any more: {delivery.get_state_display().lower()}.")
    return delivery
