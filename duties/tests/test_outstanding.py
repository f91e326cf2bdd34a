"""P&Q's board: what waits by kind, age and service, reminders and handing over, many at once (S1-62, S4-21)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit_portal.testing.factories import make_audit_at, make_auditor, make_staff
from duties import outstanding
from duties.chasing import hand_over, nudge
from duties.models import Duty, Notice
from duties.workflow import open_duty
from people.models import Auditor, Unit
from people.refusals import Refused
from people.roles import Role
from trail.models import Event

pytestmark = pytest.mark.django_db
BOARD = "/outstanding/"
PQ = {"role": Role.QA_LEAD}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def make_duties(cast, count, *, late=timedelta(days=2), **options):
    """Duties to answer volunteers, so long overdue, with the P&Q lead."""
    now, made = timezone.now(), []
    for number in range(count):
        person = make_staff(f"Volunteer {number} {options.get('called', '')}".strip(), cast.team)
        entry = Auditor.objects.create(staff=person)
        made.append(open_duty("auditor.answer", entry, due_at=now - late, at=now - late - timedelta(days=9), **PQ))
    return Duty.objects.filter(pk__in=[duty.pk for duty in made])


@pytest.fixture
def board(client, cast):
    """Opens the board as P&Q."""
    client.force_login(cast.pq_lead, backend=BACKEND)
    return lambda query="": client.get(f"{BOARD}{query}").content.decode()


AGES = {"month": 30, "weeks": 10, "days": 2}


@pytest.mark.req("S1-62")
def test_what_waits_is_counted_by_kind_and_age(cast):
    for number, days in enumerate(AGES.values(), start=1):
        make_duties(cast, number, late=timedelta(days=days), called=str(days))
    line = next(line for line in outstanding.by_kind(Duty.objects.open()) if line.key == "auditor.answer")
    assert line.counts == (1, 2, 3, 0, 0)
    assert (line.all, line.overdue) == (6, 6)
    assert outstanding.total([line, line]).counts == (2, 4, 6, 0, 0)
    assert outstanding.total([]).all == 0


def test_what_waits_is_counted_by_the_service_concerned(cast, s1):
    make_duties(cast, 2)
    make_audit_at("with_team_manager", cast, s1)
    lines = outstanding.by_service(Duty.objects.open(), Unit.objects.all())
    found = {line.name: line.all for line in lines}
    of_pq = Duty.objects.open().filter(Q(kind__startswith="round.") | Q(kind="audit.file"))
    assert found["Performance and Quality"] == 2 + of_pq.count()
    assert found["Children in Need"] == Duty.objects.open().filter(kind__startswith="followup.").count() > 0


@pytest.mark.parametrize(("query", "expected"), [
    ("", 3), ("?age=overdue", 3), ("?age=month", 0), ("?age=days", 3), ("?age=later", 0), ("?kind=auditor.answer", 3),
    ("?kind=audit.check", 0), ("?holder=naomi", 3), ("?holder=nobody", 0), ("?owner=none", 0), ("?sort=-opened", 3),
])
def test_the_address_filters(query, expected, cast, board):
    make_duties(cast, 3)
    assert board(query).count('name="duty"') == expected


def test_a_filter_by_service_finds_what_concerns_it(cast, board):
    make_duties(cast, 1)
    service = Unit.objects.get(name="Performance and Quality")
    assert board(f"?service={service.pk}").count('name="duty"') == 1
    assert board(f"?service={cast.service.pk}").count('name="duty"') == 0


def test_what_has_no_owner_of_its_own_is_marked_and_found(cast, board):
    make_duties(cast, 2)
    Duty.objects.filter(pk=Duty.objects.first().pk).update(is_unowned=True)
    assert "1 has no owner of its own" in board()
    assert board("?owner=none").count('name="duty"') == 1


def test_the_file_has_what_the_filter_finds(cast, client, board):
    make_duties(cast, 2)
    said = client.get(f"{BOARD}?export=csv&kind=auditor.answer").content.decode()
    assert said.count("Answer a volunteer") == 2
    assert Event.objects.filter(verb="duties.exported").count() == 1


def test_the_board_costs_the_same_for_one_and_for_twenty(cast, board):
    costs = []
    for count in (1, 19):
        make_duties(cast, count, called=str(count))
        for query in ("", "?by=service"):
            with CaptureQueriesContext(connection) as captured:
                board(query)
            costs.append(len(captured))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 25


@pytest.mark.req("S4-21")
def test_a_reminder_tells_each_holder_and_is_sent_once_a_day(cast):
    now, duties = timezone.now(), make_duties(cast, 3)
    done = nudge(duties=duties, by=cast.pq_officer, at=now)
    assert (done.duties, done.people, done.already) == (3, 1, 0)
    told = Notice.objects.filter(event="duty.nudge", recipient=cast.pq_lead)
    assert (told.filter(channel="inbox").count(), told.filter(channel="email").count()) == (3, 3)
    assert told.first().title.startswith("Please do this now: answer Volunteer 0")
    again = nudge(duties=duties, by=cast.pq_officer, at=now)
    assert (again.duties, again.already) == (0, 3)
    assert nudge(duties=duties, by=cast.pq_officer, at=now + timedelta(days=1)).duties == 3
    assert Event.objects.filter(verb="duties.nudged").count() == 2


def test_a_reminder_costs_the_same_for_one_and_for_twenty(cast):
    costs = []
    cast.pq_lead.hats()
    for count in (1, 20):
        duties = make_duties(cast, count, called=str(count))
        with CaptureQueriesContext(connection) as captured:
            nudge(duties=duties, by=cast.pq_lead, at=timezone.now())
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_what_is_done_gets_no_reminder(cast):
    duties = make_duties(cast, 1)
    duties.update(closed_at=timezone.now(), closed_by=cast.pq_lead, outcome="done", next_rung_at=None)
    assert nudge(duties=Duty.objects.all(), by=cast.pq_lead, at=timezone.now()).duties == 0


def test_handing_over_gives_all_to_one_person_who_is_told(cast):
    now, duties = timezone.now(), make_duties(cast, 2)
    taker = make_staff("Second Lead", cast.quality, roles=(Role.QA_LEAD,))
    assert hand_over(duties=duties, to=taker, because="Away", by=cast.pq_lead, at=now) == 2
    assert set(duties.values_list("holder", "owner", "revision")) == {(taker.pk, taker.pk, 2)}
    assert Notice.objects.filter(recipient=taker, event="duty.opened", channel="email").count() == 2
    assert Event.objects.filter(verb="duty.handed_over").count() == 2


def test_nothing_is_handed_to_somebody_who_cannot_do_one_of_them(cast):
    duties = make_duties(cast, 2)
    with pytest.raises(Refused, match="Amy Lowther cannot do this: “Answer a volunteer”, “Answer a volunteer”"):
        hand_over(duties=duties, to=cast.other_worker, because="Away", by=cast.pq_lead, at=timezone.now())
    assert set(duties.values_list("holder", flat=True)) == {cast.pq_lead.pk}


def test_what_is_one_persons_own_is_not_handed_over_here(cast, s1):
    make_audit_at("allocated", cast, s1)
    duties = Duty.objects.open().filter(kind="audit.complete")
    with pytest.raises(Refused, match="“Complete an audit A-.*” cannot be handed over here"):
        hand_over(duties=duties, to=make_auditor("Tom Hale", cast.quality), because="x", by=cast.pq_lead,
                  at=timezone.now())


def test_what_is_done_meanwhile_is_nothing_to_hand_over(cast):
    duties = make_duties(cast, 1)
    duties.update(closed_at=timezone.now(), closed_by=cast.pq_lead, outcome="done", next_rung_at=None)
    with pytest.raises(Refused, match="done already"):
        hand_over(duties=duties, to=cast.pq_officer, because="x", by=cast.pq_lead, at=timezone.now())


def test_the_page_sends_reminders_about_what_was_ticked(cast, client, board):
    first = make_duties(cast, 3).first()
    answer = client.post(f"{BOARD}remind/?kind=auditor.answer", {"duty": [first.pk]}, follow=True)
    assert "1 person reminded of 1 thing" in answer.content.decode()
    assert answer.redirect_chain[0][0] == f"{BOARD}?kind=auditor.answer#list"
    again = client.post(f"{BOARD}remind/", {"duty": [first.pk]}, follow=True)
    assert "had a reminder today already" in again.content.decode()


def test_the_page_sends_reminders_about_all_that_the_filter_finds(cast, client, board):
    make_duties(cast, 30)
    client.post(f"{BOARD}remind/?kind=auditor.answer&page=1", {"everything": "1"})
    assert Notice.objects.filter(event="duty.nudge", channel="inbox").count() == 30


@pytest.mark.parametrize("verb", ["remind", "hand-over"])
@pytest.mark.parametrize("duty", ["", "nonsense", "99999999999999999999"])
def test_nothing_chosen_is_said(verb, duty, client, board):
    answer = client.post(f"{BOARD}{verb}/", {"duty": duty}, follow=True)
    assert "Nothing was chosen" in answer.content.decode()


def test_the_page_hands_over_to_who_is_named(cast, client, board):
    duty = make_duties(cast, 1).get()
    make_staff("Second Lead", cast.quality, roles=(Role.QA_LEAD,))
    asked = client.post(f"{BOARD}hand-over/", {"duty": [duty.pk]}).content.decode()
    assert "Hand over 1 thing" in asked and 'name="because"' in asked
    nobody = client.post(f"{BOARD}hand-over/", {"duty": [duty.pk], "to": "", "because": ""}).content.decode()
    assert "Name the person who takes it over" in nobody and f'value="{duty.pk}"' in nobody
    wrong = client.post(f"{BOARD}hand-over/", {"duty": [duty.pk], "to": "Amy Lowther", "because": "Away"})
    assert "Amy Lowther cannot do this" in wrong.content.decode() and 'value="Away"' in wrong.content.decode()
    done = client.post(f"{BOARD}hand-over/", {"duty": [duty.pk], "to": "Second Lead", "because": "Away"}, follow=True)
    assert "Second Lead has 1 thing more now" in done.content.decode()


@pytest.mark.parametrize("persona", ["worker", "team_manager", "assistant_director", "administrator"])
def test_nobody_else_sees_the_board(persona, cast, client):
    client.force_login(getattr(cast, persona), backend=BACKEND)
    assert client.get(BOARD).status_code == 403
    assert client.post(f"{BOARD}remind/", {"duty": "1"}).status_code == 403
