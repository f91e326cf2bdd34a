"""The pages of exemptions: what each shows to whom, forms with mistakes, filters, sorting, the file."""

from datetime import date, timedelta

import pytest

from allocations.exemptions import workflow
from allocations.models import Exemption
from audit_portal.testing.factories import (
    LONG_AGO,
    START,
    ask_exemption,
    line_manager_first,
    make_audit,
    make_auditor,
    make_case,
    publish_round,
    walk,
)
from audits.models import Audit
from people.models import Auditor

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LIST = "/rounds/exemptions/"


@pytest.fixture
def see(client):
    """The page as somebody sees it, as text."""

    def open_as(staff, address, **query):
        client.force_login(staff, backend=BACKEND)
        answer = client.get(address, query)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    return open_as


@pytest.fixture
def send(client):
    def post_as(staff, address, **body):
        client.force_login(staff, backend=BACKEND)
        return client.post(address, body)

    return post_as


@pytest.fixture
def request_(cast, s1):
    """Grace asks on the day after allocation."""
    return ask_exemption(make_audit(cast, s1).allocation, at=START + timedelta(days=1))


@pytest.mark.req("A11")
def test_the_reasons_are_a_list_with_another_and_each_is_explained(cast, s1, see, send):
    ask = f"/rounds/exemptions/ask/{make_audit(cast, s1).number}/"
    page = see(cast.auditor, ask)
    for reason in ("Sickness", "Bereavement", "Leaving or left the post", "Emergency cover", "Another reason"):
        assert reason in page
    assert send(cast.auditor, ask, reason="other", explanation="").status_code == 422
    assert send(cast.auditor, ask, reason="holiday", explanation="Away").status_code == 422
    assert not Exemption.objects.exists()


@pytest.mark.req("S1-09", "S1-64")
def test_the_auditor_finds_the_way_from_the_audit_and_asks(cast, s1, see, send):
    audit = make_audit(cast, s1)
    ask = f"/rounds/exemptions/ask/{audit.number}/"
    assert f'href="{ask}"' in see(cast.auditor, audit.get_absolute_url())
    page = see(cast.auditor, ask)
    assert "It is for the assistant director to decide, and nobody else." in page
    assert audit.case_file.reference not in page
    answer = send(cast.auditor, ask, reason="", explanation="")
    assert answer.status_code == 422 and "Choose a reason" in answer.content.decode()
    answer = send(cast.auditor, ask, reason="sickness", explanation="Off sick")
    exemption = Exemption.objects.get()
    assert answer.url == exemption.get_absolute_url()
    assert "See the request for exemption" in see(cast.auditor, audit.get_absolute_url())
    assert "Awaiting decision" in see(cast.auditor, "/")
    assert send(cast.auditor, ask, reason="sickness", explanation="Off sick").status_code == 302
    assert Exemption.objects.count() == 1


def test_who_cannot_decide_reads_who_can(request_, cast, see):
    sentence = "Only the assistant director can agree it."
    for person in (cast.auditor, cast.other_manager, cast.pq_lead):
        assert sentence in see(person, request_.get_absolute_url())
    page = see(cast.assistant_director, request_.get_absolute_url())
    assert sentence not in page and "Record this decision" in page


def test_a_refusal_without_a_reason_comes_back_with_what_was_chosen(request_, cast, send):
    address = f"{request_.get_absolute_url()}decide/"
    assert send(cast.assistant_director, address).status_code == 422
    answer = send(cast.assistant_director, address, decision="refuse", note="")
    assert answer.status_code == 422 and "Say why it is refused" in answer.content.decode()
    assert answer.context["decide"]["decision"].value() == "refuse"
    assert send(cast.assistant_director, address, decision="refuse", note="Time enough").status_code == 302
    request_.refresh_from_db()
    assert request_.status == "refused"


def test_agreed_quality_is_led_to_give_the_audit_to_another(request_, cast, see, send):
    answer = send(cast.assistant_director, f"{request_.get_absolute_url()}decide/", decision="agree", note="")
    assert answer.status_code == 302
    audit = Audit.objects.get()
    assert f'href="/audits/{audit.number}/reallocate/"' in see(cast.pq_lead, request_.get_absolute_url())
    assert "reallocate" not in see(cast.auditor, request_.get_absolute_url())
    walk(audit, ["reallocate"], cast)
    assert "Marcus Bell audits the case now." in see(cast.pq_lead, request_.get_absolute_url())


@pytest.mark.req("S2-33")
def test_the_line_manager_has_a_form_first(cast, s1, see, send):
    with line_manager_first(s1):
        row = ask_exemption(make_audit(cast, s1).allocation)
    assert "Send on for decision" in see(cast.other_manager, row.get_absolute_url())
    assert "The line manager speaks first." in see(cast.assistant_director, row.get_absolute_url())
    assert send(cast.other_manager, f"{row.get_absolute_url()}support/", supports="no").status_code == 422
    answer = send(cast.other_manager, f"{row.get_absolute_url()}support/", supports="yes", note="Off until May")
    assert answer.status_code == 302
    assert "Owen Pritchard supports it" in see(cast.assistant_director, row.get_absolute_url())


def test_withdrawn_the_audit_stays(request_, cast, send, see):
    assert send(cast.auditor, f"{request_.get_absolute_url()}withdraw/").status_code == 302
    assert "Withdrawn" in see(cast.auditor, request_.get_absolute_url())


@pytest.mark.req("B6")
def test_a_manager_finds_the_audits_of_their_people_and_nobody_elses(cast, s1, see):
    audit = make_audit(cast, s1)
    for person, sees in ((cast.other_manager, True), (cast.pq_lead, True), (cast.team_manager, False)):
        assert (audit.number in see(person, "/rounds/exemptions/ask/")) is sees
    assert audit.number in see(cast.pq_lead, "/rounds/exemptions/ask/", q="adey")
    assert audit.number not in see(cast.pq_lead, "/rounds/exemptions/ask/", q="beckett")


@pytest.fixture
def several(cast, s1):
    """Three auditors of two services; one asks late, one is refused."""
    for number in range(2):
        make_auditor(f"Auditor Number{number}", cast.service)
    for number in range(3):
        make_case(f"40{number:05}", cast.other_team if number else cast.team)
    Auditor.objects.exclude(staff=cast.auditor).update(trained_on=LONG_AGO)
    make_case("4000009", cast.team)
    publish_round(cast, s1)
    given = {row.auditor.name: row for row in Audit.objects.select_related("auditor", "allocation")}
    days = {"Grace Adeyemi": 1, "Auditor Number0": 3, "Auditor Number1": 20}
    for name, audit in given.items():
        ask_exemption(audit.allocation, at=START + timedelta(days=days[name]))
    refused = Exemption.objects.get(allocation__auditor__name="Auditor Number0")
    workflow.decide(exemption=refused, agrees=False, note="No", by=cast.assistant_director, at=START)


def names(client, staff, **query):
    client.force_login(staff, backend=BACKEND)
    return [row.allocation.auditor.name for row in client.get(LIST, query).context["page"]]


def test_the_list_filters_and_sorts(several, cast, client):
    pq = cast.pq_lead
    assert names(client, pq) == ["Auditor Number1", "Auditor Number0", "Grace Adeyemi"]
    assert names(client, pq, sort="auditor") == ["Auditor Number0", "Auditor Number1", "Grace Adeyemi"]
    assert names(client, pq, sort="-lag")[0] == "Auditor Number1"
    assert names(client, pq, state="refused") == ["Auditor Number0"]
    assert names(client, pq, state="pending", sort="auditor") == ["Auditor Number1", "Grace Adeyemi"]
    assert names(client, pq, service=cast.service.pk, sort="auditor") == ["Auditor Number0", "Auditor Number1"]
    assert names(client, pq, month="2026-12") == names(client, pq, month="nonsense") == []
    assert len(names(client, pq, month="2026-11")) == 3
    assert names(client, cast.other_manager) == ["Grace Adeyemi"]
    assert names(client, cast.worker) == []


@pytest.mark.req("S1-12")
def test_the_list_says_how_soon_each_was_asked_for_and_the_median(several, cast, see, client):
    page = see(cast.pq_lead, LIST)
    assert "Asked 3 days after allocation (median)" in page and "1 asked late" in page
    assert "Sickness: 3 requests, 3 days" in page
    assert page.count('govuk-tag--orange">Late') == 1
    rows = client.get(LIST, {"export": "csv", "sort": "auditor"}).content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Audit,Auditor,Service,Month,Reason,Asked on,Asked by,Days after allocation,Late,State")
    assert rows[2].split(",")[1:10] == ["Auditor Number1", "Children in Need", "November 2026", "Sickness",
                                        "22/11/2026", "Auditor Number1", "20", "yes", "Awaiting decision"]


@pytest.mark.req("S1-06")
def test_ones_own_year_leads_from_a_closed_month_to_an_exemption(cast, s1, see):
    audit = make_audit(cast, s1, month=date(2026, 4, 1))
    assert f'href="/rounds/exemptions/ask/{audit.number}/' in see(cast.auditor, "/rounds/my-year/")
    walk(audit, ["exempt"], cast)
    page = see(cast.auditor, "/rounds/my-year/")
    assert "exemptions/ask" not in page and 'class="year-exempt">Exempt' in page
