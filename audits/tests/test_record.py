"""The record for the child's file: what stands in it, tagged so that everybody can read it, with names or without."""

import re
from datetime import timedelta

import pytest

from audit_portal.testing.factories import START, make_audit_at
from audit_portal.testing.pdf import facts_of, tags_of, text_of
from audits import workflow
from audits.models import Audit, ProposedAction
from audits.record import Record, file_name
from casefiles.models import CaseFile
from people.models import Staff
from trail.models import AccessEvent

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CHOICES = {"judgement", "question", "grade", "earlier_records", "slug", "id", "due_on", "owner", "outcomes", "safe_now",
           "manager_input", "iro_input", "until", "capacity", "mode", "purpose", "held_on", "who", "set",
           "question_set", "method", "spoken_on", "consent_at", "passed_on", "words", "decided_on", "decided_with",
           "outcome", "parent", "said_on", "on", "made_on", "good_practice_tags", "learning_themes", "enquiry_lines",
           "enquiry_people", "staff_discussion"}


@pytest.fixture
def closed(cast, s1):
    """Final, answered, closed, with an addendum."""
    audit = make_audit_at("closed", cast, s1)
    workflow.add_addendum(audit=audit, about="Family views", text="The call was on 5 November.", by=cast.auditor,
                          at=START + timedelta(days=12))
    return audit


def words(text):
    return re.sub(r"\s+", " ", text).strip()


def texts(content, name=""):
    """Every text that somebody wrote, wherever it stands in a frozen version."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from texts(value, key)
    elif isinstance(content, list):
        for value in content:
            yield from texts(value, name)
    elif isinstance(content, str) and content and name not in CHOICES:
        yield name, content


@pytest.mark.req("A28", "S2-13")
def test_everything_in_the_final_version_stands_in_the_record(closed):
    record = Record(closed)
    said = text_of(record.pdf())
    left_out = {"good_elements"}  # of a grade that does not ask for them; nobody was shown them
    for name, text in texts(record.content):
        assert words(text) in said or name in left_out, (name, text)
    for row in closed.versions.all():
        assert row.digest in said.replace(" ", "")


@pytest.mark.req("A28", "S1-46", "S1-17")
def test_the_record_says_who_said_what_and_when(closed):
    said = text_of(Record(closed).pdf())
    for phrase in ("Audit A-2026-11-0001, case 3071846", "Copy for the child’s record. The portal cannot write to the "
                   "council’s case system.", "Page 1 of", "Tomasz Nowak, worker", "Agrees, Friday 6 November 2026",
                   "Grace Adeyemi", "Accepted on Monday 9 November 2026 by Chidi Eze", "Versions", "Finalised",
                   "Answer to the audit (Part B)", "We read it together.", "Plan of 10 November",
                   "Added since it was final", "The call was on 5 November.", "3 May 2026 to 3 November 2026"):
        assert phrase in said, phrase


def test_the_parts_stand_in_the_order_of_the_page(closed):
    headings = [text for tag, text in tags_of(Record(closed).pdf()) if tag == "H2"]
    assert headings == [
        "The audit", "Contact and consultation", "Family views", "Domains", "Overall judgement",
        "Strengths and learning", "Improvement plan", "What readers said", "Answer to the audit (Part B)",
        "Quality check", "Versions", "Added since it was final",
    ]


@pytest.mark.req("A28")
def test_a_screen_reader_finds_language_title_headings_tables_and_lists(closed):
    pdf = Record(closed).pdf()
    facts = facts_of(pdf)
    assert facts == {"marked": True, "lang": "en-GB", "shows_title": True, "part": "1",
                     "title": "Audit A-2026-11-0001, case 3071846"}
    tags = [tag for tag, _ in tags_of(pdf)]
    assert tags.count("H1") == 1 and tags.index("H1") < tags.index("H2") < tags.index("H3")
    assert {"Table", "TR", "TH", "TD", "L", "LI", "P"} <= set(tags)


NAMES = ("Zoltan Marker", "Yolanda Marker", "Xavier Marker", "Wanda Marker", "Vera Marker", "Ulla Marker")


@pytest.mark.req("A28")
def test_without_names_no_name_of_anybody_who_took_part_stands_in_it(closed, cast):
    people = (cast.auditor, cast.worker, cast.team_manager, cast.iro, cast.pq_officer, cast.pq_lead)
    for person, name in zip(people, NAMES, strict=True):
        Staff.objects.filter(pk=person.pk).update(name=name)
    Staff.objects.exclude(name__in=NAMES).update(name="Nobody Marker")
    closed = Audit.objects.get(pk=closed.pk)
    said = text_of(Record(closed, names=False).pdf())
    assert "Marker" not in said
    for phrase in ("This copy has no names of staff", "Texts that somebody wrote stand as they were written",
                   "The worker Agrees", "by Performance and Quality", "confirmed by the team manager",
                   "Who the worker", "the auditor"):
        assert phrase in said, phrase
    named = text_of(Record(closed).pdf())
    assert all(name in named for name in NAMES[:5])


def test_an_owner_outside_the_council_has_no_name_either(closed):
    ProposedAction.objects.filter(audit=closed).update(owner=None, owner_outside="Kind Nurse Marker")
    closed.part_b.actions.update(owner=None, owner_outside="Kind Nurse Marker")
    said = text_of(Record(closed, names=False).pdf())
    assert "Kind Nurse Marker" not in said and said.count("somebody outside the council") == 2
    assert "Kind Nurse Marker" in text_of(Record(closed).pdf())


def test_a_version_that_was_only_shared_again_is_not_the_record(cast, s1):
    audit = make_audit_at("returned", cast, s1)
    workflow.save_answer(audit=audit, field="strengths", value="A draft of something else", version=1, by=cast.auditor,
                         at=START + timedelta(days=7))
    assert "A draft of something else" not in text_of(Record(audit).pdf())


@pytest.mark.req("A28")
@pytest.mark.parametrize("page", ["record/", "record.pdf", "record.pdf?names=no"])
def test_there_is_a_record_only_of_what_is_final(page, cast, s1, client):
    client.force_login(cast.pq_lead, backend=BACKEND)
    audit = make_audit_at("shared", cast, s1)
    refused = client.get(f"/audits/{audit.number}/{page}")
    assert refused.status_code == 403 and "once the audit is final" in refused.text
    client.force_login(cast.other_worker, backend=BACKEND)
    assert client.get(f"/audits/{audit.number}/{page}").status_code == 404


def test_each_download_is_on_the_trail(closed, cast, client):
    client.force_login(cast.worker, backend=BACKEND)
    answer = client.get(f"/audits/{closed.number}/record.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="3071846 A-2026-11-0001.pdf"'
    client.get(f"/audits/{closed.number}/record.pdf?names=no")
    read = AccessEvent.objects.filter(actor_id=cast.worker.pk, target_id=str(closed.pk))
    assert set(read.values_list("page", flat=True)) == {"record-pdf", "record-pdf-without-names"}


@pytest.mark.parametrize(("reference", "name"), [
    ("3071846", "3071846 A-2026-11-0001.pdf"),
    ("../../etc/passwd", "------etc-passwd A-2026-11-0001.pdf"),
    ("cas\u202efdp.exe", "cas-fdp-exe A-2026-11-0001.pdf"),
    ('x"; filename="evil', "x---filename--evil A-2026-11-0001.pdf"),
])
def test_the_name_of_the_file_is_safe_on_every_system(reference, name, closed):
    closed.case_file = CaseFile(reference=reference)
    assert file_name(closed) == name


def test_the_page_of_the_record_says_what_it_is_and_where_it_stands(closed, cast, client):
    client.force_login(cast.auditor, backend=BACKEND)
    page = client.get(f"/audits/{closed.number}/record/").text
    for phrase in ("Record with names of staff (PDF)", "Record without names of staff (PDF)",
                   "Each download is recorded",
                   "Audit: not copied to the child’s record yet", "Answer to the audit (Part B): not copied",
                   "Add or correct something", "The call was on 5 November."):
        assert phrase in page, phrase
