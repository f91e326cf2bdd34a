"""What pages cost the database: the same for one row and for twenty, and never more than 25 queries."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit_portal.testing.factories import (
    LONG_AGO,
    MONTH,
    PATHS,
    START,
    ask_exemption,
    decide,
    hear,
    invite,
    make_auditor,
    make_case,
    make_staff,
    meet,
    publish_round,
    walk,
    write_view,
)
from audits.models import Audit
from casefiles.involvements import add_involvement

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MOST = 25


def queries(client, person, address):
    client.force_login(person, backend=BACKEND)
    client.get("/help/")
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(captured)


def audits_of_a_round(cast, version, count, month=MONTH):
    """`count` audits of one round, each with an auditor of its own."""
    for number in range(count - 1):
        make_auditor(f"Auditor Number{number}", cast.other_team)
    for number in range(count):
        make_case(f"40{number:05}", cast.team, cast.worker, iro=cast.iro)
    publish_round(cast, version, month)
    return list(Audit.objects.order_by("number"))


LISTS = [
    ("pq_lead", "/audits/"),
    ("team_manager", "/audits/"),
    ("pq_lead", "/"),
    ("team_manager", "/team/"),
    ("pq_lead", "/outstanding/"),
    ("pq_lead", "/outstanding/?by=service"),
    ("worker", "/inbox/"),
    ("pq_lead", "/search/?q=40"),
    ("worker", "/cases/"),
    ("pq_lead", "/rounds/"),
    ("pq_lead", "/rounds/2026-11/frame/"),
    ("pq_lead", "/rounds/2026-11/draw/"),
]


@pytest.mark.parametrize(("persona", "address"), LISTS)
def test_a_list_costs_the_same_for_one_row_and_for_twenty(persona, address, cast, s1, client):
    counts = []
    for rows in (1, 20):
        with transaction.atomic():
            audits_of_a_round(cast, s1, rows)
            counts.append(queries(client, getattr(cast, persona), address))
            transaction.set_rollback(True)
    assert counts[0] == counts[1] <= MOST


@pytest.mark.parametrize("persona", ["pq_lead", "other_manager", "leader"])
def test_audits_not_completed_cost_the_same_for_one_row_and_for_twenty(persona, cast, s1, client):
    counts = []
    for rows in (1, 20):
        with transaction.atomic():
            audits_of_a_round(cast, s1, rows, LONG_AGO.replace(year=2026))
            counts.append(queries(client, getattr(cast, persona), "/reports/not-completed/"))
            transaction.set_rollback(True)
    assert counts[0] == counts[1] <= MOST


@pytest.mark.parametrize("rows", [1, 20])
def test_follow_up_costs_the_same_for_one_row_and_for_twenty(rows, cast, s1, client):
    for audit in audits_of_a_round(cast, s1, rows):
        walk(audit, PATHS["with_team_manager"], cast)
    assert queries(client, cast.team_manager, "/follow-up/") == 8


def test_what_is_to_file_costs_the_same_for_one_row_and_for_twenty(cast, s1, client):
    counts = []
    for rows in (1, 20):
        with transaction.atomic():
            for audit in audits_of_a_round(cast, s1, rows):
                walk(audit, PATHS["with_team_manager"], cast)
            counts.append(queries(client, cast.pq_lead, "/audits/to-file/"))
            transaction.set_rollback(True)
    assert counts[0] == counts[1] <= MOST


EXEMPTIONS = [
    ("pq_lead", "/rounds/exemptions/"),
    ("other_manager", "/rounds/exemptions/"),
    ("pq_lead", "/rounds/exemptions/ask/"),
    ("pq_lead", "/audits/{}/reallocate/"),
    ("pq_lead", "/rounds/2026-11/progress/"),
]


@pytest.mark.parametrize(("persona", "address"), EXEMPTIONS)
def test_exemptions_cost_the_same_for_one_and_for_twenty(persona, address, cast, s1, client):
    counts = []
    for rows in (1, 20):
        with transaction.atomic():
            audits = audits_of_a_round(cast, s1, rows)
            for audit in audits:
                ask_exemption(audit.allocation)
            counts.append(queries(client, getattr(cast, persona), address.format(audits[0].number)))
            transaction.set_rollback(True)
    assert counts[0] == counts[1] <= MOST


@pytest.mark.parametrize("persona", ["pq_lead", "team_manager", "iro"])
def test_the_page_of_a_case_costs_the_same_for_one_audit_and_line_and_for_twenty(persona, cast, s1, client):
    case_file = audits_of_a_round(cast, s1, 20)[0].case_file
    costs = [queries(client, getattr(cast, persona), f"/cases/{case_file.reference}/")]
    Audit.objects.update(case_file=case_file)
    for number in range(20):
        staff = make_staff(f"Past Worker{number}", cast.other_team)
        add_involvement(
            case_file=case_file, staff=staff, capacity="worker", from_on=LONG_AGO, until_on=None, by=cast.pq_lead,
            at=START,
        )  # fmt: skip
    costs.append(queries(client, getattr(cast, persona), f"/cases/{case_file.reference}/"))
    assert costs[0] == costs[1] <= MOST


PAGES = [
    ("in_progress", "auditor", "/audits/{}/"),
    ("in_progress", "auditor", "/audits/{}/domains/relationships/"),
    ("in_progress", "auditor", "/audits/{}/overall/"),
    ("in_progress", "auditor", "/audits/{}/plan/"),
    ("in_progress", "auditor", "/audits/{}/contact/"),
    ("in_progress", "auditor", "/audits/{}/contact/attempt/"),
    ("shared", "auditor", "/audits/{}/check/"),
    ("shared", "worker", "/audits/{}/read/"),
    ("quality_check", "pq_officer", "/audits/{}/quality-check/"),
    ("with_team_manager", "team_manager", "/follow-up/{}/"),
    ("with_team_manager", "worker", "/audits/{}/read/"),
    ("with_team_manager", "auditor", "/audits/{}/record/"),
    ("closed", "pq_lead", "/audits/{}/record.pdf"),
    ("closed", "pq_lead", "/audits/{}/addenda/new/"),
    ("in_progress", "worker", "/audits/{}/"),
    ("in_progress", "pq_lead", "/audits/{}/"),
    ("with_team_manager", "auditor", "/"),
]


MOST_OF_AN_AUDIT = 20
CONSULTATION = [
    ("in_progress", "auditor", "/audits/{}/contact/session/"),
    ("in_progress", "auditor", "/audits/{}/contact/without-worker/"),
    ("in_progress", "auditor", "/audits/{}/contact/appointment/"),
    ("in_progress", "auditor", "/audits/{}/family/"),
    ("in_progress", "auditor", "/audits/{}/family/decision/"),
    ("shared", "auditor", "/audits/{}/contact/"),
    ("shared", "auditor", "/audits/{}/family/"),
    ("shared", "auditor", "/audits/{}/family/views/new/"),
    ("shared", "auditor", "/audits/{}/"),
    ("shared", "worker", "/audits/{}/read/"),
]


@pytest.mark.parametrize(("status", "persona", "address"), [*PAGES[:8], *CONSULTATION])
def test_a_page_of_an_audit_asks_at_most_20_queries(status, persona, address, cast, s1, client):
    audit = audits_of_a_round(cast, s1, 1)[0]
    walk(audit, PATHS[status], cast)
    assert queries(client, getattr(cast, persona), address.format(audit.number)) <= MOST_OF_AN_AUDIT


@pytest.mark.parametrize("place", ["contact/", "family/", "", "check/"])
def test_contact_and_family_cost_the_same_for_one_meeting_and_for_twenty(place, cast, s1, client):
    audit = walk(audits_of_a_round(cast, s1, 1)[0], ["open"], cast)
    costs = []
    for more in (1, 19):
        for _ in range(more):
            at = START + timedelta(days=2)
            meet(audit, at)
            invite(audit, cast.worker)
            decide(audit, at)
            write_view(hear(audit, at), at)
        costs.append(queries(client, cast.auditor, f"/audits/{audit.number}/{place}"))
    assert costs[0] == costs[1] <= MOST_OF_AN_AUDIT


@pytest.mark.parametrize(("status", "persona", "address"), PAGES)
def test_a_page_asks_at_most_25_queries(status, persona, address, cast, s1, client):
    audit = audits_of_a_round(cast, s1, 1)[0]
    walk(audit, PATHS[status], cast)
    assert queries(client, getattr(cast, persona), address.format(audit.number)) <= MOST
