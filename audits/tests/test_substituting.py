"""A connection, a closed or a restricted case: the next reserve takes its place; cancelling is something else."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from allocations import workflow as rounds
from allocations.draw import compare
from allocations.frame import build_frame
from allocations.models import Allocation
from allocations.substituting import next_reserve
from audit_portal.testing.factories import (
    LONG_AGO,
    START,
    make_audit,
    make_audit_at,
    make_auditor,
    make_case,
    make_staff,
    plan_round,
    publish_round,
    walk,
)
from audit_portal.testing.liveness import missing_duties
from audits import workflow
from audits.models import Audit
from calendars.calendar import working_days_after
from calendars.rules import end_of_day, london_date
from casefiles import workflow as casefiles
from casefiles.involvements import add_involvement
from casefiles.models import CaseFile
from duties.models import Duty
from people.refusals import Refused
from trail.models import Event
from workflows import InvalidTransition

pytestmark = [pytest.mark.django_db, pytest.mark.req("B4")]
LATER = START + timedelta(days=1)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def audit(cast, s1):
    """One audit; four reserves of its category, each of another worker."""
    workers = [make_staff(f"Worker Number{number}", cast.team) for number in range(5)]
    for number, worker in enumerate(workers):
        make_case(f"400000{number}", cast.team, worker, iro=cast.iro)
    publish_round(cast, s1)
    return Audit.objects.get()


def certificate_of(audit):
    return audit.allocation.round.draws.get().whole_certificate


def reserves_of(audit):
    return certificate_of(audit)["reserves"][audit.allocation.stratum]


def titles(person):
    return [notice.title for notice in person.notices.filter(channel="inbox").order_by("pk")]


def take_another(audit, cast, at=LATER, **more):
    return workflow.substitute(audit=audit, by=cast.pq_lead, at=at,
                               **{"why": "connection", "text": "Our children share a class", **more})


@pytest.mark.parametrize("status", ["allocated", "in_progress"])
def test_a_connection_ends_the_auditors_duty_and_gives_pq_one(status, audit, cast):
    walk(audit, ["open"] if status == "in_progress" else [], cast)
    audit = workflow.report_connection(audit=audit, text="Our children share a class", by=cast.auditor, at=LATER)
    assert (audit.connection, audit.connection_at, audit.status) == ("Our children share a class", LATER, status)
    assert not cast.auditor.duties.open().exists() and missing_duties() == []
    duty = Duty.objects.open().get(kind="audit.substitute")
    assert (duty.holder, duty.due_at) == (cast.pq_lead, working_days_after(LATER, 2))
    assert "class" not in str(titles(cast.pq_lead))


def test_whoever_has_a_connection_cannot_open_write_share_or_read_on(audit, cast, client):
    workflow.report_connection(audit=audit, text="My niece", by=cast.auditor, at=LATER)
    with pytest.raises(PermissionDenied, match="give you another"):
        workflow.open_audit(audit=audit, by=cast.auditor, at=LATER)
    with pytest.raises(PermissionDenied, match="give you another"):
        workflow.report_connection(audit=audit, text="Again", by=cast.auditor, at=LATER)
    client.force_login(cast.auditor, backend=BACKEND)
    answers = {page: client.get(f"/audits/{audit.number}/{page}").status_code for page in ("", "plan/", "check/")}
    assert answers == {"": 200, "plan/": 403, "check/": 403}
    assert client.get(f"/cases/{audit.case_file.reference}/").status_code == 404
    assert "You do not audit this case" in client.get(f"/audits/{audit.number}/").content.decode()


def test_only_the_auditor_reports_a_connection_and_only_before_sharing(cast, s1):
    audit = make_audit_at("shared", cast, s1)
    for person in (cast.worker, cast.pq_lead, cast.auditor):
        with pytest.raises(PermissionDenied):
            workflow.report_connection(audit=audit, text="x", by=person, at=LATER)


def test_the_next_reserve_takes_the_place_with_its_own_number_and_people(audit, cast):
    first = CaseFile.objects.get(reference=reserves_of(audit)[0])
    new = take_another(audit, cast)
    audit.refresh_from_db()
    old, given = audit.allocation, new.allocation
    assert (audit.status, old.status, old.ended_by) == ("substituted", "substituted", cast.pq_lead)
    assert old.ended_because.endswith(": Our children share a class")
    assert (new.case_file, new.auditor, given.replaces, given.status) == (first, cast.auditor, old, "allocated")
    assert (new.number, new.due_at) == ("A-2026-11-0002", end_of_day(date(2026, 11, 30)))
    assert {row.staff for row in new.participations.all()} >= {cast.auditor, first.worker, cast.team_manager}
    assert missing_duties() == []


def test_those_of_both_cases_hear_of_it_once(audit, cast):
    old_worker = audit.case_file.worker
    new = take_another(audit, cast)
    assert titles(old_worker)[-1] == "A case of yours is not audited any more"
    assert titles(new.case_file.worker) == [f"A case of yours is being audited by {cast.auditor}"]
    assert titles(cast.auditor)[-1] == "Finish and share your November audit"
    assert {duty.audit_number for duty in cast.auditor.duties.open()} == {new.number}


def test_late_in_the_month_the_new_case_is_due_ten_working_days_on(audit, cast):
    late = START + timedelta(days=21)
    assert take_another(audit, cast, at=late).due_at == working_days_after(late, 10)


def test_the_certificate_names_every_substitution_and_still_replays(audit, cast):
    seen = [audit.case_file.reference]
    while audit:
        following = take_another(audit, cast)
        audit, seen = following, [*seen, following.case_file.reference] if following else seen
    certificate = Allocation.objects.first().round.draws.get().whole_certificate
    rows = certificate["substitutions"]
    assert [(row["out"], row["taken"]) for row in rows] == list(zip(seen, [*seen[1:], None], strict=True))
    assert len(rows) == 5 and compare(certificate) == []
    rows[0]["taken"], rows[1]["taken"] = rows[1]["taken"], rows[0]["taken"]
    assert "substitution 1" in compare(certificate)[0]


def test_where_no_reserve_is_left_the_auditor_has_no_audit(cast, s1):
    audit = make_audit(cast, s1)
    assert take_another(audit, cast) is None
    assert not cast.auditor.duties.open().exists() and missing_duties() == []
    assert titles(cast.auditor)[-1].endswith("no other case is left for you")


def test_reserves_that_cannot_be_used_now_are_stepped_over_with_the_reason(audit, cast, s1):
    order = [CaseFile.objects.get(reference=each) for each in reserves_of(audit)]
    CaseFile.objects.filter(pk=order[0].pk).update(closed_on=london_date(LATER))
    CaseFile.objects.filter(pk=order[1].pk).update(is_restricted=True)
    add_involvement(case_file=order[2], staff=cast.auditor, capacity="worker", from_on=LONG_AGO, until_on=LONG_AGO,
                    by=cast.pq_lead, at=LATER)
    offer = next_reserve(audit.allocation, by=cast.pq_lead, at=LATER)
    assert offer.case_file == order[3]
    assert [why for _, why in offer.stepped_over] == ["Closed", "Restricted", "The auditor is connected with it now"]
    take_another(audit, cast)
    rows = certificate_of(audit)["substitutions"][0]["unavailable"]
    assert rows == [{"reference": reference, "reason": why} for reference, why in offer.stepped_over]
    assert compare(certificate_of(audit)) == []


def test_a_case_that_is_on_another_list_by_now_is_stepped_over(audit, cast, s1):
    make_auditor("Second Auditor", cast.other_team)
    publish_round(cast, s1, date(2026, 10, 1))
    october = Allocation.objects.filter(round__month=date(2026, 10, 1))
    there = set(october.values_list("case_file__reference", flat=True))
    first = next(each for each in reserves_of(audit) if each not in there)
    offer = next_reserve(audit.allocation, by=cast.pq_lead, at=LATER)
    assert len(there) == 2 and audit.case_file.reference not in there
    assert offer.case_file.reference == first
    assert {why for _, why in offer.stepped_over} <= {"Audited since, or on another list"}


def test_a_sibling_on_the_list_is_named(cast, s1):
    make_auditor("Second Auditor", cast.other_team)
    for number in range(4):
        make_case(f"400000{number}", cast.team, cast.worker, sibling_group="one family" if number < 3 else "")
    publish_round(cast, s1)
    audit = Audit.objects.get(case_file__reference="4000003")
    other = Audit.objects.exclude(pk=audit.pk).get()
    offer = next_reserve(audit.allocation, by=cast.pq_lead, at=LATER)
    assert offer.siblings == (other.case_file.reference,)


def test_a_substituted_case_was_not_audited_and_does_not_count_to_the_ten(audit, cast, s1):
    out = audit.case_file.reference
    take_another(audit, cast)
    frame = build_frame(plan_round(cast, s1, date(2026, 12, 1)), london_date(LATER))
    assert out in {case.reference for case in frame.cases}
    assert Allocation.objects.counted().filter(auditor=cast.auditor).count() == 1


def test_what_was_shown_must_still_come_next(audit, cast):
    with pytest.raises(Refused, match="Another reserve"):
        take_another(audit, cast, expects=reserves_of(audit)[1])
    audit.refresh_from_db()
    assert audit.status == "allocated" and certificate_of(audit)["substitutions"] == []
    assert take_another(audit, cast, expects=reserves_of(audit)[0])


def test_whoever_took_the_audit_over_gets_the_reserve_and_the_certificate_replays(audit, cast):
    late = make_auditor("Late Auditor", cast.other_team)
    Allocation.objects.filter(pk=audit.allocation_id).update(auditor=late)
    Audit.objects.filter(pk=audit.pk).update(auditor=late)
    assert take_another(audit, cast).auditor == late
    assert certificate_of(audit)["substitutions"][0]["auditor"] == late.reference
    assert compare(certificate_of(audit)) == []


def test_somebody_who_left_is_given_no_case(audit, cast):
    type(cast.auditor).objects.filter(pk=cast.auditor.pk).update(is_active=False, left_on=london_date(LATER))
    with pytest.raises(Refused, match="has left"):
        take_another(audit, cast)


@pytest.mark.parametrize("persona", ["auditor", "worker", "team_manager", "assistant_director", "administrator"])
def test_only_pq_substitute(persona, audit, cast):
    with pytest.raises(PermissionDenied):
        workflow.substitute(audit=audit, why="other", text="x", by=getattr(cast, persona), at=LATER)


def test_once_it_is_shared_a_case_is_not_substituted(cast, s1):
    with pytest.raises(InvalidTransition):
        take_another(make_audit_at("shared", cast, s1), cast)


def test_a_substitution_is_on_the_trail_of_the_round_and_of_both_audits(audit, cast):
    new = take_another(audit, cast)
    verbs = set(Event.objects.filter(at=LATER).values_list("verb", "target_id"))
    round = audit.allocation.round
    assert {("audit.substituted", str(audit.pk)), ("audit.allocated", str(new.pk)),
            ("round.substituted", str(round.pk))} <= verbs


def load(lines, cast, at):
    content = "\n".join(["reference,category,team,worker,restricted", *lines]).encode()
    imported = casefiles.preview(kind="case_files", file_name="cases.csv", content=content, by=cast.pq_lead, at=at)
    return casefiles.confirm(imported=imported, by=cast.pq_lead, at=at)


def line(file, restricted="no"):
    return f"{file.reference},CIN,{file.team.name},{file.worker.name},{restricted}"


@pytest.mark.parametrize("what", ["closed", "restricted"])
@pytest.mark.parametrize("status", ["allocated", "in_progress", "shared"])
def test_an_import_that_closes_or_restricts_a_case_gives_pq_a_duty_until_it_is_undone(what, status, cast, s1):
    files = [make_case(f"400000{number}", cast.team, cast.worker) for number in range(3)]
    publish_round(cast, s1)
    audit = walk(Audit.objects.get(), {"allocated": [], "in_progress": ["open"], "shared": ["open", "write", "share"]}
                 [status], cast)
    rest = [line(file) for file in files if file != audit.case_file]
    load(rest if what == "closed" else [*rest, line(audit.case_file, "yes")], cast, LATER)
    owed = Duty.objects.open().filter(kind="audit.substitute")
    assert owed.count() == (status != "shared") and missing_duties() == []
    load([line(file) for file in files], cast, LATER + timedelta(days=1))
    assert not owed.exists() and missing_duties() == []


def test_a_case_closed_before_the_list_goes_out_gives_the_duty_at_publishing(cast, s1):
    file = make_case("4000001", cast.team, cast.worker)
    round = plan_round(cast, s1)
    for verb in (rounds.freeze_frame, rounds.draw_round, rounds.review):
        verb(round=round, by=cast.pq_lead, at=START)
    CaseFile.objects.filter(pk=file.pk).update(closed_on=london_date(START))
    rounds.publish(round=round, by=cast.pq_lead, at=START)
    assert Duty.objects.open().filter(kind="audit.substitute").count() == 1 and missing_duties() == []


def test_sharing_all_the_same_ends_the_duty(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    CaseFile.objects.update(is_restricted=True)
    workflow.follow_availability([audit.case_file_id], cast.pq_lead, LATER)
    walk(audit, ["write", "share"], cast)
    assert missing_duties() == []


@pytest.mark.req("S1-66")
@pytest.mark.parametrize("status", ["allocated", "in_progress", "shared", "in_dispute"])
def test_whoever_the_programme_names_cancels_and_everybody_concerned_hears_of_it(status, cast, s1):
    audit = make_audit_at(status, cast, s1)
    at = START + timedelta(days=6)
    workflow.cancel(audit=audit, reason="The family moved away", by=cast.assistant_director, at=at)
    audit.refresh_from_db()
    assert (audit.status, audit.allocation.status) == ("cancelled", "cancelled")
    assert audit.allocation.ended_because == "The family moved away" and missing_duties() == []
    for person in (cast.auditor, cast.worker, cast.team_manager, cast.iro, cast.pq_lead):
        assert titles(person)[-1] == f"The audit {audit.number} was cancelled"


@pytest.mark.req("S1-66")
def test_a_final_audit_is_not_cancelled(cast, s1):
    with pytest.raises(InvalidTransition):
        audit = make_audit_at("quality_check", cast, s1)
        workflow.cancel(audit=audit, reason="x", by=cast.assistant_director, at=LATER)
