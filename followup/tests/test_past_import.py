"""Past audits on the pages of imports and by command: previewed, confirmed once, all or nothing (B13)."""

import io
import json
from datetime import date, datetime

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from audit_portal.testing.factories import make_case
from audit_portal.testing.liveness import missing_duties
from audits.models import Audit
from casefiles import workflow
from casefiles.models import Import
from duties.models import Duty
from followup.tests.past import AT, COLUMNS, TEAM
from people.models import Staff

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TWO = f"{COLUMNS}\n3071846,2026-05,{TEAM},Inadequate,Grace Adeyemi,2,1\n3071847,2026-06,{TEAM},Good,,,\n"
ONE_BAD = f"{COLUMNS}\n3071846,2026-05,{TEAM},Brilliant,,,\n3071847,2026-06,{TEAM},Good,,,\n"


@pytest.fixture
def case_file(cast):
    return make_case("3071846", cast.team, cast.worker)


@pytest.fixture
def command(tmp_path):
    """Run the command on some content; what it printed and its exit code."""

    def run(content, *options):
        path = tmp_path / "past.csv"
        path.write_text(content)
        printed = io.StringIO()
        try:
            call_command("import_past_audits", str(path), *options, stdout=printed)
        except SystemExit as ended:
            return printed.getvalue(), ended.code
        return printed.getvalue(), 0

    return run


@pytest.fixture
def pq(client, cast):
    client.force_login(cast.pq_officer, backend=BACKEND)
    return client


def choose(client, content, name="past.csv"):
    file = SimpleUploadedFile(name, content.encode())
    return client.post("/cases/import/", {"kind": "past_audits", "file": file})


def test_a_list_is_previewed_then_confirmed_on_its_pages(pq, case_file):
    shown = pq.get(choose(pq, TWO).url)
    assert "Past audits" in shown.text and "Check before you import" in shown.text
    assert "2 new" in shown.text and "Open actions" in shown.text and "May 2026" in shown.text
    assert not Audit.objects.exists()
    imported = Import.objects.get()
    done = pq.post(f"/cases/import/{imported.pk}/confirm/", follow=True)
    assert "Imported: 2 new" in done.text
    assert Audit.objects.filter(is_past=True).count() == 2 and missing_duties() == []


def test_a_workbook_with_dates_and_numbers_is_read_as_well(cast, case_file):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Audits 2026")
        sheet.write_row(0, 0, ["Audits of the year"])
        sheet.write_row(2, 0, COLUMNS.split(","))
        sheet.write_row(3, 0, [3071846, "", TEAM, "Inadequate", "Adeyemi, Grace", 2, 1])
        sheet.write_datetime(3, 1, datetime(2026, 5, 17), book.add_format({"num_format": "mmm yyyy"}))  # noqa: DTZ001
    imported = workflow.preview(kind="past_audits", file_name="past.xlsx", content=content.getvalue(), by=cast.pq_lead,
                                at=AT)
    assert imported.refused == [] and imported.counts["new"] == 1
    workflow.confirm(imported=imported, by=cast.pq_lead, at=AT)
    audit = Audit.objects.get()
    assert (audit.month, audit.auditor, audit.open_round) == (date(2026, 5, 1), cast.auditor, 1)
    assert audit.part_b.actions.count() == 2


def test_a_second_confirm_does_nothing(pq, case_file):
    choose(pq, TWO)
    address = f"/cases/import/{Import.objects.get().pk}/confirm/"
    pq.post(address)
    assert "Nothing was done twice" in pq.post(address, follow=True).text
    assert Audit.objects.count() == 2 and Duty.objects.count() == 3


def test_a_preview_overtaken_by_the_same_list_becomes_stale(cast, case_file):
    given = {"kind": "past_audits", "file_name": "past.csv", "content": TWO.encode(), "by": cast.pq_lead, "at": AT}
    first, second = workflow.preview(**given), workflow.preview(**given)
    assert workflow.confirm(imported=first, by=cast.pq_lead, at=AT).status == "confirmed"
    assert workflow.confirm(imported=second, by=cast.pq_lead, at=AT).status == "stale"
    assert Audit.objects.count() == 2


def test_refused_rows_are_shown_with_reason_and_come_as_a_file(pq, cast):
    address = choose(pq, ONE_BAD).url
    assert "The grade “Brilliant” is not known" in pq.get(address).text
    assert "Brilliant" in pq.get(f"{address}refused.csv").text


def test_a_list_of_something_else_is_refused_beside_the_field(pq, cast):
    answer = choose(pq, "a,b\n1,2\n")
    assert "reference, month, team and grade" in answer.text and not Import.objects.exists()


@pytest.mark.parametrize("who", ["auditor", "team_manager", "administrator", "director"])
def test_only_performance_and_quality_import_past_audits(who, cast):
    with pytest.raises(PermissionDenied, match="import past audits"):
        workflow.preview(kind="past_audits", file_name="p.csv", content=TWO.encode(), by=getattr(cast, who), at=AT)


def test_an_administrator_is_not_offered_past_audits(client, cast):
    client.force_login(cast.administrator, backend=BACKEND)
    assert 'value="past_audits"' not in client.get("/cases/import/").text


def test_without_confirm_the_command_writes_nothing(command, case_file):
    printed, code = command(TWO)
    assert code == 0 and "nothing changed yet" in printed and "2 new" in printed
    assert not Audit.objects.exists()


def test_with_confirm_it_imports_as_the_lead_or_whom_it_is_told(command, case_file, cast):
    command(TWO, "--confirm")
    command(TWO.replace("2026-06", "2026-07"), "--confirm", "--as", cast.pq_officer.reference)
    who = Import.objects.order_by("pk").values_list("confirmed_by__name", flat=True)
    assert list(who) == ["Naomi Clarke", "Chidi Eze"]


def test_twice_is_as_once(command, case_file):
    command(TWO, "--confirm")
    printed, code = command(TWO, "--confirm", "--json")
    found = json.loads(printed)
    assert code == 0 and (found["new"], found["same"], found["changed"]) == (0, 2, 0)
    assert Audit.objects.count() == 2


def test_refused_rows_end_with_two_and_the_others_are_imported(command, cast):
    printed, code = command(ONE_BAD, "--confirm", "--json")
    found = json.loads(printed)
    assert code == 2 and (found["new"], found["refused"]) == (1, 1)
    assert found["refused_rows"][0]["column"] == "grade"
    assert Audit.objects.get().month == date(2026, 6, 1)


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", COLUMNS + "\n", "\x00\x00\x00\x00"])
def test_a_file_that_cannot_be_read_ends_with_one_and_a_sentence(content, command, cast):
    with pytest.raises(CommandError) as refused:
        command(content)
    assert str(refused.value).endswith(".")


def test_nobody_of_performance_and_quality_ends_with_one(command, cast):
    Staff.objects.filter(pk__in=[cast.pq_lead.pk, cast.pq_officer.pk]).update(is_active=False, left_on="2026-01-01")
    with pytest.raises(CommandError, match="lead first"):
        command(TWO)
