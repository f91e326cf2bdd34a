"""The pages of doing an audit together and of hearing the family: what they show, refuse, keep and print."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import escape

from audit_portal.testing.factories import agree, decide, fill_in, hear, invite, make_audit, meet, write_view
from audit_portal.testing.pdf import is_tagged, text_of
from audits import workflow
from audits.models import Answer, Appointment, FamilyDecision, FamilyView, ParentalConsent, Session, WithoutWorker
from calendars.rules import london_date, today_in_london
from people.models import Absence
from trail.once import FIELD

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ATTACK = "\"><img src=x onerror=alert(1)>"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def audit(cast, s1, now):
    """An audit that was given and opened a moment ago."""
    made = make_audit(cast, s1, at=now, month=today_in_london().replace(day=1))
    return workflow.open_audit(audit=made, by=cast.auditor, at=now)


@pytest.fixture
def grace(client, cast):
    client.force_login(cast.auditor, backend=BACKEND)
    return client


def url(audit, place):
    return f"/audits/{audit.number}/{place}"


def day(name, on=None):
    on = on or today_in_london()
    return {f"{name}_0": on.day, f"{name}_1": on.month, f"{name}_2": on.year}


def shown(client, audit, place):
    return client.get(url(audit, place)).text


def refused(client, audit, place, body):
    answer = client.post(url(audit, place), body)
    assert answer.status_code == 422
    assert answer.text.count("<title>Error: ") == 1
    return answer.text


def session_body(person, **more):
    return {"purpose": "reading", "mode": "video", "people": person.pk, **day("held_on"), **more}


def test_a_session_is_recorded_once_however_often_it_is_sent(audit, cast, grace):
    sent = session_body(cast.worker, others="A student", **{FIELD: str(uuid.uuid4())})
    for _ in range(2):
        assert grace.post(url(audit, "contact/session/"), sent).status_code == 302
    assert Session.objects.count() == 1
    text = shown(grace, audit, "contact/")
    assert "With Tomasz Nowak (worker), A student" in text and "What did the worker say?" in text


@pytest.mark.parametrize(("wrong", "said"), [
    ({"purpose": ""}, "Say what you did"), ({"mode": "pigeon"}, "Say how you met"),
    ({"held_on_2": "2020"}, "Give a day"), ({"people": "0"}, "Choose at least one person"),
    ({"people": [], "others": ""}, "Say who was there"), ({"others": "x" * 201}, "Use 200 characters or fewer")])
def test_a_session_with_something_missing_keeps_what_was_typed(wrong, said, audit, cast, grace):
    text = refused(grace, audit, "contact/session/", session_body(cast.worker, others="A student") | wrong)
    assert said in text and not Session.objects.exists()
    assert escape(wrong.get("others", "A student")) in text


def test_a_session_is_taken_out_again(audit, cast, grace):
    row = meet(audit, timezone.now())
    assert "Removed" in grace.post(url(audit, f"contact/session/{row.pk}/remove/"), follow=True).text
    assert grace.post(url(audit, f"contact/session/{row.pk}/remove/")).status_code == 404


@pytest.mark.req("S1-23")
def test_the_worker_is_asked_about_only_where_they_took_part(audit, grace):
    assert "What did the worker say?" not in shown(grace, audit, "contact/")
    meet(audit, timezone.now(), "discussion")
    text = shown(grace, audit, "contact/")
    assert "What did the worker say?" in text and "You did not read the file together" in text
    meet(audit, timezone.now())
    assert "You did not read the file together" not in shown(grace, audit, "contact/")


@pytest.mark.req("S1-24")
def test_only_roles_of_the_case_are_asked_about(audit, grace):
    text = shown(grace, audit, "contact/")
    assert "Did you speak with the reviewing officer?" in text and "child protection adviser?" not in text


@pytest.mark.req("S2-11", "A50")
def test_a_worker_who_is_away_as_recorded_is_offered_with_their_days(audit, cast, grace):
    until = london_date(audit.due_at) + timedelta(days=3)
    Absence.objects.create(staff=cast.worker, starts_on=today_in_london(), ends_on=until, recorded_by=cast.worker)
    assert "as it is recorded for them" in shown(grace, audit, "contact/")
    form = shown(grace, audit, "contact/without-worker/")
    assert f'value="{until.day}"' in form and f'value="{until.year}"' in form
    body = {"why": "away", **day("away_from"), **day("away_until", until)}
    text = grace.post(url(audit, "contact/without-worker/"), body, follow=True).text
    assert "Put your questions to the team manager" in text
    assert "This audit rests on the file alone, and questions went to the team manager." in text
    assert "The worker could not take part" in shown(grace, audit, "check/")
    assert "the worker takes part" in grace.post(url(audit, "contact/worker-back/"), follow=True).text


@pytest.mark.req("A50")
def test_a_worker_who_is_back_before_the_audit_is_due_is_tried(audit, grace):
    due = london_date(audit.due_at)
    body = {"why": "away", **day("away_from", due - timedelta(days=40)), **day("away_until", due - timedelta(days=35))}
    text = refused(grace, audit, "contact/without-worker/", body)
    assert "Tomasz Nowak is back before the audit is due: try to reach them" in text
    assert not WithoutWorker.objects.exists()


@pytest.mark.parametrize(("body", "said"), [
    ({"why": ""}, "Say why"), ({"why": "away"}, "Give the first day away"),
    ({"why": "away", "away_from_0": "x"}, "not a date"),
    ({"why": "no_worker"}, "Tomasz Nowak is the worker of this case"), ({"why": "no_answer"}, "has not said yet"),
    ({"why": "away", **day("away_from"), **day("away_until", today_in_london() - timedelta(days=1))},
     "cannot come before")])
def test_a_reason_without_a_worker_that_does_not_hold_says_so(body, said, audit, grace):
    assert said in refused(grace, audit, "contact/without-worker/", body)


def appointment_body(person, **more):
    return {"people": person.pk, **day("day", today_in_london() + timedelta(days=5)), "time": "2:30pm", "minutes": "90",
            "mode": "in_person", "place": "Room 4", **more}


@pytest.mark.req("S1-20", "S2-06")
def test_an_appointment_is_made_and_the_invited_open_it_and_its_file(audit, cast, grace):
    answer = grace.post(url(audit, "contact/appointment/"), appointment_body(cast.worker), follow=True)
    row = Appointment.objects.get()
    assert "2:30pm to 4pm" in answer.text and "Move this appointment" in answer.text
    grace.force_login(cast.worker, backend=BACKEND)
    text = grace.get(row.get_absolute_url()).text
    assert "Room 4" in text and "Move this appointment" not in text
    file = grace.get(f"{row.get_absolute_url()}calendar.ics")
    assert file.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert f"{audit.number}-appointment-{row.pk}.ics" in file.headers["Content-Disposition"]
    assert b"BEGIN:VEVENT" in file.content


@pytest.mark.parametrize(("wrong", "said"), [
    ({"people": []}, "Choose at least one person"), ({"people": "x"}, "Choose at least one person"),
    ({"time": "tea"}, "This is not a time"), ({"time": ""}, "Give the time"), ({"minutes": "7"}, "Say how long"),
    ({"day_2": "2020"}, "still to come"), ({"mode": ""}, "Say how you meet"),
    ({"place": "x" * 121}, "Use 120 characters or fewer")])
def test_an_appointment_with_something_missing_keeps_what_was_typed(wrong, said, audit, cast, grace):
    text = refused(grace, audit, "contact/appointment/", appointment_body(cast.worker) | wrong)
    assert said in text and not Appointment.objects.exists()
    assert wrong.get("place", "Room 4") in text


def test_an_appointment_is_moved_and_cancelled_with_a_reason(audit, cast, grace):
    row = invite(audit, cast.worker)
    assert 'value="60"' in shown(grace, audit, f"appointments/{row.pk}/move/")
    body = {k: v for k, v in appointment_body(cast.worker).items() if k not in ("people", "mode", "place")}
    assert "Say why" in refused(grace, audit, f"appointments/{row.pk}/move/", body)
    text = grace.post(url(audit, f"appointments/{row.pk}/move/"), body | {"because": "Court"}, follow=True).text
    assert "Court" in text and "2:30pm" in text
    assert "Say why" in refused(grace, audit, f"appointments/{row.pk}/cancel/", {"because": ""})
    text = grace.post(url(audit, f"appointments/{row.pk}/cancel/"), {"because": "Ill"}, follow=True).text
    assert "Cancelled" in text
    text = shown(grace, audit, f"appointments/{row.pk}/")
    assert "Ill" in text and "Move this appointment" not in text and "Take it out of your calendar" in text


def decision_body(**more):
    return {"decided_with": "worker", "understanding": "Old enough to say no", "outcome": "all", "reasons": "",
            "against_interest": "", **day("decided_on"), **more}


@pytest.mark.req("S2-08")
def test_the_page_begins_with_whether_it_is_right(audit, grace):
    text = shown(grace, audit, "family/")
    assert "Record what you decided" in text and "Speak with somebody" not in text
    assert grace.get(url(audit, "family/views/new/")).status_code == 403
    grace.post(url(audit, "family/decision/"), decision_body())
    text = shown(grace, audit, "family/")
    assert "Speak with somebody" in text and "Old enough to say no" in text


@pytest.mark.parametrize(("wrong", "said"), [
    ({"decided_with": ""}, "Say who decided"), ({"understanding": ""}, "age and understanding"),
    ({"outcome": "maybe"}, "Say whom it is right"), ({"outcome": "nobody"}, "Say why not everybody"),
    ({"against_interest": "Too much now"}, "choose an answer without the child"),
    ({"decided_on_2": "2019"}, "Give a day"), ({"reasons": "x" * 2001}, "Use 2,000 characters or fewer")])
def test_a_decision_with_something_missing_keeps_what_was_typed(wrong, said, audit, grace):
    text = refused(grace, audit, "family/decision/", decision_body(reasons="Marker in the reasons") | wrong
                   if "outcome" not in wrong else decision_body(understanding="Marker") | wrong)
    assert said in text and not FamilyDecision.objects.exists()
    assert "Marker" in text or "x" * 2001 in text


@pytest.mark.req("S2-09")
def test_a_parents_answer_is_asked_for_and_shown(audit, grace):
    decide(audit, timezone.now())
    assert "Not asked yet" in shown(grace, audit, "family/")
    assert "Say whether they agree" in refused(grace, audit, "family/consent/", {"parent": "mother", **day("said_on")})
    grace.post(url(audit, "family/consent/"), {"parent": "father", "is_given": "no", **day("said_on")})
    assert ParentalConsent.objects.get().is_given is False
    assert "Not given" in shown(grace, audit, "family/")
    grace.post(url(audit, "family/consent/"), {"parent": "mother", "is_given": "yes", **day("said_on")})
    text = shown(grace, audit, "family/")
    assert "Given" in text and "Not given" not in text


def view_body(who="mother", **more):
    return {"who": who, "question_set": "adult", "method": "phone", "told_of_sharing": "on", "consents": "on",
            "consent_time": "00:00", **day("spoken_on"), **more}


@pytest.mark.req("S2-09")
def test_the_childs_form_stays_shut_with_a_sentence_until_a_parent_agreed(audit, grace):
    decide(audit, timezone.now())
    assert "No parent has agreed yet" in shown(grace, audit, "family/views/new/")
    text = refused(grace, audit, "family/views/new/", view_body("child"))
    assert "No parent has agreed yet" in text and not FamilyView.objects.exists()
    agree(audit, timezone.now())
    assert "No parent has agreed yet" not in shown(grace, audit, "family/views/new/")
    assert grace.post(url(audit, "family/views/new/"), view_body("child", question_set="child")).status_code == 302


@pytest.mark.req("S2-15", "S2-16")
@pytest.mark.parametrize(("wrong", "said"), [
    ({"consents": ""}, "Ask them first whether they agree"), ({"told_of_sharing": ""}, "Tell them first"),
    ({"consent_time": ""}, "Give the time at which they agreed"), ({"consent_time": "soon"}, "This is not a time"),
    ({"who": ""}, "Say who it is"), ({"question_set": "riddles"}, "Choose the questions"), ({"method": ""}, "Say how"),
    ({"spoken_on_0": "x"}, "not a date")])
def test_no_conversation_begins_without_consent(wrong, said, audit, grace):
    decide(audit, timezone.now())
    text = refused(grace, audit, "family/views/new/", view_body() | wrong)
    assert said in text and not FamilyView.objects.exists()
    assert "Say at the start" in text and "Give your name" in text


@pytest.fixture
def view(audit, now):
    decide(audit, now)
    return hear(audit, now)


def test_an_answer_in_a_conversation_is_kept_as_one_types(view, audit, grace):
    name = f"view-{view.pk}-difference"
    saved = grace.post(url(audit, "answers/"), {"field": name, "value": "“She listens.”", "version": "0"})
    assert saved.status_code == 200
    assert "“She listens.”" in shown(grace, audit, f"family/views/{view.pk}/")
    assert f'data-answer="{name}"' in shown(grace, audit, f"family/views/{view.pk}/")
    kept = grace.post(url(audit, "answers/"), {"field": name, "value": "Other", "version": "0"})
    assert kept.status_code == 409 and Answer.objects.get(field=name).value == "“She listens.”"


@pytest.mark.parametrize(("name", "value", "status"), [
    ("riddle", "x", 404), ("own-words", "perhaps", 400), ("done_differently-answer", "declined", 200),
    ("own-words", "", 200)])
def test_a_conversation_takes_its_own_questions_and_choices_alone(name, value, status, view, audit, grace):
    body = {"field": f"view-{view.pk}-{name}", "value": value, "version": "0"}
    assert grace.post(url(audit, "answers/"), body).status_code == status
    assert grace.post(url(audit, "answers/"), body | {"field": f"view-0-{name}"}).status_code == 404


def test_the_button_saves_all_of_it_and_leads_back(view, audit, grace):
    start = f"view-{view.pk}"
    answer = grace.post(url(audit, f"family/views/{view.pk}/"), {
        f"{start}-difference": "Much", f"{start}-done_differently-answer": "said",
        f"{start}-done_differently": "“Ring first.”", f"{start}-own-words": "own"})
    assert answer.headers["Location"] == url(audit, "family/")
    text = shown(grace, audit, "check/")
    assert "“Ring first.”" in text and "in their own words" in text


@pytest.mark.req("S2-14")
def test_it_is_recorded_that_worker_and_manager_were_told(view, audit, grace):
    assert "Not passed on yet" in shown(grace, audit, "family/")
    assert "Give the day" in refused(grace, audit, f"family/views/{view.pk}/passed-on/", {"on_0": ""})
    grace.post(url(audit, f"family/views/{view.pk}/passed-on/"), day("on"))
    assert "Worker and manager were told on" in shown(grace, audit, "family/")


def test_a_conversation_is_taken_out(view, audit, grace):
    grace.post(url(audit, f"family/views/{view.pk}/remove/"))
    assert grace.get(url(audit, f"family/views/{view.pk}/")).status_code == 404
    assert "If nobody is heard" in shown(grace, audit, "family/")


@pytest.mark.req("S2-36")
def test_an_attempt_without_success_stands_on_the_page(view, audit, grace):
    body = {"who": "father", "method": "visit", "outcome": "no_answer", **day("made_on")}
    assert "Say what came of it" in refused(grace, audit, "family/attempt/", body | {"outcome": ""})
    assert "No parent has agreed yet" in refused(grace, audit, "family/attempt/", body | {"who": "child"})
    grace.post(url(audit, "family/attempt/"), body)
    assert "visit, father: no answer" in shown(grace, audit, "family/")


@pytest.mark.req("S1-25", "S4-25")
@pytest.mark.parametrize("slug", ["adult", "child", "easy_read"])
def test_the_questions_are_printed_with_the_number_of_the_audit_and_no_name(slug, audit, cast, grace):
    text = shown(grace, audit, f"family/questions/{slug}/")
    pdf = grace.get(url(audit, f"family/questions/{slug}.pdf"))
    assert is_tagged(pdf.content, has_tables=False)
    words = text_of(pdf.content)
    questions = [row.text for row in audit.version.asks.family.sets if row.slug == slug for row in row.questions]
    for question in questions:
        assert question in text and question in words
    main = text.partition("<main")[2]
    for secret in (audit.case_file.reference, cast.worker.name):
        assert secret not in main and secret not in words
    assert audit.number in main and audit.number in words
    assert pdf.headers["Content-Type"] == "application/pdf"


def test_there_are_no_other_questions(audit, grace):
    for place in ("family/questions/riddles/", "family/questions/riddles.pdf"):
        assert grace.get(url(audit, place)).status_code == 404


def test_readers_of_a_shared_audit_see_how_it_was_done_and_what_the_family_said(audit, cast, grace, now):
    fill_in(audit, now)
    workflow.share(audit=audit, by=cast.auditor, at=now)
    grace.force_login(cast.worker, backend=BACKEND)
    text = shown(grace, audit, "read/")
    assert "We read the file together." in text and "“She listens.”" in text
    assert "In the same room".lower() in text and "Not needed: The reviews on file say it." in text


def test_what_is_typed_comes_back_harmless(view, audit, cast, grace, now):
    grace.post(url(audit, "contact/session/"), session_body(cast.worker, others=ATTACK))
    grace.post(url(audit, "family/decision/"), decision_body(understanding=ATTACK, outcome="nobody", reasons=ATTACK))
    row = Appointment.objects.get(pk=invite(audit, cast.worker).pk)
    grace.post(url(audit, f"appointments/{row.pk}/cancel/"), {"because": ATTACK})
    write_view(view, now, ATTACK)
    for place in ("contact/", "family/", "check/", f"family/views/{view.pk}/", f"appointments/{row.pk}/"):
        assert ATTACK not in shown(grace, audit, place), place
    assert shown(grace, audit, "check/").count(escape(ATTACK)) == 4
