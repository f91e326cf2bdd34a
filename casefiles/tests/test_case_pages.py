"""The page of a case: correcting a person in two clicks, the history by hand, what a wrong name gets told."""

import pytest
from django.test import Client

from audit_portal.testing.factories import START, make_case, make_staff
from casefiles.corrections import correct
from casefiles.models import CaseFile, Correction, Involvement
from people.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def case_file(cast):
    """A case with a worker and a reviewing officer."""
    return make_case("LCS/12", cast.team, cast.worker, iro=cast.iro)


def form_of(case_file, fact="worker"):
    return f"/cases/people/{case_file.pk}/{fact}/"


def page_of(client, case_file):
    return client.get(f"/cases/{case_file.reference}/").content.decode()


def test_pq_correct_the_worker_with_one_form_and_the_page_says_so(case_file, cast, sign_in):
    client = sign_in(cast.pq_officer)
    assert f'href="{form_of(case_file)}"' in page_of(client, case_file)
    answer = client.post(form_of(case_file), {"who": "Amy Lowther, Fostering Team (amy.lowther)"})
    assert answer.url == "/cases/LCS/12/"
    page = page_of(client, case_file)
    for shown in ("Corrected</strong> here by Chidi Eze", "The list still says Tomasz Nowak.", "Take back",
                  "The worker of case LCS/12 is corrected."):
        assert shown in page
    client.post(f"{form_of(case_file)}take-back/")
    page = page_of(client, case_file)
    assert "What the list says counts again" in page and "here by Chidi Eze" not in page
    assert CaseFile.objects.get().worker == cast.worker


def test_the_same_post_twice_corrects_once(case_file, cast, sign_in):
    client, number = sign_in(cast.pq_lead), "5d0d3f5e-6f0f-4d53-8a54-0c4a3f0a8f12"
    for _ in range(2):
        answer = client.post(form_of(case_file), {"who": "amy.lowther", "submission": number})
        assert answer.url == "/cases/LCS/12/"
    assert Correction.objects.count() == 1


@pytest.mark.parametrize("typed", ["Amy Lowther", "  amy  LOWTHER ", "Lowther, Amy", "amy.lowther",
                                   "Amy Lowther, Fostering Team (amy.lowther)"])
def test_a_name_is_matched_however_it_is_spelt(typed, case_file, cast, sign_in):
    assert sign_in(cast.pq_lead).post(form_of(case_file), {"who": typed}).status_code == 302
    assert CaseFile.objects.get().worker == cast.other_worker


@pytest.mark.parametrize("given, words", [
    ({}, "Name the person, or tick the box below"),
    ({"who": "Amy Lowther", "nobody": "on"}, "Do one of the two"),
    ({"who": "Nobody Known"}, "There is no “Nobody Known” among the colleagues in the portal"),
    ({"who": "amy"}, "Give one of these in full: Amy Lowther, Fostering Team (amy.lowther)"),
    ({"who": "Lee Leaver"}, "There is no “Lee Leaver”"),
    ({"who": "Audit Portal"}, "There is no “Audit Portal”"),
    ({"who": "Farah Siddiqui"}, "2 colleagues are called “Farah Siddiqui”. Give one of these in full: Farah Siddiqui, "
                                "Children in Need East 2 (farah.siddiqui); Farah Siddiqui, Fostering Team (f2)"),
    ({"who": "a\x00b"}, "Null characters are not allowed"),
    ({"who": "x" * 300}, "at most 200 characters"),
    ({"who": "<script>alert(1)</script>"}, "There is no “&lt;script&gt;alert(1)&lt;/script&gt;”"),
])
def test_what_cannot_be_understood_is_said_and_stays_typed(given, words, case_file, cast, sign_in):
    other = make_staff("Second Person", cast.other_team)
    type(other).objects.filter(pk=other.pk).update(name="Farah Siddiqui", reference="f2")
    answer = sign_in(cast.pq_lead).post(form_of(case_file), given)
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and "<title>Error: Correct the worker" in page
    if given.get("who") == "amy":
        assert 'value="amy"' in page
    assert not Correction.objects.exists()


def test_nobody_a_team_and_the_teams_own_manager_can_be_right(case_file, cast, sign_in):
    client = sign_in(cast.pq_lead)
    client.post(form_of(case_file, "iro"), {"nobody": "on"})
    client.post(form_of(case_file, "manager"), {"who": "Owen Pritchard"})
    page = page_of(client, case_file)
    assert "The list still says Maureen Doyle." in page and "The list still goes by its team’s manager." in page
    assert "The manager of its team, Farah Siddiqui" in client.get(form_of(case_file, "manager")).content.decode()
    client.post(form_of(case_file, "manager"), {"nobody": "on"})
    client.post(form_of(case_file, "team"), {"who": "fostering team"})
    case_file.refresh_from_db()
    assert (case_file.iro, case_file.manager, case_file.team) == (None, None, cast.other_team)
    assert "The list still says Children in Need East 2." in page_of(client, case_file)


def test_a_team_that_closed_meanwhile_or_is_none_is_refused(case_file, cast, sign_in):
    Unit.objects.filter(pk=cast.other_team.pk).update(closed_on=START.date())
    for name in ("Fostering Team", "Children in Need East"):
        page = sign_in(cast.pq_lead).post(form_of(case_file, "team"), {"who": name}).content.decode()
        assert f"There is no “{name}”" in page


def test_what_is_so_already_changes_nothing_and_says_so(case_file, cast, sign_in):
    client = sign_in(cast.pq_lead)
    page = client.post(form_of(case_file), {"who": "Tomasz Nowak"}, follow=True).content.decode()
    assert "Nothing changed: that is the worker already." in page and not Correction.objects.exists()


@pytest.mark.parametrize("given, leads_to", [
    ("/audits/A-2026-11-0001/", "/audits/A-2026-11-0001/"), ("https://evil.example/", "/cases/LCS/12/"),
    ("//evil.example/", "/cases/LCS/12/"), ("javascript:alert(1)", "/cases/LCS/12/"), ("", "/cases/LCS/12/"),
    ("/\\evil.example", "/cases/LCS/12/"),
])
def test_one_comes_back_to_where_one_was_and_never_out_of_the_portal(given, leads_to, case_file, cast, sign_in):
    client = sign_in(cast.pq_lead)
    assert f'name="next" value="{leads_to}"' in client.get(form_of(case_file), {"next": given}).content.decode()
    assert client.post(form_of(case_file), {"who": "Amy Lowther", "next": given}).url == leads_to


def test_the_form_takes_a_token(case_file, cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.pq_lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(form_of(case_file), {"who": "Amy Lowther"}).status_code == 403


def test_a_reader_of_the_page_is_offered_nothing_to_change(case_file, cast, sign_in):
    correct(case_file=case_file, fact="iro", staff=cast.leader, by=cast.pq_lead, at=START)
    page = page_of(sign_in(cast.team_manager), case_file)
    assert "The list still says Maureen Doyle." in page and "tell Performance and Quality" in page
    for word in ("Take back", "/cases/people/", "/cases/history/"):
        assert word not in page


def test_pq_write_change_and_take_out_a_line_of_the_history(case_file, cast, sign_in):
    client, address = sign_in(cast.pq_lead), f"/cases/history/{case_file.pk}/add/"
    days = {"from_on_0": "4", "from_on_1": "1", "from_on_2": "2021"}
    given = {"person": "Lee Leaver", "capacity": "worker", "until_on_0": "5", "until_on_1": "6", "until_on_2": "2022"}
    assert client.post(address, given | days).url == "/cases/LCS/12/"
    page = page_of(client, case_file)
    assert "Lee Leaver is in the history now" in page and "By hand" in page and "5 June 2022" in page
    assert "Who cannot audit this case" in page and "<li>Lee Leaver</li>" in page
    line = Involvement.objects.get()
    refused = client.post(address, given | days)
    assert refused.status_code == 422 and "Change that line instead" in refused.content.decode()
    change = f"/cases/history/{case_file.pk}/{line.pk}/"
    assert "Take this line out" in client.get(change).content.decode()
    assert client.post(change, days).url == "/cases/LCS/12/"
    line.refresh_from_db()
    assert line.until_on is None
    assert "taken out of the history" in client.post(f"{change}remove/", follow=True).content.decode()
    assert not Involvement.objects.exists()


@pytest.mark.parametrize("given, words", [
    ({}, "Name the person"), ({}, "Choose what they were in this case"), ({}, "Give the first day"),
    ({"from_on_0": "31", "from_on_1": "2", "from_on_2": "2026"}, "This is not a date"),
    ({"person": "Amy Lowther", "capacity": "worker", "from_on_0": "1", "from_on_1": "1", "from_on_2": "2199"},
     "between 1 January 1990 and today"),
    ({"person": "Amy Lowther", "capacity": "king", "from_on_0": "1", "from_on_1": "1", "from_on_2": "2020"},
     "Select a valid choice"),
])
def test_a_line_that_cannot_be_is_said(given, words, case_file, cast, sign_in):
    answer = sign_in(cast.pq_lead).post(f"/cases/history/{case_file.pk}/add/", given)
    assert answer.status_code == 422 and words in answer.content.decode() and not Involvement.objects.exists()


def test_a_line_of_another_case_is_not_there(case_file, cast, sign_in):
    other = make_case("13", cast.team).involvements.create(staff=cast.leader, capacity="worker", from_on=START)
    client = sign_in(cast.pq_lead)
    for address in (f"/cases/history/{case_file.pk}/{other.pk}/", f"/cases/history/999999/{other.pk}/"):
        assert client.get(address).status_code == 404


@pytest.mark.req("S2-83")
def test_a_closed_case_says_to_whom_questions_go(cast, sign_in):
    file = make_case("12", cast.team, cast.worker, closed_on=START.date())
    file.involvements.create(staff=cast.other_manager, capacity="team_manager", from_on=START, until_on=START)
    page = page_of(sign_in(cast.pq_lead), file)
    assert "Questions about this case now go to Owen Pritchard" in page and "Owen Pritchard managed it last" in page
