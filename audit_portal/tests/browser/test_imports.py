"""Loading a list as P&Q do: its columns named once, a refused row corrected, a correction that survives; with script
and without.
"""

import pytest

from audit_portal.testing.factories import load_s1, make_cast
from audit_portal.tests.browser.test_writing import enter
from casefiles.models import CaseFile

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADING = "Nr;Child;Desk;Sort;Holder;Seen\n"
TEAM = "Children in Need East 2"
FIRST = HEADING + f"12;Sam;{TEAM};In need;Tomasz Nowak;1/9/2026\n13;Ali;CIN E 2;Edge of care;Nowak, Tomasz;31/2/2026\n"


@pytest.fixture
def cast(transactional_db):
    """A council without case files."""
    load_s1()
    return make_cast()


def choose(visitor, path, content):
    """The file chosen and read."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode("cp1252"))
    visitor.open("/cases/import/")
    visitor.choose("Case files")
    visitor.page.set_input_files("input[type=file]", str(path))
    visitor.press("Read the list and show what would change")


def pick(visitor, label, option):
    """An option by the beginning of its words."""
    box = visitor.page.get_by_label(label, exact=True)
    words = [text for text in box.locator("option").all_inner_texts() if text.startswith(option)]
    box.select_option(label=words[0])


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_list_nobody_has_met_is_explained_corrected_and_imported(script, cast, person, tmp_path):
    naomi = person(script=script)
    enter(naomi, cast.pq_lead, "/cases/")
    choose(naomi, tmp_path / "our list.csv", FIRST)
    naomi.sees("Which column is which?")
    for label, column in (("Case reference", "Nr"), ("Category", "Sort"), ("Team", "Desk"), ("Worker", "Holder"),
                          ("Date of referral", "Seen")):
        pick(naomi, label, f"{column} (")
    naomi.press("Read the list with these columns")
    naomi.sees("Nothing changed yet")
    naomi.sees("The date 31/2/2026 does not exist")
    naomi.sees("Child")  # named among what is left out
    assert "Sam" not in naomi.page.inner_text("main")
    refused = download(naomi, "Download the refused row as CSV")
    naomi.press("Import: 1 new")
    naomi.sees("Imported: 1 new.")

    corrected = refused.replace(b"31/2/2026", b"28/2/2026")
    choose(naomi, tmp_path / "refused.csv", corrected)
    naomi.sees("Only these rows are loaded. Nothing is closed.")
    naomi.follow("Match 2 names before you import")
    naomi.page.get_by_label("Which category is this?").select_option("assessment")
    naomi.fill("Which team is this?", TEAM)
    naomi.press("Remember this and work the list out again")
    naomi.sees("Remembered: 2 words.")
    naomi.press("Import: 1 new")
    assert list(CaseFile.objects.open().values_list("reference", "category", "team__name", "worker__name")) == [
        ("12", "in_need", TEAM, "Tomasz Nowak"), ("13", "assessment", TEAM, "Tomasz Nowak")]

    choose(naomi, tmp_path / "our list.csv", FIRST.replace("31/2/2026", "28/2/2026"))
    naomi.sees("2\nnothing to do")  # the second time nobody is asked, and nothing changes
    naomi.press("Throw this list away")
    naomi.sees("Thrown away: our list.csv. Nothing of it was imported.")


def download(visitor, name):
    """What a link gives."""
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("link", name=name).click()
    return waiting.value.path().read_bytes()


@pytest.mark.req("B12")
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_corrected_worker_survives_the_list_until_it_agrees(script, cast, person, tmp_path):
    naomi, path = person(script=script), tmp_path / "cases.csv"
    enter(naomi, cast.pq_lead, "/cases/")
    wrong = f"reference,category,team,worker\n12,CIN,{TEAM},Tomasz Nowak\n"
    choose(naomi, path, wrong)
    naomi.press("Import: 1 new")
    naomi.open("/cases/12/")
    naomi.follow("Correct the worker")
    naomi.fill("Name of the worker", "Amy Lowther")
    naomi.press("Correct the worker")
    naomi.sees("The list still says Tomasz Nowak.")

    choose(naomi, path, wrong)
    naomi.press("Import: nothing to change")
    assert CaseFile.objects.get().worker == cast.other_worker

    choose(naomi, path, wrong.replace("Tomasz Nowak", "Amy Lowther"))
    naomi.sees("Corrected here, and the list agrees now")
    naomi.press("Import: nothing to change")
    naomi.open("/cases/12/")
    assert "The list still says" not in naomi.page.inner_text("main")
    assert CaseFile.objects.get().worker == cast.other_worker
