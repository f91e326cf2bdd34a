"""Anyone may ask to become an auditor; the P&Q lead answers (S4-08)."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied

from audit_portal.testing.factories import START
from audit_portal.testing.liveness import missing_duties
from duties import volunteering
from duties.models import Duty, Notice
from duties.workflow import staff_left
from people import workflow as people
from people.models import Auditor
from people.refusals import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.req("S4-08")]


def ask(cast, staff=None):
    return volunteering.volunteer(staff=staff or cast.worker, expertise="Leaving care", experience="new", at=START)


def duty():
    return Duty.objects.get(kind=volunteering.KIND)


@pytest.mark.parametrize("persona", ["worker", "team_manager", "director", "iro"])
def test_from_practitioner_to_director_everybody_may_ask(persona, cast):
    entry = ask(cast, cast.everyone()[persona])
    assert entry.is_asking and entry.basis == "volunteer"
    assert not Auditor.objects.in_pool(START.date()).filter(pk=entry.pk).exists()


def test_the_answer_is_a_duty_of_the_lead_for_five_working_days(cast):
    ask(cast)
    assert (duty().holder, duty().due_at) == (cast.pq_lead, datetime(2026, 11, 9, 17, tzinfo=UTC))
    assert Notice.objects.filter(duty=duty(), recipient=cast.pq_lead).count() == 2
    assert missing_duties() == []


@pytest.mark.parametrize("verb, in_pool, outcome", [
    (volunteering.accept, True, "accepted"), (volunteering.decline, False, "declined"),
])
def test_who_asked_is_told_of_the_answer(verb, in_pool, outcome, cast):
    entry = ask(cast)
    verb(entry=entry, by=cast.pq_lead, at=START)
    assert Auditor.objects.in_pool(START.date()).filter(pk=entry.pk).exists() == in_pool
    assert (duty().outcome, duty().closed_by) == (outcome, cast.pq_lead)
    assert cast.worker.notices.inbox_of(cast.worker).filter(subject_type="people.auditor").count() == 1
    assert missing_duties() == []
    with pytest.raises(Refused, match="answered already"):
        volunteering.accept(entry=entry, by=cast.pq_lead, at=START)


def test_nobody_asks_twice_and_who_was_turned_down_may_ask_again(cast):
    entry = ask(cast)
    with pytest.raises(Refused, match="asked already"):
        ask(cast)
    with pytest.raises(Refused, match="in the auditor register already"):
        ask(cast, cast.auditor)
    volunteering.decline(entry=entry, by=cast.pq_lead, at=START)
    assert ask(cast).pk == entry.pk
    assert Duty.objects.open().get(kind=volunteering.KIND).holder == cast.pq_lead


def test_a_volunteer_who_leaves_waits_for_nothing(cast):
    ask(cast)
    staff_left(staff=cast.worker, by=cast.pq_lead, at=START)
    assert duty().outcome == "left" and missing_duties() == []


def test_a_volunteer_is_answered_and_not_changed_past_the_question(cast):
    entry = ask(cast)
    with pytest.raises(Refused, match="Answer them first"):
        people.register_auditor(staff=cast.worker, by=cast.pq_lead, at=START)
    with pytest.raises(PermissionDenied):
        volunteering.accept(entry=entry, by=cast.pq_officer, at=START)


@pytest.fixture
def sign_in(client):
    """The test client, signed in as somebody."""

    def signed_in(person):
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


def test_the_way_on_the_pages(cast, sign_in):
    mine, address = f"/people/{cast.worker.pk}/", f"/people/{cast.worker.pk}/volunteer/"
    assert "Volunteer as an auditor" in sign_in(cast.worker).get(mine).content.decode()
    assert "Choose how much experience" in sign_in(cast.worker).post(address, {"experience": "king"}).content.decode()
    sign_in(cast.worker).post(address, {"experience": "some", "expertise": "Fostering"})
    assert "Waits for an answer" in sign_in(cast.worker).get(mine).content.decode()
    page = sign_in(cast.pq_lead).get("/people/auditors/").content.decode()
    assert "Tomasz Nowak would like to audit." in page
    assert "Take Tomasz Nowak into the register" in sign_in(cast.pq_lead).get(duty().url).content.decode()
    sign_in(cast.pq_lead).post(f"{address}answer/", {"answer": "accept"})
    assert Auditor.objects.get(staff=cast.worker).joined_on is not None
    answer = sign_in(cast.pq_lead).post(f"{address}answer/", {"answer": "accept"}, follow=True).content.decode()
    assert "This was answered already." in answer
