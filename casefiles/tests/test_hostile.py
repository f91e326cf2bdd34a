"""Files that mean harm or are simply broken: each one a clear sentence or a clean reading, never a fault (T-S5)."""

import subprocess
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit_portal.testing import hostile
from audit_portal.testing.factories import START
from audit_portal.testing.hostile import CLEAN, FILES, REFUSED, Hostile
from casefiles.models import CaseFile, Import, Upload
from casefiles.reading import apart
from casefiles.reading.results import BadFile
from casefiles.tests.reading import read_cases, read_people
from casefiles.workflow import plain_name
from jobs.workflow import claim, run

TODAY = date(2026, 11, 18)
NEW = "/cases/import/"


def of(*outcomes: str) -> list:
    return [pytest.param(file, id=file.name) for file in FILES if file.outcome in outcomes]


def content_of(name: str) -> bytes:
    return next(file for file in FILES if file.name == name).make()


def test_there_are_enough_of_them():
    assert len({file.name for file in FILES}) == len(FILES) >= 60


@pytest.mark.parametrize("file", of(REFUSED))
def test_a_file_that_cannot_be_read_gets_one_sentence(file: Hostile):
    content = file.make()
    for read in (lambda given: read_cases(given, TODAY), read_people):
        with pytest.raises(BadFile) as bad:
            read(content)
        sentence = str(bad.value)
        assert sentence.endswith((".", "?")) and sentence[0].isupper() and len(sentence) < 500


@pytest.mark.parametrize("file", of(CLEAN))
def test_a_list_with_bad_rows_gives_the_good_ones_and_names_the_bad(file: Hostile):
    reading = read_cases(file.make(), TODAY)
    assert reading.rows
    assert all(bad.row and bad.reason and bad.todo for bad in reading.refused)


@pytest.mark.req("T-S5")
@pytest.mark.django_db
@pytest.mark.parametrize("file", of(REFUSED, CLEAN))
def test_every_file_is_answered_with_a_page_and_writes_no_case_file(file: Hostile, cast, sign_in):
    client = sign_in(cast.pq_officer)
    answer = client.post(NEW, {"kind": "case_files", "file": SimpleUploadedFile(file.file_name, file.make())})
    while job := claim(START):
        run(job)
    page = client.get(answer.url, follow=True) if answer.status_code == 302 else answer
    assert page.status_code == 200 and "Something went wrong" not in page.content.decode()
    assert Import.objects.exists() == (file.outcome == CLEAN)
    assert not Upload.objects.exists() and not CaseFile.objects.exists()


@pytest.mark.parametrize("name, kept", [
    ("a name that climbs", "passwd"), ("a name of another system", "list.csv"),
    ("a name that turns round", "listvsc.exe"), ("a name without end", "a" * 116 + ".csv"),
])
def test_of_a_file_s_name_only_its_last_part_is_kept(name, kept):
    assert plain_name(next(file for file in FILES if file.name == name).file_name) == kept


def test_the_process_apart_has_no_secrets_and_little_memory(monkeypatch):
    seen = {}
    real = subprocess.Popen

    def looked_at(arguments, **options):
        seen.update(options["env"])
        return real(arguments, **options)

    monkeypatch.setenv("SECRET_KEY", "a secret")
    monkeypatch.setattr(apart.subprocess, "Popen", looked_at)
    with apart.open_tables(content_of("duplicates")) as tables:
        limits = Path(f"/proc/{tables[0].reader.process.pid}/limits").read_text()
    assert seen.keys() <= {"PATH", "PYTHONDONTWRITEBYTECODE"}
    assert f"Max data size             {apart.MOST_MEMORY}" in limits


def test_a_process_that_dies_or_takes_too_long_gives_a_sentence(monkeypatch):
    with pytest.raises(BadFile, match="more memory or time"), apart.open_tables(content_of("duplicates")) as tables:
        tables[0].reader.process.kill()
        list(tables[0].open())
    monkeypatch.setattr(apart, "MOST_SECONDS", 0)
    with pytest.raises(BadFile, match="more memory or time"), apart.open_tables(content_of("duplicates")) as tables:
        list(tables[0].open())


def test_a_question_that_was_broken_off_does_not_mix_with_the_next():
    lines = "".join(f"{number},CIN,E,A\n" for number in range(3_000))
    with apart.open_tables((hostile.HEADING + lines).encode()) as [table]:
        assert next(table.open())[0] == 1
        assert len(list(table.open(20))) == 20
        assert len(list(table.open())) == 3_001


def test_every_bad_row_of_the_dates_is_refused():
    assert [bad.reference for bad in read_cases(content_of("mixed date orders"), TODAY).refused] == ["2"]
    assert [bad.reference for bad in read_cases(content_of("years 1900 and 2199"), TODAY).refused] == ["1", "2"]


def test_a_formula_is_read_as_its_result():
    assert [found.reference for found in read_cases(content_of("formulas"), TODAY).rows] == ["12"]


def test_sizes_in_headers_are_not_believed():
    with zipfile.ZipFile(BytesIO(hostile.lying_bomb())) as archive:
        assert archive.getinfo("xl/worksheets/sheet9.xml").file_size == 10
    with pytest.raises(BadFile, match="too large when it is unpacked"):
        read_cases(hostile.lying_bomb(), TODAY)
