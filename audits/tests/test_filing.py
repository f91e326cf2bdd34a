"""To file: what waits, what is copied, by whom and when; as a ZIP; reminded until it is confirmed (B14, S2-13)."""

import csv
import io
import zipfile
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit_portal.testing.factories import START, make_audit, make_audit_at, walk
from audit_portal.testing.liveness import missing_duties
from audit_portal.testing.pdf import text_of
from audits import workflow
from audits.models import Audit, Filing
from audits.zipping import make
from casefiles.models import CaseFile
from duties.models import Duty, Ladder, Notice
from duties.tick import tick
from jobs.models import Job
from jobs.progress import heard_by
from jobs.workflow import claim, run
from people.models import RoleGrant
from people.refusals import Refused
from trail.models import AccessEvent, Event

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HERE = "/audits/to-file/"
LATER = START + timedelta(days=20)


def filed(filings, cast, at=LATER, on=None, **more):
    return workflow.confirm_filed(filings=[row.pk for row in filings], on=on or at.date(), by=cast.pq_officer, at=at,
                                  **more)


@pytest.fixture
def pq(client, cast):
    client.force_login(cast.pq_officer, backend=BACKEND)
    return client


@pytest.mark.req("B14", "S2-13")
def test_an_accepted_audit_is_to_be_filed_and_again_after_part_b(cast, s1):
    audit = make_audit_at("with_team_manager", cast, s1)
    assert [row.what for row in audit.filings.all()] == ["audit"]
    walk(audit, ["part_b"], cast)
    assert [row.what for row in audit.filings.open()] == ["audit", "part_b"]
    owed = Duty.objects.open().of(audit, "audit.file")
    assert {(duty.slot, duty.holder) for duty in owed} == {("audit", cast.pq_officer), ("part_b", cast.pq_officer)}
    assert {duty.title for duty in owed} == {"Copy an audit to the child’s record",
                                             "Copy the answer to an audit to the child’s record"}
    assert not missing_duties()


@pytest.mark.req("A28", "B14")
def test_a_confirmation_keeps_who_where_and_when(cast, s1):
    audit = make_audit_at("with_team_manager", cast, s1)
    done = filed(audit.filings.all(), cast, on=date(2026, 11, 20), place="Documents, Audits")
    row = audit.filings.get()
    assert done["confirmed"] == 1
    assert (row.filed_on, row.filed_at, row.filed_by, row.place) == (
        date(2026, 11, 20), LATER, cast.pq_officer, "Documents, Audits")
    assert not Duty.objects.open().of(audit, "audit.file").exists() and not missing_duties()
    assert Event.objects.filter(verb="audit.filed", subject_id=str(audit.pk), actor_id=cast.pq_officer.pk).exists()
    again = filed([row], cast, at=LATER + timedelta(days=1))
    assert again["confirmed"] == 0 and again["before"] == 1
    row.refresh_from_db()
    assert row.filed_at == LATER


@pytest.mark.req("S2-13")
@pytest.mark.parametrize("preset", ["s1", "s2"])
def test_whoever_owes_a_copy_is_reminded_until_it_is_confirmed(preset, cast, s1, s2):
    audit = make_audit_at("with_team_manager", cast, {"s1": s1, "s2": s2}[preset])
    duty = Duty.objects.open().of(audit, "audit.file").get()
    assert duty.ladder == Ladder.objects.newest(preset, "audit.file")
    told = []
    for days in range(40):
        tick(duty.due_at + timedelta(days=days, hours=10))
        told.append(Notice.objects.filter(duty=duty, channel="inbox").count())
    assert told[0] and told[-1] > told[20] > told[0]
    filed(audit.filings.all(), cast, at=duty.due_at + timedelta(days=40), on=date(2026, 12, 1))
    tick(duty.due_at + timedelta(days=90))
    assert Notice.objects.filter(duty=duty, channel="inbox").count() == told[-1]


@pytest.mark.parametrize("who", ["auditor", "worker", "team_manager", "administrator", "director"])
def test_only_performance_and_quality_confirm(who, cast, s1):
    audit = make_audit_at("with_team_manager", cast, s1)
    with pytest.raises(PermissionDenied, match="Only Performance and Quality"):
        workflow.confirm_filed(filings=[audit.filings.get().pk], on=date(2026, 11, 20), by=getattr(cast, who), at=LATER)


@pytest.mark.parametrize(("on", "said"), [(date(2026, 11, 23), "today or a day before"),
                                          (date(2026, 11, 8), "was to be copied only from Monday 9 November on")])
def test_a_day_that_cannot_be_is_refused_for_all_of_them(on, said, cast, s1):
    audit = make_audit_at("with_team_manager", cast, s1)
    with pytest.raises(Refused, match=said):
        filed(audit.filings.all(), cast, on=on)
    assert audit.filings.open().count() == 1


def test_two_that_wait_for_the_same_and_half_a_confirmation_cannot_be(cast, s1):
    row = make_audit_at("with_team_manager", cast, s1).filings.get()
    for broken in ({"filed_at": LATER}, {"filed_on": LATER.date(), "filed_at": LATER}, {"place": "There"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Filing.objects.filter(pk=row.pk).update(**broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        Filing.objects.create(audit=row.audit, what="audit", opened_at=LATER)


def test_without_an_officer_it_comes_to_the_lead_as_their_own(cast, s1):
    RoleGrant.objects.filter(staff=cast.pq_officer).update(ends_on=date(2026, 1, 1))
    audit = make_audit(cast, s1)
    workflow.open_filing(audit=audit, what="audit", by=cast.pq_lead, at=START)
    duty = Duty.objects.open().of(audit, "audit.file").get()
    assert duty.holder == cast.pq_lead and not duty.is_unowned


@pytest.mark.req("B14")
def test_the_page_lists_what_waits_and_what_is_copied(cast, s1, pq):
    assert "Nothing waits." in pq.get(HERE).text
    audit = make_audit_at("closed", cast, s1)
    page = pq.get(HERE).text
    assert page.count("A-2026-11-0001</label>") == 0 and page.count('name="filing"') == 2
    filed(audit.filings.filter(what="part_b"), cast, place="Documents")
    assert pq.get(HERE).text.count('name="filing"') == 1
    done = pq.get(f"{HERE}?state=filed").text
    assert "Sunday 22 November 2026, Documents<br>Chidi Eze" in done and 'name="filing"' not in done
    assert "2 record" not in done


@pytest.mark.parametrize(("query", "found"), [
    ("", 2), ("?what=part_b", 1), ("?what=audit", 1), ("?month=2026-11", 2), ("?month=2026-10", 0), ("?month=x", 0),
    ("?number=0001", 2), ("?number=3071846", 2), ("?number=9", 0), ("?sort=case", 2), ("?sort=-opened&page=7", 2),
    ("?service={service}", 2), ("?service={other}", 0), ("?state=filed", 0),
])
def test_it_can_be_filtered(query, found, cast, s1, pq):
    make_audit_at("closed", cast, s1)
    page = pq.get(HERE + query.format(service=cast.service.pk, other=cast.other_team.parent.parent.pk)).text
    assert page.count("the record of A-2026-11-0001") == found


def test_it_leaves_as_a_file_that_says_the_same(cast, s1, pq):
    audit = make_audit_at("closed", cast, s1)
    filed(audit.filings.filter(what="audit"), cast, place="=Documents")
    answer = pq.get(f"{HERE}?state=filed&export=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1] == ["A-2026-11-0001", "3071846", "Audit", "Children in Need", "2026-11", "09/11/2026", "22/11/2026",
                       "'=Documents", "Chidi Eze"]
    assert Event.objects.filter(verb="filings.exported").count() == 1


def body(rows, **more):
    today = timezone.localdate()
    return {"filing": [row.pk for row in rows], "on_0": today.day, "on_1": today.month, "on_2": today.year, **more}


@pytest.mark.req("B14")
def test_many_are_confirmed_at_once(cast, s1, pq):
    audit = make_audit_at("closed", cast, s1)
    answer = pq.post(f"{HERE}confirm/?what=&sort=case", body(audit.filings.all(), place="Documents"), follow=True)
    assert "2 records copied to the child’s record, you confirmed." in answer.text
    assert answer.redirect_chain[0][0] == f"{HERE}?what=&sort=case"
    assert audit.filings.filed().count() == 2


def test_a_mistake_keeps_ticks_and_text(cast, s1, pq):
    audit = make_audit_at("closed", cast, s1)
    answer = pq.post(f"{HERE}confirm/", body(audit.filings.all(), on_0="", on_1="", on_2="", place="Drawer 4"))
    assert answer.status_code == 422
    assert answer.text.count(" checked>") == 2 and "Drawer 4" in answer.text
    assert "Give the day on which they were copied" in answer.text
    future = pq.post(f"{HERE}confirm/", body(audit.filings.all(), on_2="2099", place="Drawer 4"))
    assert future.status_code == 422 and "Give today or a day before it." in future.text
    assert "Drawer 4" in future.text and future.text.count(" checked>") == 2


@pytest.mark.parametrize("address", ["confirm/", "zip/"])
def test_nothing_chosen_and_too_much_are_said(address, cast, s1, pq, monkeypatch):
    audit = make_audit_at("closed", cast, s1)
    assert "Nothing was chosen" in pq.post(HERE + address, body([]), follow=True).text
    monkeypatch.setattr("audits.views.filing.AT_MOST", 1)
    answer = pq.post(HERE + address, body([], everything="1"), follow=True)
    assert "These are more than 1, which is the most at once. Nothing was done" in answer.text
    assert audit.filings.open().count() == 2 and not Job.objects.exists()


def test_what_was_added_to_since_is_still_to_be_copied(cast, s1, pq):
    audit = make_audit_at("with_team_manager", cast, s1)
    seen = list(audit.filings.all())
    workflow.add_addendum(audit=audit, about="Family views", text="Later", by=cast.auditor, at=LATER)
    answer = pq.post(f"{HERE}confirm/", body(seen), follow=True)
    assert "To 1 audit something was added in the meantime. Download the record again" in answer.text
    assert audit.filings.open().count() == 1 and not missing_duties()


def ask_for_zip(pq, rows):
    asked = pq.post(f"{HERE}zip/", {"filing": [row.pk for row in rows]})
    run(claim(timezone.now()))
    return pq.get(pq.get(asked.url).url)


@pytest.mark.req("B14")
def test_the_zip_holds_a_record_for_each_case_and_says_what_is_in_it(cast, s1, pq):
    audit = make_audit_at("closed", cast, s1)
    other = make_audit_at("with_team_manager", cast, s1, reference="3079002", month=date(2026, 10, 1))
    answer = ask_for_zip(pq, Filing.objects.all())
    assert answer["Content-Type"] == "application/zip" and "attachment" in answer["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    names = {f"3071846 {audit.number}.pdf", f"3079002 {other.number}.pdf"}
    assert set(archive.namelist()) == names | {"contents.csv"}
    assert "We read it together." in text_of(archive.read(f"3071846 {audit.number}.pdf"))
    rows = list(csv.reader(io.StringIO(archive.read("contents.csv").decode("utf-8-sig"))))
    assert [row[3:] for row in rows[1:]] == [["Audit", ""], ["Answer to the audit (Part B)", ""], ["Audit", ""]]
    assert AccessEvent.objects.filter(page="record-zip", actor_id=cast.pq_officer.pk).count() == 2


def test_making_a_zip_says_how_far_it_is(cast, s1):
    make_audit_at("closed", cast, s1)
    heard = []
    with heard_by(lambda *said: heard.append(said)):
        make({"filings": [row.pk for row in Filing.objects.all()], "by": cast.pq_lead.pk})
    assert heard == [(0, 1, "0 of 1 records made")]


def test_a_zip_leaves_nothing_out_without_a_word(cast, s1, pq):
    audit = make_audit_at("with_team_manager", cast, s1)
    gone = make_audit_at("with_team_manager", cast, s1, reference="3079002", month=date(2026, 10, 1))
    asked = pq.post(f"{HERE}zip/", {"filing": [row.pk for row in Filing.objects.all()]})
    filed(audit.filings.all(), cast)
    Audit.objects.filter(pk=gone.pk).update(status="shared")
    run(claim(timezone.now()))
    archive = zipfile.ZipFile(io.BytesIO(pq.get(pq.get(asked.url).url).content))
    text = archive.read("contents.csv").decode()
    assert len(archive.namelist()) == 2
    assert f'{gone.number},,Audit,"Not in this ZIP: it is not final any more' in text
    assert "In this ZIP, but no longer to be copied" in text


def test_a_zip_is_for_whoever_asked_and_for_an_hour(cast, s1, pq):
    make_audit_at("with_team_manager", cast, s1)
    asked = pq.post(f"{HERE}zip/", {"filing": [Filing.objects.get().pk]})
    run(claim(timezone.now()))
    address = pq.get(asked.url).url
    pq.force_login(cast.pq_lead, backend=BACKEND)
    assert pq.get(address).status_code == 404
    pq.force_login(cast.pq_officer, backend=BACKEND)
    Job.objects.update(outcome_url=f"{HERE}zip/?made={'a' * 32}")
    assert "Ask for it again" in pq.get(f"{HERE}zip/?made={'a' * 32}", follow=True).text


def test_a_case_reference_of_another_kind_is_found_and_safe(cast, s1, pq):
    audit = make_audit_at("with_team_manager", cast, s1)
    CaseFile.objects.filter(pk=audit.case_file_id).update(reference="<b>../x")
    page = pq.get(f"{HERE}?number=../x").text
    assert "&lt;b&gt;../x" in page and "<b>" not in page


def test_the_way_there_stands_on_the_list_of_audits_for_performance_and_quality_alone(cast, s1, pq):
    make_audit_at("closed", cast, s1)
    assert "To file on children’s records</a>: 2" in pq.get("/audits/").text
    pq.force_login(cast.team_manager, backend=BACKEND)
    assert "To file" not in pq.get("/audits/").text


@pytest.mark.req("A28")
def test_part_b_says_whether_audit_and_answer_are_copied(cast, s1, client):
    audit = make_audit_at("closed", cast, s1)
    client.force_login(cast.team_manager, backend=BACKEND)
    address = f"/follow-up/{audit.number}/"
    assert "Audit: not copied to the child’s record yet." in client.get(address).text
    filed(audit.filings.all(), cast)
    page = client.get(address).text
    assert page.count("copied to the child’s record on Sunday 22 November 2026, Chidi Eze confirmed.") == 2
