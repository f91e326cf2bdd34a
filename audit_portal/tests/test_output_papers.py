"""Script and formula through the life of one audit: what mail, PDF, ZIP and calendar make of it (T-S6)."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.conf import settings
from django.core import mail
from django.db.models import Q
from django.test import Client
from icalendar import Calendar

from audit_portal.testing.attacks import ATTACKS, MARK, packs
from audit_portal.testing.factories import START, make_audit_at, walk
from audit_portal.testing.markup import FORMULA, Page
from audit_portal.testing.pdf import text_of
from audits import workflow
from audits.models import Audit, Filing
from audits.record import Record, file_name
from audits.zipping import make
from casefiles.models import CaseFile
from challenges import workflow as challenges
from duties import delivery, feed_addresses
from duties.models import Delivery, Notice
from jobs.documents import kept
from people.models import Staff, Unit

pytestmark = [pytest.mark.django_db, pytest.mark.req("T-S6")]


@pytest.fixture
def attacked(cast, s1):
    """An audit through its life by the verbs, by people and in a unit whose names are attacks, all texts attacks."""
    names = [pack[:120] for pack in packs()]
    people = list(Staff.objects.order_by("pk"))
    for number, person in enumerate(people):
        Staff.objects.filter(pk=person.pk).update(name=names[number % len(names)])
    Unit.objects.update(name=names[-1][:100])
    for name in list(vars(cast)):
        getattr(cast, name).refresh_from_db()
    everything = "\n".join(ATTACKS)
    audit = make_audit_at("shared", cast, s1)
    challenges.answer(audit=audit, verdict="challenges", challenges={"grade": everything}, by=cast.worker,
                      at=START + timedelta(days=4))
    delivery.drain(START + timedelta(days=4))
    challenges.settle(challenge=audit.challenges.get(), outcome="kept", answer=everything, by=audit.auditor,
                      at=START + timedelta(days=4, hours=1))
    for person in (cast.team_manager, cast.iro):
        workflow.respond(audit=audit, verdict="comments", by=person, at=START + timedelta(days=4), text=everything,
                         remarks={"grade": everything})
    audit.refresh_from_db()
    for domain in audit.version.domains.all():
        row = audit.answers.get(domain=domain, field="evidence")
        workflow.save_answer(audit=audit, domain=domain, field="evidence", value=everything, version=row.version,
                             by=audit.auditor, at=START + timedelta(days=4, hours=2))
    general = ("worker_said", "strengths", "grade_evidence", "good_practice", "organisational_learning")
    said = Q(field__in=general) | Q(field__regex=r"^view-\d+-done_differently$")
    for row in audit.answers.filter(said, domain=None):
        workflow.save_answer(audit=audit, field=row.field, value=everything, version=row.version, by=audit.auditor,
                             at=START + timedelta(days=4, hours=2))
    concern = workflow.raise_concern(audit=audit, text=everything, by=audit.auditor, at=START + timedelta(days=5))
    workflow.acknowledge_concern(concern=concern, by=cast.team_manager, at=START + timedelta(days=5))
    delivery.drain(START + timedelta(days=5))
    walk(audit, ["finalise"], cast)
    delivery.drain(START + timedelta(days=5, hours=1))
    walk(audit, ["return"], cast)
    delivery.drain(START + timedelta(days=6))
    workflow.resubmit(audit=audit, by=audit.auditor, at=START + timedelta(days=7))
    walk(audit, ["accept"], cast)
    delivery.drain(START + timedelta(days=8))
    workflow.add_addendum(audit=audit, about="Family views", text=everything, by=audit.auditor,
                          at=START + timedelta(days=9))
    return Audit.objects.get(pk=audit.pk)


def test_e_mails_have_the_headers_and_elements_of_ours_alone(attacked):
    delivery.drain(START + timedelta(days=9, minutes=1))
    assert not Delivery.objects.exclude(state__in=["sent", "cancelled"]).exists()
    assert len(mail.outbox) >= 8
    subjects = {message.subject for message in mail.outbox}
    assert any(MARK in subject for subject in subjects), "a name stands in a title: the attacks were there"
    for message in mail.outbox:
        read = message_from_bytes(message.message().as_bytes(), policy=policy.default)
        assert set(read.keys()) <= {"Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID",
                                    "Auto-Submitted", "Content-Transfer-Encoding"}, read.keys()
        assert read["To"] == message.to[0] and "\n" not in message.subject
        html = Page(message.alternatives[0].content.encode())
        assert {tag for tag, _ in html.elements} <= {"html", "head", "meta", "title", "body", "p", "a", "strong", "ul",
                                                     "li", "br", "h1", "table", "tr", "td", "div", "span", "style",
                                                     "hr", "small"}
        links = [value for name, value in html.values if name == "href"]
        assert [link for link in links if not link.startswith(settings.PUBLIC_URL)] == []
        assert not [name for name, _ in html.values if name.startswith("on")]


def test_e_mails_of_every_notice_hold_no_text_of_an_audit(attacked):
    texts = Notice.objects.filter(subject_type="audits.audit").values_list("title", "meta")
    assert not [title for title, _ in texts if "\n".join(ATTACKS[:3]) in title]
    delivery.drain(START + timedelta(days=9, minutes=1))
    assert not [row.body for row in Delivery.objects.all() if "\n".join(ATTACKS[:3]) in row.body]


@pytest.mark.parametrize("names", [True, False])
def test_the_record_shows_the_texts_and_does_nothing(names, attacked):
    pdf = Record(attacked, names).pdf()
    said = without_signs(text_of(pdf))
    assert [attack for attack in ATTACKS if without_signs(attack) not in said and turned(attack) not in said] == []
    for word in (b"JavaScript", b"JS ", b"Launch", b"URI", b"OpenAction", b"AA ", b"EmbeddedFile", b"SubmitForm"):
        assert b"/" + word not in pdf, word


def turned(attack: str) -> str:
    """As it looks on paper: what stands behind a mark of direction runs from right to left."""
    before, _, after = attack.partition("\u202e")
    return without_signs(before + after[::-1])


def without_signs(text: str) -> str:
    """Letters, digits and signs that a font has; blanks and the marks of direction are layout."""
    return re.sub(r"[\s\u202e]", "", text)


def test_names_of_files_in_a_zip_lead_nowhere_and_show_what_they_are(attacked, cast):
    for attack in ATTACKS:
        CaseFile.objects.filter(pk=attacked.case_file_id).update(reference=attack[:40])
        made = file_name(Audit.objects.select_related("case_file").get(pk=attacked.pk))
        assert re.fullmatch(r"[A-Za-z0-9-]* A-2026-11-0001\.pdf", made), made
    token = make({"filings": list(Filing.objects.values_list("pk", flat=True)), "by": cast.pq_lead.pk}).split("=")[1]
    archive = zipfile.ZipFile(io.BytesIO(kept("records-zip", token)))
    assert all("/" not in name and "\\" not in name and ".." not in name for name in archive.namelist())
    for row in csv.reader(io.StringIO(archive.read("contents.csv").decode("utf-8-sig"))):
        assert not [cell for cell in row if cell.startswith(FORMULA)]


def test_the_calendar_has_no_line_of_anybody_else(attacked, cast):
    made = START + timedelta(days=9)
    for person in (cast.team_manager, cast.pq_officer):
        secret = feed_addresses.make(staff=person, by=person, at=made)
        content = Client().get(f"/calendar/{secret}.ics").content
        calendar = Calendar.from_ical(content)
        assert {part.name for part in calendar.walk()} <= {"VCALENDAR", "VEVENT"}
        assert len(calendar.walk("VEVENT")) >= 1
        assert MARK not in content.decode() and b"ATTACH" not in content
