"""The demo council: seeded once for all tests of this module, and rolled back after them."""

from collections import Counter
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from allocations.models import Round
from audit_portal.demo import PEOPLE, cards
from audit_portal.navigation import items_for
from audit_portal.testing.liveness import missing_duties
from audits.models import Answer, Audit, Concern, ContactAttempt, Escalation, Filing, Response
from calendars.rules import today_in_london
from casefiles.models import CaseFile
from challenges.models import Challenge
from duties.delivery import pack
from duties.models import Duty, Notice
from duties.tick import tick
from followup.models import PartB
from people.models import Auditor, Staff, Unit
from people.roles import Role

Status = Audit.Status
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def seeded(django_db_setup, django_db_blocker):
    """What the command said."""
    said = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_programmes", stdout=StringIO())
        call_command("seed_demo", stdout=said)
        print(said.getvalue())
        yield said.getvalue()
        transaction.set_rollback(True)


def person(reference):
    """Somebody of the sign-in page."""
    return Staff.objects.get(reference=f"demo-{reference}")


def duties_of(reference, kind):
    """What waits for them."""
    return Duty.objects.held_by(person(reference)).filter(kind=kind)


def this_month():
    """The audits of the running month."""
    return Audit.objects.filter(month=today_in_london().replace(day=1))


def test_it_has_the_promised_size(seeded):
    assert seeded.startswith("Northbrook Council, invented: 90 people, 1500 case files, 1")
    assert Unit.objects.filter(kind="service", is_quality_service=False).count() == 4
    assert Unit.objects.filter(kind="team").count() == 12
    assert Unit.objects.get(name="Performance and Quality").parent.is_quality_service
    assert 38 <= Auditor.objects.count() <= 42


def test_everybody_is_marked_as_invented_and_cannot_sign_in_with_a_password():
    people = Staff.objects.working()
    assert not people.filter(is_demo=False).exists()
    assert not people.exclude(email__endswith="@northbrook.example").exists()
    assert not people.exclude(phone__startswith="01632 960").exists()
    assert not any(one.has_usable_password() for one in people)


def test_every_role_is_held_by_somebody():
    held = {role for one in Staff.objects.working() for role in one.hats().roles}
    assert held == set(Role.values)


def test_every_person_of_the_sign_in_page_is_there():
    assert [card.staff.reference for card in cards()] == [reference for reference, _, _ in PEOPLE]


def test_case_files_are_of_every_category_and_some_are_special():
    files = CaseFile.objects.open()
    assert set(files.values_list("category", flat=True)) == set(CaseFile.Category.values)
    assert files.filter(team=None).count() == 12
    assert files.filter(is_restricted=True).count() == 14
    assert files.exclude(sibling_group="").count() > 100


def test_no_record_has_a_place_for_the_name_of_a_child():
    fields = {field.name for field in CaseFile._meta.get_fields()}
    assert not {name for name in fields if "name" in name or "born" in name}


def test_initials_and_birth_years_are_not_kept_unless_the_council_says_so():
    assert not CaseFile.objects.exclude(initials="").exists()
    assert not CaseFile.objects.exclude(birth_year=None).exists()


def test_no_text_holds_the_name_of_anybody():
    surnames = {one.name.split()[-1] for one in Staff.objects.working()}
    words = {word for text in Answer.objects.values_list("value", flat=True) for word in text.split()}
    assert not surnames & words


def test_audits_are_in_every_state_this_month():
    lasting = set(Status.values) - {Status.FINALISED}  # being final and being handed to a checker are one step
    assert set(this_month().values_list("status", flat=True)) == lasting


def test_three_months_are_finished_and_the_next_is_planned():
    by_month = list(Round.objects.order_by("month"))
    assert len(by_month) == 5
    assert [round.status for round in by_month[:2]] == ["closed", "closed"]
    assert [round.status for round in by_month[3:]] == ["published", "planned"]
    assert not by_month[4].draws.exists()
    assert min(Counter(Audit.objects.values_list("month", flat=True)).values()) >= 35


def test_grades_spread_as_one_would_expect():
    final = Audit.objects.final()
    good = final.filter(grade__is_good_or_better=True).count() / final.count()
    inadequate = final.filter(grade__is_inadequate=True).count()
    assert 0.4 < good < 0.6
    assert 3 <= inadequate <= final.count() * 0.1


def test_work_went_as_work_goes():
    assert Audit.objects.filter(first_shared_at__gt=F("due_at")).exists()
    assert Response.objects.filter(verdict="lapsed").exists()
    assert Challenge.objects.filter(status="settled").exists()
    assert Audit.objects.filter(returns__resubmitted_at__isnull=False).exists()
    assert set(PartB.objects.values_list("status", flat=True)) == {"open", "closed"}
    assert Duty.objects.open().filter(kind="followup.action", due_at__lt=timezone.now()).exists()


def test_some_people_do_not_answer_and_the_group_manager_has_one_of_them():
    row = Escalation.objects.open().get()
    assert row.audit.contact_attempts.filter(person=row.person).count() == 2
    assert Duty.objects.open().filter(kind="contact.resolve", holder=row.sent_to).count() == 1
    assert Duty.objects.open().filter(kind="contact.escalate").count() == 1
    assert ContactAttempt.objects.filter(outcome="answered").exists()


def test_some_records_are_to_file_and_most_are_filed():
    waiting, filed = Filing.objects.open(), Filing.objects.filed()
    for what in Filing.What.values:
        assert 0 < waiting.filter(what=what).count() < filed.filter(what=what).count()


def test_concerns_are_in_every_state():
    assert set(Concern.objects.values_list("status", flat=True)) == set(Concern.Status.values)


def test_the_cards_say_what_is_true():
    assert duties_of("auditor", "audit.complete").count() == 1
    assert duties_of("auditor", "audit.amend").count() == 1
    assert duties_of("worker", "audit.respond").exists()
    assert duties_of("pq-lead", "round.publish").count() == 1
    assert duties_of("pq-officer", "audit.check").exists()
    assert person("group-manager").managed_units.get().children.count() == 2


def test_the_team_manager_has_one_action_overdue():
    today = today_in_london()
    overdue = [duty for duty in duties_of("team-manager", "followup.action") if duty.due_at.date() < today]
    assert len(overdue) == 1


@pytest.mark.parametrize("reference", [reference for reference, _, _ in PEOPLE])
def test_everyone_can_open_their_pages_and_what_waits_for_them(reference, client):
    someone = Staff.objects.get(reference=reference)
    client.force_login(someone, backend=settings.AUTHENTICATION_BACKENDS[0])
    pages = [item.url for item in items_for(someone, "/")]
    duties = list(Duty.objects.held_by(someone).values_list("url", flat=True))
    answers = {path: client.get(path, follow=True).status_code for path in (*pages, *duties)}
    assert set(answers.values()) == {200}, answers


def test_wherever_work_is_unfinished_a_duty_is_open_with_somebody_living():
    assert missing_duties() == []


def test_nothing_lies_in_the_future():
    now = timezone.now()
    assert not Notice.objects.filter(created_at__gt=now).exists()
    assert not Duty.objects.filter(opened_at__gt=now).exists()
    assert not Audit.objects.filter(closed_at__gt=now).exists()


def test_no_mail_goes_out_about_the_past():
    now = timezone.now()
    assert not Notice.objects.pending_email().exists()
    tick(now)
    assert pack(now) <= 2


def test_what_was_told_in_earlier_months_has_been_read():
    first = today_in_london().replace(day=1)
    assert not Notice.objects.filter(channel="inbox", created_at__date__lt=first, read_at=None).exists()
    assert Notice.objects.filter(channel="inbox", read_at=None).exists()


def test_whoever_was_asked_still_has_time_to_answer():
    """Else the first run of the portal would record silence, and the demo worker had nothing to answer."""
    waiting = Audit.objects.filter(status=Status.SHARED, responses__verdict="waiting")
    assert not waiting.filter(respond_by__lt=timezone.now()).exists()


def test_a_second_council_is_refused():
    with pytest.raises(CommandError, match="people here already"):
        call_command("seed_demo")


def test_production_is_refused(monkeypatch):
    monkeypatch.setattr(settings, "PRODUCTION", True)
    with pytest.raises(CommandError, match="never loaded in production"):
        call_command("seed_demo")


def test_the_log_ins_are_listed_without_a_password(monkeypatch):
    monkeypatch.setattr(settings, "DEMO_LOGINS", True)
    said = StringIO()
    call_command("demo_logins", stdout=said)
    assert "no password" in said.getvalue()
    assert "Grace Adeyemi" in said.getvalue()


def test_there_are_no_log_ins_where_they_are_switched_off(monkeypatch):
    monkeypatch.setattr(settings, "DEMO_LOGINS", False)
    said = StringIO()
    call_command("demo_logins", stdout=said)
    assert said.getvalue() == "There are no demo log-ins here.\n"
