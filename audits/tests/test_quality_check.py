"""The check by P&Q as a list: what the portal found, what the checker says, what is kept of it (S1-47, S1-48)."""

from datetime import timedelta

import pytest

from audit_portal.testing.factories import START, make_audit_at, walk
from audits import workflow
from audits.models import QualityCheck
from audits.quality import ALL_IN_ORDER, ITEMS, Ticked, found_in, reasons_from, unanswered
from audits.terms import GradeTerms, Terms
from people.refusals import Refused

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LATER = START + timedelta(days=7)
TICKS = {f"ok-{item.slug}": "on" for item in ITEMS}


@pytest.fixture
def audit(cast, s1):
    return make_audit_at("quality_check", cast, s1)


@pytest.fixture
def checker(client, cast, audit):
    client.force_login(cast.pq_officer, backend=BACKEND)
    return client


def found(content, slug):
    good = GradeTerms("Good", needs_good_elements=False, is_good_or_better=True, is_inadequate=False)
    return {row.item.slug: row for row in found_in(content, Terms(grades={"good": good}))}[slug]


def content_without(audit, **changes):
    content = audit.versions.last().content
    return content | {"answers": content["answers"] | changes}


@pytest.mark.req("S1-47")
@pytest.mark.parametrize(("slug", "field", "said"), [
    ("grade", "grade_evidence", "Overall judgement: Say what the grade rests on"),
    ("learning", "good_practice", "Strengths and learning: Still to write: good practice"),
    ("learning", "organisational_learning", "Strengths and learning: Still to write: learning"),
    ("learning", "strengths", "Strengths and learning: Still to write: strengths"),
])
def test_the_portal_says_of_each_item_what_is_missing(slug, field, said, audit):
    assert found(audit.versions.last().content, slug).missing == []
    assert found(content_without(audit, **{field: ""}), slug).missing == [said]


def test_the_portal_looks_at_every_domain_and_action_and_at_both_voices(audit):
    content = content_without(audit, worker_said="")
    content["family"] = {**content["family"], "views": []}
    content["domains"][3] = {**content["domains"][3], "evidence": ""}
    content["actions"][0] = {**content["actions"][0], "measure": ""}
    assert found(content, "domains").missing[0].startswith("4 ")
    assert "Action 1 has no measure" in found(content, "actions").missing[0]
    assert found(content, "worker").missing and found(content, "family").missing
    assert not found(content, "writing").looked


@pytest.mark.req("S1-47", "S1-42", "S1-43")
@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.slug)
def test_accepting_needs_a_tick_or_a_note_for_each_item(item, audit, cast):
    open_one = ALL_IN_ORDER | {item.slug: Ticked(False, "  ")}
    assert unanswered(open_one) == [item]
    with pytest.raises(Refused, match="write a note that says why"):
        workflow.accept(audit=audit, checklist=open_one, by=cast.pq_officer, at=LATER)
    noted = ALL_IN_ORDER | {item.slug: Ticked(False, "Agreed with the lead")}
    assert workflow.accept(audit=audit, checklist=noted, by=cast.pq_officer, at=LATER).status == "with_team_manager"
    row = QualityCheck.objects.get()
    kept = {line["slug"]: line for line in row.items}
    assert (row.outcome, row.checked_by, row.checked_at) == ("accepted", cast.pq_officer, LATER)
    assert row.version == audit.versions.last() and len(kept) == len(ITEMS)
    assert kept[item.slug] == {"slug": item.slug, "title": item.title, "ok": False, "note": "Agreed with the lead"}


@pytest.mark.req("S1-47")
def test_the_page_shows_what_was_found_and_accepts(audit, checker):
    here = f"/audits/{audit.number}/quality-check/"
    page = checker.get(here).text
    assert all(item.title in page for item in ITEMS)
    assert page.count("Nothing is missing, as far as the portal can tell") == len(ITEMS) - 1
    assert checker.post(f"{here}accept/", TICKS).status_code == 302
    audit.refresh_from_db()
    assert audit.status == "with_team_manager"


@pytest.mark.req("S1-47")
def test_an_item_left_open_is_named_and_nothing_typed_is_lost(audit, checker):
    here = f"/audits/{audit.number}/quality-check/"
    typed = {key: value for key, value in TICKS.items() if key != "ok-grade"}
    answer = checker.post(f"{here}accept/", {**typed, "note-family": "I rang them", "reasons": "Begun"})
    assert answer.status_code == 422
    assert 'href="#note-grade"' in answer.text and "or say why you accept the audit without it" in answer.text
    assert answer.text.count(" checked aria-") == len(ITEMS) - 1
    assert "I rang them" in answer.text and ">Begun</textarea>" in answer.text
    assert not QualityCheck.objects.exists()


@pytest.mark.req("S1-48")
def test_a_return_begins_with_what_is_not_ticked(audit, checker):
    here = f"/audits/{audit.number}/quality-check/"
    typed = {key: value for key, value in TICKS.items() if key not in ("ok-actions", "ok-writing")}
    answer = checker.post(here, {**typed, "note-actions": "Action 1 names a team", "reasons": ""})
    assert answer.status_code == 422
    assert "Each action can be seen to be done, by one person, by a date: Action 1 names a team" in answer.text
    assert "names nobody of the family: not in order" in answer.text
    sent = checker.post(here, {**typed, "note-actions": "Action 1 names a team", "reasons": "Name one person"})
    assert sent.status_code == 302
    assert audit.returns.get().reasons == "Name one person"
    row = QualityCheck.objects.get()
    assert row.outcome == "returned" and [line["slug"] for line in row.items if not line["ok"]] == ["actions",
                                                                                                    "writing"]


def test_a_return_of_what_is_all_in_order_still_needs_reasons(audit, checker):
    answer = checker.post(f"/audits/{audit.number}/quality-check/", {**TICKS, "reasons": " "})
    assert answer.status_code == 422 and "Say what has to be amended" in answer.text
    assert reasons_from(ALL_IN_ORDER) == ""


@pytest.mark.req("S1-48")
def test_what_comes_back_shows_the_last_check(audit, checker, cast):
    checklist = ALL_IN_ORDER | {"actions": Ticked(False, "Action 1 names a team")}
    workflow.return_to_auditor(audit=audit, reasons="Name one", checklist=checklist, by=cast.pq_lead, at=LATER)
    workflow.resubmit(audit=audit, by=cast.auditor, at=LATER + timedelta(days=1))
    page = checker.get(f"/audits/{audit.number}/quality-check/").text
    assert "Last time not in order</strong>: Action 1 names a team" in page
    assert "Naomi Clarke, Monday 9 November 2026: returned" in page


@pytest.mark.parametrize("address", ["", "accept/"])
def test_whoever_comes_too_late_keeps_what_they_wrote(address, audit, checker, cast):
    walk(audit, ["accept"], cast)
    answer = checker.post(f"/audits/{audit.number}/quality-check/{address}",
                          {**TICKS, "reasons": "Half an hour of reasons", "note-grade": "And a note"})
    assert answer.status_code == 409
    assert "somebody else was quicker" in answer.text
    assert "Half an hour of reasons" in answer.text and "And a note" in answer.text
