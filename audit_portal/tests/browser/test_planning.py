"""A round by browser: planned with a size, an exception and a theme, frozen, drawn, its certificate replayed."""

import json

import pytest

from allocations.months import month_name
from allocations.sampling import workflow as sampling
from audit_portal.testing.factories import START, load_s1, make_auditor, make_case, make_cast, plan_round
from audit_portal.tests.browser.test_writing import enter
from calendars.rules import add_months_clamped, today_in_london
from people.models import Staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEXT = add_months_clamped(today_in_london().replace(day=1), 1)
HERE = f"/rounds/{NEXT:%Y-%m}"
WHY = "No other free auditor signs"


@pytest.fixture
def council(transactional_db):
    """Three auditors, one of them of the team whose cases are drawn."""
    version, cast = load_s1(), make_cast()
    for number in range(6):
        make_case(f"307000{number}", cast.team, cast.worker, iro=cast.iro)
    make_auditor("Ines Duarte", cast.team)
    make_auditor("Anil Kapoor", cast.quality)
    return version, cast


@pytest.mark.req("S0-07", "S2-03", "S2-05", "S4-07")
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_round_is_planned_settled_drawn_and_replayed(script, council, person, tmp_path):
    naomi = person(script=script)
    enter(naomi, council[1].pq_lead, "/rounds/")
    plan(naomi)
    settle(naomi)
    naomi.press("Freeze the frame and commit the seed")
    naomi.press("Draw the list")
    naomi.sees("2 of 2 audits have an auditor")
    naomi.sees("Theme: Domestic abuse")
    naomi.sees(WHY)
    naomi.open(f"{HERE}/frame/")
    naomi.sees("Ines Duarte may have 6 cases.")
    naomi.open(f"{HERE}/draw/")
    naomi.press("Replay this draw")
    naomi.sees("The same list again: 2 cases.")
    replay_files(naomi, tmp_path)


def press_in_vain(naomi, name, said):
    """The page that comes back says what is wrong; a refused form is an error on the console too."""
    naomi.page.get_by_role("button", name=name).first.click()
    naomi.page.get_by_text(said).first.wait_for()
    assert all("422" in problem for problem in naomi.problems)
    naomi.problems.clear()
    naomi.look()


def plan(naomi):
    naomi.follow("Plan another round")
    naomi.page.get_by_label("Month", exact=True).first.select_option(label=month_name(NEXT))
    naomi.fill("How many cases?", "nine")
    press_in_vain(naomi, "Plan this round", "Give a whole number of cases")
    naomi.fill("How many cases?", "2")
    naomi.press("Plan this round")
    naomi.sees(f"{month_name(NEXT)} is planned")
    naomi.follow("3 Frame")


def settle(naomi):
    naomi.follow("Allow an auditor a case of their own team")
    naomi.page.get_by_label("Auditor").select_option(label="Ines Duarte")
    naomi.choose("Every case of their own team and group")
    naomi.fill("Why?", WHY)
    naomi.press("Allow it")
    naomi.sees("Ines Duarte may have these cases.")
    naomi.follow("Add a theme")
    naomi.fill("Name", "Domestic abuse")
    naomi.fill("Why?", "The inspection asked for it")
    naomi.fill("How many cases are drawn?", "1")
    naomi.fill("From which cases?", "3070001\n3071111")
    press_in_vain(naomi, "Add this theme", "No case file has the reference 3071111.")
    naomi.fill("From which cases?", "3070001\n3070002")
    naomi.press("Add this theme")
    naomi.sees("1 of 2 named")


def replay_files(naomi, folder):
    """The certificate as it was downloaded, and a copy in which somebody exchanged two cases."""
    answer = naomi.page.request.get(f"{naomi.address}{HERE}/certificate.json")
    (folder / "certificate.json").write_bytes(answer.body())
    tampered = json.loads(answer.body())
    first, second = tampered["result"]
    first["case"], second["case"] = second["case"], first["case"]
    (folder / "tampered.json").write_text(json.dumps(tampered))
    upload(naomi, folder / "certificate.json")
    naomi.sees("The same list again: 2 cases.")
    upload(naomi, folder / "tampered.json")
    naomi.sees("Not the same.")
    naomi.sees(f"In the list, number 1: the certificate says {first['case']} to {first['auditor']}")
    (folder / "cases.csv").write_text("reference,category\n")
    choose(naomi, folder / "cases.csv")
    press_in_vain(naomi, "Replay this certificate", "It is not JSON")


def choose(naomi, file):
    naomi.open("/rounds/replay/")
    naomi.page.set_input_files("input[type=file]", str(file))


def upload(naomi, file):
    choose(naomi, file)
    naomi.press("Replay this certificate")


def test_the_pages_of_planning_are_fit_for_a_phone(council, person):
    version, cast = council
    round = plan_round(cast, version, NEXT)
    ines = Staff.objects.get(name="Ines Duarte")
    sampling.allow_same_team(round=round, auditor=ines, reason=WHY, by=cast.pq_lead, at=START)
    sampling.set_theme(round=round, name="Neglect", reason="Research", wanted=1, cases="3070001", by=cast.pq_lead,
                       at=START)
    naomi = person(phone=True)
    enter(naomi, cast.pq_lead, "/rounds/plan/")
    for place in ("frame/", "frame/size/", "frame/overrides/add/", "frame/themes/add/"):
        naomi.open(f"{HERE}/{place}")
    naomi.open("/rounds/replay/")
    naomi.open("/rounds/")
    naomi.open(f"{HERE}/frame/")
    naomi.press("Freeze the frame and commit the seed")
    naomi.press("Draw the list")
    naomi.open(f"{HERE}/frame/")
