"""The pages of case files and imports: who sees what, what a press does, what the address finds."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit_portal.testing.factories import START, make_case, make_unit
from casefiles import workflow, working
from casefiles.models import CaseFile, Import, Involvement, Upload
from jobs.models import Job
from jobs.workflow import JobFailed, claim, run
from trail.models import AccessEvent, Event

pytestmark = pytest.mark.django_db
TEAM = "Children in Need East 2"
LIST, NEW = "/cases/", "/cases/import/"
GOOD = f"reference,category,team,worker\n3071846,CP,{TEAM},Tomasz Nowak\n,CIN,{TEAM},A\n".encode()


def upload(content=GOOD, name="cases.csv"):
    """A file for the test client."""
    return SimpleUploadedFile(name, content)


@pytest.fixture
def previewed(load):
    """A case list that waits to be confirmed."""
    return load(GOOD, confirm=False)


def references(response):
    return [file.reference for file in response.context["page"]]


def test_the_list_shows_what_somebody_may_see(cast, sign_in):
    make_case("1", cast.team, cast.worker)
    make_case("2", cast.other_team, cast.other_worker)
    make_case("3", None, iro=cast.iro)
    working = {name: person for name, person in cast.everyone().items() if person.is_active}
    seen = {name: references(sign_in(person).get(LIST)) for name, person in working.items()}
    assert seen["pq_officer"] == seen["pq_lead"] == ["1", "2", "3"]
    assert (seen["worker"], seen["team_manager"], seen["group_manager"], seen["iro"]) == (["1"], ["1"], ["1"], ["3"])
    assert seen["assistant_director"] == ["1", "2"]
    assert seen["auditor"] == seen["administrator"] == seen["board_viewer"] == []


@pytest.mark.parametrize("query, found", [
    ("", ["12", "13", "20"]), ("?reference=1", ["12", "13"]), ("?category=protection", ["13"]),
    ("?state=closed", ["30"]), ("?state=all", ["12", "13", "20", "30"]), ("?sort=-opened", ["12", "13", "20"]),
    ("?sort=team", ["12", "13", "20"]), ("?category=nonsense", ["12", "13", "20"]),
    ("?team=999999", ["12", "13", "20"]), ("?state=no_team", ["40"]),
    ("?page=99", ["12", "13", "20"]), ("?sort=nonsense", ["12", "13", "20"]),
])
def test_the_address_is_the_state_of_the_list(query, found, cast, sign_in):
    make_case("12", cast.team)
    make_case("13", cast.team, category="protection")
    make_case("20", cast.other_team)
    make_case("30", cast.team, closed_on=START.date())
    if "no_team" in query:
        make_case("40", None)
    assert references(sign_in(cast.pq_lead).get(LIST + query)) == found


def test_an_address_with_a_sign_that_no_text_has_is_refused(cast, sign_in):
    assert sign_in(cast.pq_lead).get(f"{LIST}?reference=%00").status_code == 400


def test_the_list_by_team(cast, sign_in):
    make_case("12", cast.team)
    make_case("20", cast.other_team)
    assert references(sign_in(cast.pq_lead).get(LIST, {"team": cast.other_team.pk})) == ["20"]


def test_the_list_asks_as_often_for_twenty_as_for_one(cast, sign_in):
    make_case("1", cast.team, cast.worker)
    client = sign_in(cast.pq_lead)
    client.get(LIST)
    one = count_of(client, LIST)
    for number in range(100, 119):
        make_case(str(number), make_unit(f"Team {number}", "team", cast.group), cast.other_worker, iro=cast.iro)
    assert count_of(client, LIST) == one


def count_of(client, address):
    """How many queries a page takes."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_list_as_csv_has_all_that_is_found_and_no_formula(cast, sign_in):
    for number in range(30):
        make_case(f"{number + 100}", cast.team, cast.worker)
    CaseFile.objects.filter(reference="100").update(team=None, team_as_given="=cmd()")
    response = sign_in(cast.pq_lead).get(LIST, {"export": "csv", "category": "in_need"})
    lines = response.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 31 and "attachment" in response.headers["Content-Disposition"]
    assert ",'=cmd()," in lines[1]
    assert Event.objects.get(verb="casefiles.exported").detail.content["changes"] == {"rows": 30}


def test_a_case_file_page_shows_people_with_phone_and_is_recorded(cast, sign_in):
    type(cast.worker).objects.filter(pk=cast.worker.pk).update(phone="01632 960 222")
    file = make_case("LCS/12", cast.team, cast.worker, iro=cast.iro, sibling_group="F7")
    make_case("13", cast.team, sibling_group="F7")
    page = sign_in(cast.team_manager).get(reverse("casefiles:case-detail", args=["LCS/12"])).content.decode()
    for shown in ("Tomasz Nowak", "01632 960 222", "Maureen Doyle", "Farah Siddiqui", TEAM, "Case 13", "First seen"):
        assert shown in page
    reading = AccessEvent.objects.get()
    assert (reading.actor_id, reading.target_id, reading.page) == (cast.team_manager.pk, str(file.pk), "case-file")


@pytest.mark.parametrize("persona", ["other_manager", "auditor", "administrator", "board_viewer", "other_worker"])
def test_a_case_file_that_is_not_yours_is_not_there(persona, cast, sign_in):
    make_case("12", cast.team, cast.worker)
    assert sign_in(cast.everyone()[persona]).get("/cases/12/").status_code == 404
    assert not AccessEvent.objects.exists()


@pytest.mark.req("A48")
def test_a_sibling_in_another_team_is_not_named(cast, sign_in):
    make_case("12", cast.team, sibling_group="F7")
    make_case("13", cast.other_team, sibling_group="F7")
    page = sign_in(cast.team_manager).get("/cases/12/").content.decode()
    assert "Case 13" not in page and "not among those you may see" in page


def test_choosing_a_file_leads_to_its_preview(cast, sign_in):
    client = sign_in(cast.pq_officer)
    response = client.post(NEW, {"kind": "case_files", "file": upload()})
    imported = Import.objects.get()
    assert response.url == f"/cases/import/{imported.pk}/"
    page = client.get(response.url).content.decode()
    assert "Import: 1 new" in page and "Nothing changed yet" in page and "There is no case reference" in page
    assert not CaseFile.objects.exists()


def test_the_same_post_twice_makes_one_import(cast, sign_in):
    client, number = sign_in(cast.pq_lead), "5d0d3f5e-6f0f-4d53-8a54-0c4a3f0a8f11"
    first = client.post(NEW, {"kind": "case_files", "file": upload(), "submission": number})
    second = client.post(NEW, {"kind": "case_files", "file": upload(), "submission": number})
    assert first.url == second.url and Import.objects.count() == 1


@pytest.mark.parametrize("content, words", [
    (b"", "This file is empty"), (b"colour\nred\n", "We do not know this list"),
    (b"PK\x03\x04 nonsense", "not an Excel workbook"),
])
def test_a_file_that_cannot_be_read_is_said_on_the_page(content, words, cast, sign_in):
    response = sign_in(cast.pq_lead).post(NEW, {"kind": "case_files", "file": upload(content)})
    page = response.content.decode()
    assert response.status_code == 200 and words in page and "<title>Error: Import a list" in page
    assert not Import.objects.exists()


def test_nothing_chosen_is_said_on_the_page(cast, sign_in):
    page = sign_in(cast.pq_lead).post(NEW, {}).content.decode()
    assert "Choose the file that your system exported" in page and "Choose what is in the list" in page


def test_a_file_beyond_all_sizes_is_refused(cast, sign_in, monkeypatch):
    monkeypatch.setattr("casefiles.forms.MOST_FILE_BYTES", 10)
    page = sign_in(cast.pq_lead).post(NEW, {"kind": "case_files", "file": upload()}).content.decode()
    assert "This file is larger than" in page


@pytest.mark.parametrize("persona, status", [
    ("pq_lead", 200), ("pq_officer", 200), ("administrator", 200), ("team_manager", 403), ("auditor", 403),
    ("director", 403), ("board_viewer", 403),
])
def test_who_may_open_the_import_page(persona, status, cast, sign_in):
    assert sign_in(cast.everyone()[persona]).get(NEW).status_code == status


def test_the_refusal_names_who_can(cast, sign_in):
    assert "Only Performance and Quality can import lists" in sign_in(cast.worker).get(NEW).content.decode()


def test_an_administrator_cannot_slip_in_case_files(cast, sign_in):
    response = sign_in(cast.administrator).post(NEW, {"kind": "case_files", "file": upload()})
    assert response.status_code == 200 and not Import.objects.exists()


def test_an_officer_is_not_offered_people(cast, sign_in):
    page = sign_in(cast.pq_officer).get(NEW).content.decode()
    assert 'value="people"' not in page and 'value="case_files"' in page


def test_confirming_imports_and_says_so(previewed, cast, sign_in):
    client = sign_in(cast.pq_officer)
    page = client.post(f"/cases/import/{previewed.pk}/confirm/", follow=True).content.decode()
    assert "Imported: 1 new." in page and CaseFile.objects.count() == 1
    page = client.post(f"/cases/import/{previewed.pk}/confirm/", follow=True).content.decode()
    assert "Nothing was done twice" in page and CaseFile.objects.count() == 1


def test_a_list_that_closes_many_cases_is_imported_only_when_somebody_says_it_is_complete(load, cast, sign_in):
    load([f"{number},CIN,{TEAM},A" for number in range(100, 130)])
    imported = load([f"{number},CIN,{TEAM},A" for number in range(100, 115)], confirm=False)
    client, address = sign_in(cast.pq_lead), f"/cases/import/{imported.pk}/confirm/"
    page = client.post(address, follow=True).content.decode()
    assert "it closes 15 cases" in page and "close the 15 cases that are missing from it, 50% of all open ones" in page
    assert CaseFile.objects.open().count() == 30
    assert "Imported: 15 closed." in client.post(address, {"closes": "yes"}, follow=True).content.decode()
    assert CaseFile.objects.open().count() == 15


def test_an_overtaken_preview_says_so(previewed, load, cast, sign_in):
    load([f"2,CIN,{TEAM},A"])
    page = sign_in(cast.pq_lead).post(f"/cases/import/{previewed.pk}/confirm/", follow=True).content.decode()
    assert "has changed in between" in page and "Work it out again" in page
    previewed.refresh_from_db()
    assert previewed.status == Import.Status.STALE
    page = sign_in(cast.pq_lead).post(f"/cases/import/{previewed.pk}/confirm/", follow=True).content.decode()
    assert CaseFile.objects.count() == 1


@pytest.mark.parametrize("method, address", [
    ("get", "confirm/"), ("post", "refused.csv"), ("post", ""), ("put", "confirm/"),
])
def test_wrong_methods_are_refused(method, address, previewed, cast, sign_in):
    assert getattr(sign_in(cast.pq_lead), method)(f"/cases/import/{previewed.pk}/{address}").status_code == 405


@pytest.mark.parametrize("method, address", [("get", ""), ("post", "confirm/"), ("get", "refused.csv")])
@pytest.mark.parametrize("persona", ["team_manager", "administrator", "auditor", "board_viewer"])
def test_an_import_that_is_not_yours_is_not_there(persona, method, address, previewed, cast, sign_in):
    client = sign_in(cast.everyone()[persona])
    assert getattr(client, method)(f"/cases/import/{previewed.pk}/{address}").status_code == 404
    assert not CaseFile.objects.exists()


def test_refused_rows_come_as_a_file(previewed, cast, sign_in):
    response = sign_in(cast.pq_lead).get(f"/cases/import/{previewed.pk}/refused.csv")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Case reference,Category,Team,Worker,")
    assert lines[1].startswith(f",CIN,{TEAM},A,") and "There is no case reference" in lines[1]


def test_what_a_list_says_cannot_run_on_the_page(load, cast, sign_in):
    imported = load(["12,<script>alert(1)</script>,E,A", "13,CIN,<img src=x onerror=alert(1)>,\"<b>A</b>\""])
    client = sign_in(cast.pq_lead)
    for address in (f"/cases/import/{imported.pk}/", "/cases/13/", LIST):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page and "<b>A</b>" not in page


def test_the_preview_shows_changes_with_names(load, cast, sign_in):
    load([f"1,CIN,{TEAM},Tomasz Nowak", f"2,CIN,{TEAM},Tomasz Nowak", f"3,CIN,{TEAM},Tomasz Nowak"])
    imported = load([f"1,CIN,{TEAM},Amy Lowther", f"2,CP,{TEAM},Tomasz Nowak", "4,CIN,Fostering Team,A"], confirm=False)
    page = sign_in(cast.pq_lead).get(f"/cases/import/{imported.pk}/").content.decode()
    assert "Import: 1 new, 1 changed, 1 moved, 1 closed" in page
    assert "Worker: Tomasz Nowak to Amy Lowther" in page
    assert "Category: Child in need to Child protection plan" in page
    assert "This file closes 1 of 3 open cases, 33.3%" in page


def test_the_preview_asks_as_often_for_many_rows(load, cast, sign_in):
    client = sign_in(cast.pq_lead)
    one = load([f"1,CIN,{TEAM},Amy Lowther"], confirm=False)
    client.get(f"/cases/import/{one.pk}/")
    many = load([f"{number},CIN,{TEAM},Amy Lowther" for number in range(1, 200)], confirm=False)
    assert count_of(client, f"/cases/import/{many.pk}/") == count_of(client, f"/cases/import/{one.pk}/")


def test_units_and_staff_are_imported_on_the_same_pages(cast, sign_in):
    client = sign_in(cast.administrator)
    content = b"kind,reference,name,email\nperson,p9,Pat New,pat@northbrook.example\nperson,p8,,x@y.example\n"
    response = client.post(NEW, {"kind": "people", "file": upload(content, "people.csv")})
    page = client.get(response.url).content.decode()
    assert "Import: 1 new" in page and "Pat New" in page and "There is no name" in page
    assert "Imported: 1 new." in client.post(f"{response.url}confirm/", follow=True).content.decode()


def work_off():
    """What a worker does."""
    while job := claim(START):
        run(job)


def test_a_large_file_is_read_by_a_job_and_not_kept(cast, sign_in, monkeypatch):
    monkeypatch.setattr(workflow, "READ_AT_ONCE", 10)
    client = sign_in(cast.pq_lead)
    response = client.post(NEW, {"kind": "case_files", "file": upload()})
    job = Job.objects.get()
    assert response.url == f"/jobs/{job.pk}/" and Upload.objects.count() == 1
    work_off()
    assert not Upload.objects.exists()
    assert client.get(response.url).url == f"/cases/import/{Import.objects.get().pk}/"


def test_a_large_file_that_cannot_be_read_is_said_by_its_job(cast, sign_in, monkeypatch):
    monkeypatch.setattr(workflow, "READ_AT_ONCE", 10)
    client = sign_in(cast.pq_lead)
    response = client.post(NEW, {"kind": "case_files", "file": upload(b"colour and size\nred\n")})
    work_off()
    assert "We do not know this list" in client.get(response.url).content.decode()
    assert not Upload.objects.exists()


def test_a_large_import_is_written_by_a_job_that_can_run_again(previewed, cast, sign_in, monkeypatch):
    monkeypatch.setattr(workflow, "WRITE_AT_ONCE", 0)
    client = sign_in(cast.pq_lead)
    response = client.post(f"/cases/import/{previewed.pk}/confirm/")
    assert response.url.startswith("/jobs/") and not CaseFile.objects.exists()
    work_off()
    Job.objects.update(state="waiting", finished_at=None)
    work_off()
    assert CaseFile.objects.count() == 1 and Involvement.objects.count() == 2
    assert client.get(response.url).url == f"/cases/import/{previewed.pk}/"


def test_a_job_whose_file_was_read_already_says_so(cast):
    with pytest.raises(JobFailed, match="read already"):
        working.read_upload({"upload": 0})
