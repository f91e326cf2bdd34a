"""Audits not completed: who sees persons, who sees figures, and that both agree with one another."""

import csv
import io
from datetime import date, timedelta

import pytest

from allocations.models import Exemption
from audit_portal.testing.factories import START, make_auditor, make_case, publish_round, walk
from audits import workflow
from audits.models import Audit
from people.files import BYTE_ORDER_MARK
from reporting.not_completed import by_month, by_service, reader_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1-63")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HERE = "/reports/not-completed/"
MONTH = date(2026, 9, 1)
THEN = START - timedelta(days=60)
AFTER = START


@pytest.fixture
def september(cast, s1):
    """Five audits of September by auditors of two services: in time, late, open, awaiting, and open with P&Q."""
    homes = {"Late Person": cast.other_team, "Open Person": cast.other_team, "Waiting Person": cast.other_team,
             "Quality Person": cast.quality}
    for name, unit in homes.items():
        make_auditor(name, unit)
    for number in range(5):
        make_case(f"600000{number}", cast.team, cast.worker, iro=cast.other_worker)
    publish_round(cast, s1, MONTH, THEN)
    found = {audit.auditor.name: audit for audit in Audit.objects.select_related("auditor")}
    for name, at in (("Grace Adeyemi", THEN + timedelta(days=9)), ("Late Person", START - timedelta(days=2))):
        audit = found[name]
        workflow.open_audit(audit=audit, by=audit.auditor, at=THEN + timedelta(days=1))
        walk(audit, ["write"], cast)
        workflow.share(audit=audit, by=audit.auditor, at=at)
    wish = found["Waiting Person"]
    Exemption.objects.create(allocation=wish.allocation, reason="sickness", explanation="Flu", asked_at=START,
                             status="awaiting_decision", asked_by=wish.auditor)
    return found


def page(client, person, query=""):
    client.force_login(person, backend=BACKEND)
    return client.get(HERE + query)


def figures(lines):
    return {line.name: line.figures() for line in lines}


def test_each_month_says_what_became_of_the_audits_that_fell_due(cast, september):
    totals = reader_of(cast.pq_lead).totals(AFTER)
    assert figures(by_month(totals, AFTER)) == {MONTH: (5, 1, 1, 2, 1)}
    assert figures(by_service(totals, [MONTH], AFTER)) == {
        "Fostering": (4, 1, 1, 1, 1), "Performance and Quality": (1, 0, 0, 1, 0)}


def test_nothing_counts_before_the_due_time(cast, september):
    assert by_month(reader_of(cast.pq_lead).totals(THEN), THEN) == []


@pytest.mark.parametrize(
    ("persona", "named"),
    [
        ("pq_lead", {"Late Person", "Open Person", "Waiting Person", "Quality Person"}),
        ("other_manager", {"Late Person", "Open Person", "Waiting Person"}),
        ("assistant_director", {"Late Person", "Open Person", "Waiting Person"}),
        ("strategic_lead", {"Quality Person"}),
        ("team_manager", set()),
        ("leader", set()),
        ("director", set()),
    ],
)
def test_persons_are_for_pq_and_their_own_managers(persona, named, cast, september, client):
    text = page(client, getattr(cast, persona)).content.decode()
    everybody = {name for name in september if name != "Grace Adeyemi"}
    assert {name for name in everybody if name in text} == named


@pytest.mark.parametrize(
    ("persona", "due"), [("leader", 5), ("assistant_director", 5), ("other_manager", 4), ("team_manager", None)]
)
def test_leaders_see_the_councils_figures_and_managers_those_of_their_line(persona, due, cast, september, client):
    months = page(client, getattr(cast, persona)).context["months"]
    assert [line.due for line in months] == ([] if due is None else [due])


def rows(answer):
    return list(csv.reader(io.StringIO(answer.content.decode().removeprefix(BYTE_ORDER_MARK))))


def test_the_file_has_the_list_or_for_leaders_the_figures(cast, september, client):
    listed = rows(page(client, cast.pq_lead, "?export=csv&state=late"))
    assert [row[2:5] for row in listed[1:]] == [["Late Person", "Fostering", "Completed late"]]
    assert rows(page(client, cast.leader, "?export=csv"))[1:] == [["2026-09", "5", "1", "1", "2", "1"]]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("?state=awaiting", ["Waiting Person"]),
        ("?service=Performance+and+Quality", ["Quality Person"]),
        ("?month=2026-09&sort=auditor", ["Late Person", "Open Person", "Quality Person", "Waiting Person"]),
        ("?month=2026-10", []),
        ("?month=nonsense", []),
    ],
)
def test_the_list_is_filtered_and_sorted(query, named, cast, september, client):
    assert [audit.auditor.name for audit in page(client, cast.pq_lead, query).context["page"]] == named


def test_a_number_leads_to_the_audit_only_for_who_may_see_it(cast, september, client):
    link = f'href="/audits/{september["Open Person"].number}/"'
    assert link in page(client, cast.pq_lead).content.decode()
    assert link not in page(client, cast.other_manager).content.decode()


def test_the_chart_shows_what_the_table_shows_and_is_sent_once(cast, september, client):
    client.force_login(cast.leader, backend=BACKEND)
    answer = client.get(f"{HERE}chart.svg")
    assert answer["Content-Type"] == "image/svg+xml" and "Awaiting decision" in answer.content.decode()
    again = client.get(f"{HERE}chart.svg", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_the_dashboard_and_the_round_lead_here_and_agree(cast, september, client):
    client.force_login(cast.pq_lead, backend=BACKEND)
    board = client.get("/reports/2026-09/").content.decode()
    assert "3: 1 done since, 2 open; 1 awaiting decision" in board and HERE in board
    progress = client.get("/rounds/2026-09/progress/").content.decode()
    assert "in time; 1 done since, 1 awaiting decision" in progress and f"{HERE}?month=2026-09" in progress
