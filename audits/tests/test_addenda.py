"""Corrections of a final audit: dated, beside what stands, told to its people, never changed again (S1-17)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from audit_portal.testing.factories import START, make_audit_at
from audit_portal.testing.liveness import missing_duties
from audits import workflow
from audits.models import Addendum
from duties.models import Duty, Notice

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LATER = START + timedelta(days=20)


def add(audit, by, text="The call was on 5 November.", at=LATER):
    return workflow.add_addendum(audit=audit, about="Family views", text=text, by=by, at=at)


@pytest.mark.req("S1-17")
@pytest.mark.parametrize("state", ["with_team_manager", "closed"])
def test_an_addendum_stands_beside_the_audit_which_never_changes(state, cast, s1, client):
    audit = make_audit_at(state, cast, s1)
    before = list(audit.versions.values_list("number", "digest"))
    row = add(audit, cast.auditor)
    assert (row.added_at, row.added_by) == (LATER, cast.auditor)
    assert list(audit.versions.values_list("number", "digest")) == before
    audit.refresh_from_db()
    assert audit.status == state
    client.force_login(cast.worker, backend=BACKEND)
    page = client.get(f"/audits/{audit.number}/read/").text
    assert "The call was on 5 November." in page and "Added on Sunday 22 November 2026 by Grace Adeyemi" in page


@pytest.mark.req("S1-17")
def test_the_database_itself_keeps_an_addendum_as_it_is(cast, s1):
    row = add(make_audit_at("closed", cast, s1), cast.auditor)
    for harm in (lambda: Addendum.objects.update(text="Other"), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            harm()
    for empty in ({"text": ""}, {"about": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Addendum.objects.create(**{"audit": row.audit, "about": "x", "text": "x", "added_at": LATER,
                                       "added_by": cast.auditor} | empty)


@pytest.mark.req("S1-17")
@pytest.mark.parametrize("state", ["in_progress", "shared", "quality_check", "returned", "in_dispute"])
def test_before_it_is_accepted_an_audit_is_amended_in_other_ways(state, cast, s1):
    audit = make_audit_at(state, cast, s1)
    with pytest.raises(PermissionDenied, match="once Performance and Quality have accepted"):
        add(audit, cast.auditor)


@pytest.mark.parametrize(("who", "may"), [
    ("auditor", True), ("pq_officer", True), ("pq_lead", True), ("worker", False), ("team_manager", False),
    ("iro", False), ("head_of_service", False), ("director", False),
])
def test_its_auditor_and_performance_and_quality_add(who, may, cast, s1):
    audit = make_audit_at("closed", cast, s1)
    if may:
        assert add(audit, getattr(cast, who)).pk
    else:
        with pytest.raises(PermissionDenied, match="Only the auditor, Grace Adeyemi, or Performance"):
            add(audit, getattr(cast, who))


@pytest.mark.req("S1-17")
def test_the_people_of_the_case_are_told_without_a_word_about_it(cast, s1):
    audit = make_audit_at("closed", cast, s1)
    add(audit, cast.pq_officer)
    told = Notice.objects.filter(event="audit.added_to", channel="email")
    assert {row.recipient for row in told} == {cast.auditor, cast.worker, cast.team_manager, cast.iro}
    assert {(row.title, row.meta) for row in told} == {
        ("Something was added to a final audit: read it", audit.number)}


@pytest.mark.req("S1-17", "B14")
def test_what_was_copied_is_to_be_copied_once_more(cast, s1):
    audit = make_audit_at("with_team_manager", cast, s1)
    first = audit.filings.get()
    workflow.confirm_filed(filings=[first.pk], on=LATER.date(), by=cast.pq_lead, at=LATER)
    add(audit, cast.auditor, at=LATER + timedelta(days=1))
    first.refresh_from_db()
    assert first.filed_at == LATER and first.replaced_at is None
    assert audit.filings.open().get().what == "audit"
    assert Duty.objects.open().of(audit, "audit.file").count() == 1 and not missing_duties()


def test_the_form_names_what_is_missing_and_keeps_what_is_typed(cast, s1, client):
    audit = make_audit_at("closed", cast, s1)
    client.force_login(cast.auditor, backend=BACKEND)
    address = f"/audits/{audit.number}/addenda/new/"
    page = client.get(address).text
    for part in ("The whole audit", "Family views", "1 Relationships", "Overall judgement", "Action 1"):
        assert part in page, part
    wrong = client.post(address, {"about": "", "text": "Typed already"})
    assert wrong.status_code == 422 and "Choose the part" in wrong.text and "Typed already" in wrong.text
    assert "Say what is to be added" in client.post(address, {"about": "Family views"}).text
    right = client.post(address, {"about": "Family views", "text": "On 5 November", "submission": f"{'1' * 32}"})
    assert right.url == f"/audits/{audit.number}/record/"
    client.post(address, {"about": "Family views", "text": "On 5 November", "submission": f"{'1' * 32}"})
    assert Addendum.objects.count() == 1
