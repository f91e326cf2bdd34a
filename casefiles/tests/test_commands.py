"""The import commands: words or JSON, and exit codes a nightly job can rely on."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from casefiles.models import CaseFile, Import
from casefiles.tests.workbook import row, workbook
from people.models import Staff

pytestmark = pytest.mark.django_db
TWO = "reference,category,team,worker\n1,CIN,Children in Need East 2,A\n,CIN,X,Y\n"


@pytest.fixture
def command(tmp_path):
    """Run an import command on some content; what it printed and its exit code."""

    def run(name, content, *options):
        path = tmp_path / "list.any"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        printed = io.StringIO()
        try:
            call_command(name, str(path), *options, stdout=printed)
        except SystemExit as ended:
            return printed.getvalue(), ended.code
        return printed.getvalue(), 0

    return run


def test_without_confirm_nothing_is_written(command, cast):
    printed, code = command("import_casefiles", workbook({7: [row(7, 3071846)]}))
    assert code == 0 and "nothing changed yet" in printed and "1 new" in printed and "Child protection" in printed
    assert not CaseFile.objects.exists()


def test_with_confirm_the_pq_lead_imports(command, cast):
    command("import_casefiles", workbook({7: [row(7, 3071846)]}), "--confirm")
    assert CaseFile.objects.get().worker == cast.worker
    assert Import.objects.get().confirmed_by == cast.pq_lead


def test_somebody_else_may_be_named(command, cast):
    command("import_casefiles", workbook({7: [row(7, 3071846)]}), "--confirm", "--as", cast.pq_officer.reference)
    assert Import.objects.get().confirmed_by == cast.pq_officer


def test_a_list_that_broke_off_closes_nothing_by_night(command, cast):
    lines = [f"{number},CIN,{cast.team.name},Tomasz Nowak" for number in range(100, 130)]
    whole, half = ("\n".join(["reference,category,team,worker", *some]).encode() for some in (lines, lines[:15]))
    command("import_casefiles", whole, "--confirm")
    with pytest.raises(CommandError, match="closes 15 cases"):
        command("import_casefiles", half, "--confirm")
    assert CaseFile.objects.open().count() == 30
    command("import_casefiles", half, "--confirm", "--close-many")
    assert CaseFile.objects.open().count() == 15


def test_json_holds_figures_notes_and_refused_rows(command, cast):
    printed, code = command("import_casefiles", TWO, "--json")
    found = json.loads(printed)
    assert code == 2 and (found["new"], found["refused"], found["status"]) == (1, 1, "previewed")
    assert found["refused_rows"][0]["row"] == 3 and found["notes"]


def test_refused_rows_end_with_two_and_the_others_are_imported(command, cast):
    printed, code = command("import_casefiles", TWO, "--confirm")
    assert code == 2 and "Refused: List, row 3" in printed and CaseFile.objects.count() == 1


@pytest.mark.parametrize("name", ["import_casefiles", "import_people"])
def test_a_file_that_cannot_be_read_ends_with_one(name, command, cast):
    with pytest.raises(CommandError) as failed:
        command(name, b"colour,size\nred,4\n")
    assert failed.value.returncode == 1


@pytest.mark.parametrize("options, words", [
    (("--as", "nobody"), "Nobody has the staff number"), (("--as", "tomasz.nowak"), "Only Performance and Quality"),
])
def test_who_may_not_import_gets_a_sentence(options, words, command, cast):
    with pytest.raises(CommandError, match=words):
        command("import_casefiles", workbook({7: [row(7, 1)]}), *options)


def test_a_file_that_is_not_there_gets_a_sentence(cast):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_casefiles", "/nowhere/list.csv")


def test_case_files_before_people_get_a_sentence(command, db):
    with pytest.raises(CommandError, match="Performance and Quality lead"):
        command("import_casefiles", workbook({7: [row(7, 1)]}))


def test_people_come_first_on_an_empty_installation(command, db):
    people = ("kind,reference,name,parent,manager,email,unit,roles\n"
              "directorate,care,Social Care,,p1,,,\nperson,p1,Naomi Clarke,,,naomi@n.example,care,qa_lead\n")
    printed, code = command("import_people", people, "--confirm")
    assert code == 0 and "2 new" in printed
    command("import_people", people.replace("Clarke", "Clarke-Hall"), "--confirm")
    assert Import.objects.order_by("-pk").first().confirmed_by == Staff.objects.get(reference="p1")
    assert Staff.objects.get(reference="p1").name == "Naomi Clarke-Hall"
