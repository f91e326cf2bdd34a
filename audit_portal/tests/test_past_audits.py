"""Every page that meets an audit from before the portal: it opens, says what is known, or is not there. Never a 500."""

import re

import pytest
from django.db import transaction
from django.test import Client

from audit_portal.testing.factories import make_case
from audit_portal.tests.access.table import TABLE, File
from audits.models import Audit
from followup.tests.past import TEAM, taken_over

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WHO = ("pq_lead", "pq_officer", "auditor", "team_manager", "head_of_service", "worker", "other_manager")
OF_AN_AUDIT = [row for row in TABLE if re.match(r"/(audits|follow-up)/\{", row.address)]
OF_A_ROUND = [row for row in TABLE if re.match(r"/rounds/20", row.address)]


@pytest.fixture
def audits(cast):
    """One with an open round, one with open actions, one whose auditor nobody knows."""
    make_case("3071846", cast.team, cast.worker)
    return taken_over(cast, f"3071846,2026-05,{TEAM},Inadequate,Grace Adeyemi,,1",
                      f"3071847,2026-05,{TEAM},Good,Grace Adeyemi,Visit; Plan by 1/6/2026,",
                      f"3071848,2026-05,{TEAM},Good,,,")


@pytest.fixture
def signed_in(cast):
    def sign_in(who):
        client = Client(raise_request_exception=False)
        client.force_login(getattr(cast, who), backend=BACKEND)
        return client

    return sign_in


def ask(client, row, address):
    body = {name: value for name, value in row.body.items() if not isinstance(value, File)}
    with transaction.atomic():
        answer = getattr(client, row.method.lower())(address, body)
        transaction.set_rollback(True)
    return answer.status_code


@pytest.mark.parametrize("who", WHO)
def test_no_page_of_an_audit_breaks_for_a_past_one(who, audits, signed_in):
    client, broken = signed_in(who), {}
    for audit in audits:
        names = ("action", "removed", "concern", "handled", "challenge", "escalation", "session", "view", "appointment",
                 "filing", "answer", "taker", "revision", "text")
        ids = dict.fromkeys(names, 1)
        actions = audit.part_b.actions.first().pk if audit.status == "with_team_manager" else 1
        for row in OF_AN_AUDIT:
            number = re.search(r"\{(\w+)\}", row.address)[1]
            address = row.address.format(**ids, part_b_action=actions, **{number: audit.number})
            status = ask(client, row, address)
            if status not in {200, 302, 403, 404, 422}:
                broken[f"{row.method} {address}"] = status
    assert broken == {}


def test_a_past_audit_has_no_workspace_even_for_its_auditor(audits, signed_in):
    client = signed_in("auditor")
    pages = ("check/", "plan/", "period/", "overall/", "domains/relationships/")
    for audit in audits:
        assert {client.get(f"/audits/{audit.number}/{page}").status_code for page in pages} == {404}


@pytest.mark.parametrize("who", ["pq_lead", "auditor", "team_manager", "group_manager", "head_of_service"])
def test_whoever_may_see_it_reads_what_is_known(who, audits, signed_in):
    text = signed_in(who).get(f"/audits/{audits[0].number}/").text
    assert "taken over from before the portal" in text
    assert "Inadequate" in text and "Grace Adeyemi" in text and "Round 1 was open" in text
    assert "Arrange a re-audit" in text and "Friday 31 July" in text


@pytest.mark.parametrize("who", ["worker", "other_manager", "iro", "leader", "administrator"])
def test_to_others_it_does_not_exist(who, audits, signed_in):
    assert {signed_in(who).get(f"/audits/{audit.number}/").status_code for audit in audits} == {404}


def test_an_auditor_whom_nobody_knows_is_said_to_be_not_known(audits, signed_in):
    text = signed_in("pq_lead").get(f"/audits/{audits[2].number}/").text
    assert "Not known" in text and "Nothing: no action was open" in text
    assert ">Audit Portal</dd>" not in text


def test_reading_and_checking_lead_to_what_is_known(audits, signed_in):
    client, number = signed_in("pq_lead"), audits[0].number
    assert client.get(f"/audits/{number}/read/").url == f"/audits/{number}/"
    assert client.get(f"/audits/{number}/quality-check/").url == f"/audits/{number}/"
    assert client.post(f"/audits/{number}/read/", {"verdict": "agrees"}).status_code == 403


def test_the_manager_confirms_open_actions_and_is_asked_for_no_supervision(audits, signed_in):
    text = signed_in("team_manager").get(f"/follow-up/{audits[1].number}/").text
    assert "Visit" in text and "Confirm action 1 is done" in text
    assert "council’s earlier records" in text and "All met" not in text
    assert "Save the supervision record" not in text and "Held 31 May" not in text


def test_lists_and_files_say_what_was_taken_over(audits, signed_in):
    client = signed_in("pq_lead")
    closed = client.get("/audits/?tab=closed&month=2026-05").text
    assert closed.count("Taken over") == 2 and "Late" not in closed and ">Audit Portal</td>" not in closed
    file = client.get("/audits/?tab=closed&export=csv").text
    assert file.count("Closed, taken over") == 2 and "Not known" in file
    answers = client.get("/follow-up/")
    assert "Taken over" in answers.text
    assert f"{audits[1].number}, taken over" in client.get("/follow-up/?export=csv").text


def test_the_timeline_says_who_took_it_over(audits, signed_in):
    text = signed_in("pq_lead").get(f"/audits/{audits[0].number}/timeline/").text
    assert "Naomi Clarke took this audit over from before the portal" in text


def test_a_month_from_before_the_portal_has_its_audits_and_no_steps(audits, signed_in):
    client = signed_in("pq_lead")
    assert "Before the portal" in client.get("/rounds/").text
    assert client.get("/rounds/2026-05/").url == "/rounds/2026-05/progress/"
    progress = client.get("/rounds/2026-05/progress/").text
    assert "Where the 3 audits are" in progress
    assert "Not completed" not in progress and "/rounds/2026-05/draw/" not in progress
    for row in OF_A_ROUND:
        address = re.sub(r"20\d\d-\d\d", "2026-05", row.address)
        if "progress" not in address and address != "/rounds/2026-05/":
            assert ask(client, row, address) == 404, address


def test_my_work_and_search_open_with_past_audits(audits, signed_in):
    for who in ("auditor", "team_manager", "pq_lead"):
        client = signed_in(who)
        assert client.get("/").status_code == client.get("/search/?q=30718").status_code == 200
    assert "Arrange a re-audit" in signed_in("pq_lead").get("/").text
    assert Audit.objects.count() == 3


def test_who_audited_a_case_before_the_portal_neither_opens_nor_corrects_it_now(cast, signed_in):
    make_case("3071846", cast.team, cast.worker)
    taken_over(cast, f"3071846,2026-05,{TEAM},Good,Grace Adeyemi,1,")
    assert signed_in("auditor").get("/cases/3071846/").status_code == 404
    shown = signed_in("pq_lead").get("/cases/3071846/").text
    assert "A-2026-05-0001" in shown and "Taken over" in shown
