"""Lists of seven shapes: at most one question the first time, none the second, the same case files twice."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit_portal.testing.exports import EXPORTS
from audit_portal.testing.factories import make_case
from casefiles.models import CaseFile, Import, KnownWord, Source, Upload
from casefiles.reading.case_list import category_of
from people.models import Unit

pytestmark = pytest.mark.django_db
NEW = "/cases/import/"
COUNT = 400


def send(client, export, content):
    """Choose the file; the import that comes of it."""
    client.post(NEW, {"kind": "case_files", "file": SimpleUploadedFile(export.file_name, content)})
    return Import.objects.order_by("-pk").first()


@pytest.mark.req("S2-03")
@pytest.mark.parametrize("export", EXPORTS, ids=[export.name for export in EXPORTS])
def test_a_list_of_any_shape_imports_with_one_question_at_most_and_then_with_none(export, cast, sign_in):
    client, content = sign_in(cast.pq_officer), export.write(COUNT)
    first = send(client, export, content)
    assert (first.status == Import.Status.COLUMNS) == bool(export.says)
    if export.says:
        page = client.post(f"{NEW}{first.pk}/columns/", {"list_name": export.name, **export.says})
        assert page.url == f"{NEW}{first.pk}/"
        first.refresh_from_db()
    assert (first.counts["refused"], first.counts["new"]) == (0, first.counts["open_after"])
    client.post(f"{NEW}{first.pk}/confirm/")
    assert CaseFile.objects.open().count() == first.counts["new"] > COUNT * 0.9
    assert not CaseFile.objects.exclude(category__in=["contact", "early_help"]).filter(worker=None).exists()

    second = send(client, export, content)
    assert second.status == Import.Status.PREVIEWED
    assert [second.counts[name] for name in ("new", "changed", "moved", "closed", "refused")] == [0] * 5
    assert second.counts["same"] == first.counts["new"] and not Upload.objects.exists()


@pytest.mark.parametrize("export", EXPORTS, ids=[export.name for export in EXPORTS])
def test_no_name_of_a_child_and_no_date_of_birth_is_kept(export, cast, sign_in):
    client = sign_in(cast.pq_officer)
    imported = send(client, export, export.write(40))
    if export.says:  # as a browser would: what was guessed, with what a person says on top
        guessed = {f"column_{heading['guess']}": heading["name"] for heading in imported.headings if heading["guess"]}
        client.post(f"{NEW}{imported.pk}/columns/", {"list_name": export.name, **guessed, **export.says})
        imported.refresh_from_db()
    assert imported.status == Import.Status.PREVIEWED and imported.counts["refused"] == 0
    assert "Invented" not in everything(imported) and "2014" not in everything(imported)


def everything(imported):
    """All that an import keeps."""
    return str(Import.objects.filter(pk=imported.pk).values().get())


@pytest.mark.parametrize("fact", ["subject_kind", "plan_started_on", "age_band", "disability", "restricted",
                                  "sibling_group", "reference", "ended", "age", "born"])
def test_a_column_with_names_of_children_chosen_by_mistake_leaves_none_behind(fact, load, cast, sign_in):
    names = ["Sam Carter", "Ali Frost", "Jo Marsh"]
    imported = load([f"1{at},{name}" for at, name in enumerate(names)], heading="Nr,Person", confirm=False)
    said = {"column_reference": "Nr", f"column_{fact}": "Person", "category_of_all": "in_need"}
    columns(sign_in(cast.pq_lead), imported, **said)
    assert not any(word in everything(imported) for name in names for word in name.split())


@pytest.mark.parametrize("fact", ["worker", "team", "category", "iro"])
def test_a_column_in_which_every_row_differs_is_no_worker_team_or_category(fact, load, cast, sign_in):
    lines = [f"{number},Sam Carter{number}" for number in range(100, 200)]
    imported = load(lines, heading="Nr,Person", confirm=False)
    said = {"column_reference": "Nr", f"column_{fact}": "Person", "category_of_all": "in_need"}
    page = columns(sign_in(cast.pq_lead), imported, **said).content.decode()
    assert "Does it hold names of children?" in page
    assert "Carter" not in everything(imported)


@pytest.mark.parametrize("words, category", [
    ("CLA - Looked After", "in_care"), ("CP Plan (Child Protection)", "protection"), ("Open CIN case", "in_need"),
    ("Ended CP plan", ""), ("CIN / CP", ""), ("Edge of care", ""), ("Plan", ""),
])
def test_a_category_is_only_known_where_no_word_speaks_against_it(words, category):
    assert category_of(words) == category


def columns(client, imported, **said):
    return client.post(f"{NEW}{imported.pk}/columns/", {"list_name": "Ours", "holds": "all", **said})


@pytest.fixture
def unnamed(load):
    """A list whose columns nobody named."""
    return load(["12,CIN East 9,In need,Tomas Nowack", "13,Children in Need East 2,Edge of care,Tomasz Nowak"],
                heading="Nr,Desk,Sort,Holder", confirm=False)


@pytest.mark.parametrize("said, words", [
    ({}, "Choose the column with the case reference"),
    ({"column_reference": "Nr"}, "Choose the column with the category"),
    ({"column_reference": "Nr", "column_category": "Nr"}, "“Nr” is chosen for case reference already"),
    ({"column_reference": "Nr", "column_category": "Sort", "list_name": ""}, "Give this list a name"),
    ({"column_reference": "Nr", "column_category": "Sort", "holds": "x"}, "Choose what this list holds"),
    ({"column_reference": "Nr", "holds": "adds"}, "Choose at least one column with people"),
    ({"column_reference": "Nonsense", "column_category": "Sort"}, "Choose the column with the case reference"),
])
def test_columns_that_do_not_do_are_said_and_what_was_chosen_stays(said, words, unnamed, cast, sign_in):
    response = columns(sign_in(cast.pq_lead), unnamed, **{"column_worker": "Holder", **said})
    page = response.content.decode()
    assert response.status_code == 200 and words in page and "<title>Error: Which column is which" in page
    assert '<option value="Holder" selected>' in page and not Source.objects.exists()


def test_words_that_match_nothing_are_asked_once_and_remembered(unnamed, load, cast, sign_in):
    client = sign_in(cast.pq_lead)
    columns(client, unnamed, column_reference="Nr", column_team="Desk", column_category="Sort", column_worker="Holder")
    unnamed.refresh_from_db()
    asked = [(word["kind"], word["word"]) for word in unnamed.counts["words"]]
    assert sorted(asked) == [("category", "Edge of care"), ("person", "Tomas Nowack"), ("team", "CIN East 9")]
    page = client.get(f"{NEW}{unnamed.pk}/words/").content.decode()
    assert "Category: “Edge of care”, 1 case" in page and "Perhaps" not in page
    said = {"category": "assessment", "person": "Tomasz Nowak", "team": "Children in Need East 2"}
    answers = {f"means_{at}": said[kind] for at, (kind, _) in enumerate(asked)}
    client.post(f"{NEW}{unnamed.pk}/words/", answers)
    client.post(f"{NEW}{unnamed.pk}/confirm/")
    files = {file.reference: (file.category, file.team, file.worker) for file in CaseFile.objects.with_people()}
    assert files == {"12": ("in_need", cast.team, cast.worker), "13": ("assessment", cast.team, cast.worker)}
    again = load(["14,cin-east 9,EDGE OF CARE,\"nowack, tomas\""], heading="Nr,Desk,Sort,Holder", confirm=False)
    assert again.counts["words"] == [] and again.counts["new"] == 1 and again.source is None
    assert again.counts["read_as"] == {"source": "Ours"}


def test_what_is_nothing_is_remembered_too(unnamed, load, cast, sign_in):
    client = sign_in(cast.pq_lead)
    columns(client, unnamed, column_reference="Nr", column_team="Desk", column_category="Sort", column_worker="Holder")
    client.post(f"{NEW}{unnamed.pk}/words/", {f"nothing_{at}": "on" for at in range(3)})
    unnamed.refresh_from_db()
    assert unnamed.counts["words"] == [] and (unnamed.counts["new"], unnamed.counts["refused"]) == (1, 0)
    assert "Of a category that you do not audit" in [note["text"] for note in unnamed.notes]


@pytest.mark.parametrize("answers, words", [
    ({}, "Say what at least one of these means"), ({"means_1": "Nobody Atall"}, "There is no “Nobody Atall”"),
    ({"means_0": "assessment", "nothing_0": "on"}, "Do one of the two"),
])
def test_words_that_are_answered_wrongly_are_said_and_stay(answers, words, unnamed, cast, sign_in):
    client = sign_in(cast.pq_lead)
    columns(client, unnamed, column_reference="Nr", column_team="Desk", column_category="Sort", column_worker="Holder")
    page = client.post(f"{NEW}{unnamed.pk}/words/", answers).content.decode()
    assert words in page and not KnownWord.objects.exists()
    assert all(value in page for value in answers.values())


def test_what_is_forgotten_is_asked_again(unnamed, load, cast, sign_in):
    client = sign_in(cast.pq_lead)
    columns(client, unnamed, column_reference="Nr", column_team="Desk", column_category="Sort", column_worker="Holder")
    client.post(f"{NEW}{unnamed.pk}/words/", {"nothing_0": "on"})
    page = client.get(f"{NEW}remembered/").content.decode()
    assert "Ours" in page and "Nothing: it is left empty or out" in page
    client.post(f"{NEW}remembered/list/{Source.objects.get().pk}/forget/")
    client.post(f"{NEW}remembered/word/{KnownWord.objects.get().pk}/forget/")
    again = load(["12,CIN East 9,In need,A"], heading="Nr,Desk,Sort,Holder", confirm=False)
    assert again.status == Import.Status.COLUMNS


@pytest.mark.req("S4-06")
def test_initial_contacts_get_the_team_that_answers_for_them(load, cast, sign_in):
    imported = load(["77,Initial contact,,", "78,Early help,,"], confirm=False)
    assert [word["kind"] for word in imported.counts["words"]] == ["team_of", "team_of"]
    front = Unit.objects.get(pk=cast.other_team.pk)
    client = sign_in(cast.pq_lead)
    client.post(f"{NEW}{imported.pk}/words/", {"means_0": front.name, "nothing_1": "on"})
    client.post(f"{NEW}{imported.pk}/confirm/")
    teams = {file.category: file.team for file in CaseFile.objects.with_people()}
    assert teams == {"contact": front, "early_help": None}
    assert load(["79,Initial contact,,", "80,Early help,,"], confirm=False).counts["words"] == []


def test_a_person_may_ask_to_name_the_columns_of_any_list(cast, sign_in):
    client = sign_in(cast.pq_lead)
    content = b"reference,category,team,worker\n12,CIN,E,A\n"
    client.post(NEW, {"kind": "case_files", "file": SimpleUploadedFile("a.csv", content), "asks": "on"})
    assert Import.objects.get().status == Import.Status.COLUMNS


def test_reviewing_officers_come_as_a_list_of_their_own_and_close_nothing(load, cast):
    make_case("12", cast.team, cast.worker)
    make_case("13", cast.team, cast.worker)
    imported = load(["12,Maureen Doyle", "99,Maureen Doyle"], heading="Case reference,IRO")
    assert CaseFile.objects.get(reference="12").iro == cast.iro
    assert (imported.counts["changed"], imported.counts["closed"], imported.counts["refused"]) == (1, 0, 1)
    assert "is not in the portal" in imported.refused[0]["reason"]


def test_corrected_rows_are_loaded_again_and_close_nothing(load, cast, sign_in):
    team = cast.team.name
    heading = "reference,category,team,worker,referral date"
    lines = [f"1,CIN,{team},Amy Lowther,01/02/2026", f"2,CP,{team},Tomasz Nowak,31/02/2026", f"3,Odd,{team},A,"]
    imported = load(lines, heading=heading)
    refused = sign_in(cast.pq_lead).get(f"{NEW}{imported.pk}/refused.csv").content.decode("utf-8-sig")
    corrected = refused.replace(",Odd,", ",CIN,").replace(",31/02/2026,", ",28/02/2026,", 1)
    again = load(corrected.encode())
    assert again.counts["closed"] == 0 and again.counts["new"] == 2 and again.counts["refused"] == 0
    assert CaseFile.objects.open().count() == 3
    assert f"This file brings rows again that import {imported.pk} refused" in [note["text"] for note in again.notes]


def test_two_columns_of_one_name_and_one_that_looks_like_them_are_told_apart(load, cast, sign_in):
    heading, line = "Nr,Name,Name,Name (2),Sort", f"12,Child,Tomasz Nowak,{cast.team.name},In need"
    imported = load([line], heading=heading, confirm=False)
    columns(sign_in(cast.pq_lead), imported, column_reference="Nr", column_worker="Name (2)", column_category="Sort")
    assert load([line], heading=heading).status == Import.Status.CONFIRMED
    assert CaseFile.objects.get().worker == cast.worker


@pytest.mark.parametrize("step", ["confirm/", "again/", "throw-away/"])
@pytest.mark.parametrize("state", ["unnamed", "confirmed", "thrown away", "stale"])
def test_a_step_that_does_not_fit_leads_to_a_page_and_changes_nothing(step, state, unnamed, load, cast, sign_in):
    client, imported = sign_in(cast.pq_lead), unnamed
    if state == "confirmed":
        imported = load([f"1,CIN,{cast.team.name},A"])
    elif state == "thrown away":
        client.post(f"{NEW}{unnamed.pk}/throw-away/")
    elif state == "stale":
        imported = load([f"1,CIN,{cast.team.name},A"], confirm=False)
        Import.objects.filter(pk=imported.pk).update(status="stale")
    before = CaseFile.objects.count()
    answer = client.post(f"{NEW}{imported.pk}/{step}", follow=True)
    assert answer.status_code in {200, 409} and CaseFile.objects.count() == before
