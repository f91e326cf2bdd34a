"""Units and staff from a list: references tie rows together, nobody is taken away."""

import csv
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit_portal.testing.factories import START, plan_round
from casefiles import workflow
from casefiles.models import Import
from casefiles.reading.results import BadFile
from casefiles.tests.reading import read_people
from duties.workflow import open_duty
from people.lines import system_actor
from people.models import Auditor, Staff, Unit
from people.roles import Role
from people.workflow import add_staff

HEADING = ("kind,reference,name,parent,manager,email,job_title,phone,unit,line_manager,roles,auditor,trained_on,"
           "out_of_hours_phone,quality")
COUNCIL = [
    "directorate,care,Social Care,,p2,,,,,,,,,,", "service,cin,Children in Need,care,,,,,,,,,,,",
    "group,east,East,cin,,,,,,,,,,,", "team,east2,East 2,east,p3,,,01632 960 001,,,,,,01632 960 999,",
    "directorate,improve,Improvement,,,,,,,,,,,,yes",
    "person,p1,Naomi Clarke,,,naomi@n.example,Lead,01632 960 140,improve,,qa_lead;moderator,no,,,",
    "person,p2,Anna Assist,,,anna@n.example,,,care,,,,,,",
    "person,p3,\"Manager, Tess\",,,tess@n.example,,,east2,p2,,yes,01/02/2026,,",
    "person,p4,Jae Vang,,,jae@n.example,,,east2,p3,Social worker or personal adviser,,,,",
]
LATER = START + timedelta(days=30)


def read(*lines, heading=HEADING):
    return read_people("\n".join([heading, *lines]).encode())


@pytest.fixture
def load_people(db):
    def loaded(lines, by=None, at=START, heading=HEADING):
        by = by or Staff.objects.working().filter(reference="p1").first() or system_actor()
        content = "\n".join([heading, *lines]).encode()
        imported = workflow.preview(kind="people", file_name="people.csv", content=content, by=by, at=at)
        return workflow.confirm(imported=imported, by=by, at=at)

    return loaded


def test_the_first_list_of_an_empty_installation_is_loaded_by_the_portal(load_people):
    imported = load_people(COUNCIL)
    assert imported.counts["new"] == 9 and imported.confirmed_by == system_actor()
    lead, tess = Staff.objects.get(reference="p1"), Staff.objects.get(reference="p3")
    assert lead.hats().roles == {"qa_lead", "moderator"}
    assert tess.folded_name == "tess manager" and tess.hats().wears("team_manager")
    assert tess.line_manager.reference == "p2"
    assert not tess.has_usable_password()


@pytest.mark.django_db
def test_the_portal_itself_loads_nothing_once_somebody_is_there(load_people):
    load_people(COUNCIL)
    with pytest.raises(PermissionDenied):
        load_people(COUNCIL, by=system_actor())


def test_units_stand_in_their_tree(load_people):
    load_people(COUNCIL)
    team = Unit.objects.get(reference="east2")
    above = [Unit.objects.get(pk=pk).reference for pk in team.ids_upwards()]
    assert above == ["east2", "east", "cin", "care"]
    assert (team.phone, team.out_of_hours_phone, team.manager.reference) == ("01632 960 001", "01632 960 999", "p3")
    assert Unit.objects.get(reference="improve").is_quality_service


def test_a_unit_that_moves_takes_all_below_with_it(load_people):
    load_people(COUNCIL)
    load_people(["service,ff,First Front,care,,,,,,,,,,,", "group,east,East,ff,,,,,,,,,,,"], at=LATER)
    team = Unit.objects.get(reference="east2")
    assert team.path.startswith(Unit.objects.get(reference="ff").path)


def test_auditors_are_registered_and_their_training_renewed(load_people):
    load_people(COUNCIL)
    entry = Auditor.objects.get()
    assert (entry.staff.reference, entry.joined_on, entry.trained_on) == ("p3", START.date(), date(2026, 2, 1))
    Auditor.objects.update(left_on=date(2026, 11, 3))
    load_people(["person,p3,Tess Manager,,,tess@n.example,,,east2,p2,,yes,2026-11-20,,"], at=LATER)
    entry.refresh_from_db()
    assert (entry.left_on, entry.trained_on) == (None, date(2026, 11, 20))


def test_the_same_list_again_changes_nothing(load_people):
    load_people(COUNCIL)
    imported = load_people(COUNCIL, at=LATER)
    assert (imported.counts["same"], imported.counts["new"], imported.counts["changed"]) == (9, 0, 0)


def test_an_empty_cell_changes_nothing_and_nobody_is_taken_away(load_people):
    load_people(COUNCIL)
    imported = load_people(["person,p1,Naomi Clarke-Hall,,,naomi@n.example,,,,,,,,,"], at=LATER)
    lead = Staff.objects.get(reference="p1")
    assert imported.plan["parts"] == [{"title": "changed", "total": 1, "headings": ["Unit or person", "What changes"],
                                       "rows": [["Naomi Clarke-Hall", "Name"]]}]
    assert (lead.name, lead.phone, lead.unit.reference) == ("Naomi Clarke-Hall", "01632 960 140", "improve")
    assert lead.hats().is_pq and Staff.objects.working().count() == 4


def test_a_password_survives_the_list(load_people):
    load_people(COUNCIL)
    lead = Staff.objects.get(reference="p1")
    lead.set_password("correct horse battery")
    lead.save()
    load_people(["person,p1,Naomi C,,,naomi@n.example,,,,,,,,,"], at=LATER)
    assert Staff.objects.get(reference="p1").check_password("correct horse battery")


@pytest.mark.parametrize("line, column, words", [
    ("boat,x,Y,,,,,,,,,,,,", "kind", "is not known"), ("team,,Y,east,,,,,,,,,,,", "reference", "no reference"),
    ("team,a b,Y,east,,,,,,,,,,,", "reference", "letters, digits and hyphens"),
    ("person,p9,,,,x@n.example,,,,,,,,,", "name", "no name"), ("person,p9,Pat,,,,,,,,,,,,", "email", "e-mail"),
    ("person,p9,Pat,,,not mail,,,,,,,,,", "email", "e-mail"),
    ("person,p9,Pat,,,x@n.example,,,,,king,,,,", "roles", "“king” is not known"),
    ("person,p9,Pat,,,x@n.example,,,,,,yes,31/02/2026,,", "trained_on", "does not exist"),
    (f"person,p9,{'x' * 121},,,x@n.example,,,,,,,,,", "name", "longer than 120"),
    (f"person,{'9' * 41},Pat,,,x@n.example,,,,,,,,,", "reference", "longer than 40"),
])
def test_rows_that_cannot_be_used_say_why(line, column, words):
    refused = read(COUNCIL[0], line).refused
    assert [(bad.row, bad.column) for bad in refused] == [(3, column)] and words in refused[0].reason


@pytest.mark.parametrize("line, column, words", [
    ("team,t9,T9,nowhere,,,,,,,,,,,", "parent", "is not a unit"), ("team,t9,T9,,,,,,,,,,,,", "parent", "is not a unit"),
    ("group,g9,G9,east2,,,,,,,,,,,", "parent", "cannot lie under a team"),
    ("directorate,d9,D9,care,,,,,,,,,,,", "parent", "has no parent"),
    ("team,t9,EAST  2,east,,,,,,,,,,,", "name", "has this name"),
    ("group,east2,East 2,cin,,,,,,,,,,,", "kind", "belongs to a team"),
    ("person,p9,Pat,,,x@n.example,,,nowhere,,,,,,", "unit", "is not a unit"),
    ("person,p9,Pat,,,NAOMI@n.example,,,,,,,,,", "email", "Another person"),
])
def test_rows_that_do_not_fit_the_council_are_refused(line, column, words, load_people):
    load_people(COUNCIL)
    imported = load_people([line], at=LATER)
    assert [(bad["column"], imported.counts["refused"]) for bad in imported.refused] == [(column, 1)]
    assert words in imported.refused[0]["reason"]


SWAPPED = ["person,p3,Tess Manager,,,jae@n.example,,,,,,,,,", "person,p4,Jae Vang,,,Tess@n.example,,,,,,,,,"]


def test_two_people_may_swap_their_addresses(load_people):
    load_people(COUNCIL)
    imported = load_people(SWAPPED, at=LATER)
    assert (imported.counts["changed"], imported.counts["refused"]) == (2, 0)
    assert dict(Staff.objects.filter(reference__in=["p3", "p4"]).values_list("reference", "email")) == {
        "p3": "jae@n.example", "p4": "Tess@n.example"}


def test_who_keeps_an_address_stands_in_the_way_of_the_swap(load_people):
    """p4 is refused for another reason, so p3 cannot have that address; nor p1 the one of p3."""
    load_people(COUNCIL)
    imported = load_people(["person,p1,Naomi Clarke,,,tess@n.example,,,,,,,,,", SWAPPED[0],
                            "person,p4,Jae Vang,,,new@n.example,,,nowhere,,,,,,"], at=LATER)
    assert {(row["reference"], row["column"]) for row in imported.refused} == {
        ("p4", "unit"), ("p3", "email"), ("p1", "email")}
    assert Staff.objects.get(reference="p3").email == "tess@n.example"


def test_of_two_new_people_with_one_address_the_first_comes_in(load_people):
    load_people(COUNCIL)
    imported = load_people(["person,p8,Pat One,,,pat@n.example,,,,,,,,,", "person,p9,Pat Two,,,PAT@n.example,,,,,,,,,"],
                           at=LATER)
    assert [row["reference"] for row in imported.refused] == ["p9"]
    assert Staff.objects.get(email="pat@n.example").reference == "p8"


def test_two_teams_may_swap_their_names(load_people):
    load_people([*COUNCIL, "team,east3,East 3,east,,,,,,,,,,,"])
    imported = load_people(["team,east2,East 3,east,,,,,,,,,,,", "team,east3,East 2,east,,,,,,,,,,,"], at=LATER)
    assert imported.counts["changed"] == 2
    assert dict(Unit.objects.filter(kind="team").values_list("reference", "folded_name")) == {
        "east2": "east 3", "east3": "east 2"}


def test_an_address_given_away_on_a_page_since_makes_the_preview_useless(load_people):
    load_people(COUNCIL)
    lead = Staff.objects.get(reference="p1")
    content = "\n".join([HEADING, "person,p9,Pat New,,,pat@n.example,,,,,,,,,"]).encode()
    imported = workflow.preview(kind="people", file_name="people.csv", content=content, by=lead, at=LATER)
    add_staff(name="Pat Page", email="Pat@n.example", reference="p10", by=lead, at=LATER)
    assert workflow.confirm(imported=imported, by=lead, at=LATER).status == "stale"
    again = workflow.rework(imported=imported, by=lead, at=LATER)
    assert "Another person has this e-mail" in again.refused[0]["reason"]
    assert not Staff.objects.filter(reference="p9").exists()


@pytest.mark.req("S4-34")
def test_a_newer_training_counts_for_the_months_of_the_setting(load_people, settings):
    load_people(COUNCIL)
    assert Auditor.objects.get().training_expires_on == date(2028, 2, 1)
    settings.TRAINING_COUNTS_MONTHS = 12
    load_people(["person,p3,Tess Manager,,,tess@n.example,,,east2,p2,,yes,2026-11-20,,"], at=LATER)
    assert Auditor.objects.get().training_expires_on == date(2027, 11, 20)


def test_an_account_that_ended_is_not_woken(load_people):
    load_people(COUNCIL)
    Staff.objects.filter(reference="p4").update(is_active=False, left_on=date(2026, 11, 1))
    imported = load_people([COUNCIL[-1]], at=LATER)
    assert "account that has ended" in imported.refused[0]["reason"]


def test_a_manager_whom_nobody_knows_is_worth_checking(load_people):
    load_people(COUNCIL)
    imported = load_people(["team,east2,East 2,east,p77,,,,,,,,,,"], at=LATER)
    assert "p77" in imported.notes[0]["text"] and imported.counts["same"] == 1
    assert Unit.objects.get(reference="east2").manager.reference == "p3"


def test_the_same_reference_twice_is_refused_once():
    assert [bad.row for bad in read(*COUNCIL, COUNCIL[-1]).refused] == [11]


def test_a_list_without_the_needed_columns_says_which():
    with pytest.raises(BadFile, match="columns named kind, reference and name"):
        read("x", heading="staff,mail")
    with pytest.raises(BadFile, match="only its heading"):
        read()


@pytest.mark.parametrize("persona, may", [
    ("pq_lead", True), ("administrator", True), ("pq_officer", False), ("team_manager", False), ("worker", False),
])
def test_only_who_keeps_people_may_load_them(persona, may, load, cast):
    line, heading = ["person,p9,Pat New,pat@northbrook.example"], "kind,reference,name,email"
    if may:
        assert load(line, kind="people", by=cast.everyone()[persona], heading=heading).status == Import.Status.CONFIRMED
    else:
        with pytest.raises(PermissionDenied):
            load(line, kind="people", by=cast.everyone()[persona], heading=heading)


def test_open_duties_find_their_holder_anew(load, cast, s1):
    duty = open_duty("round.publish", plan_round(cast, s1), due_at=LATER, at=START, role=Role.QA_LEAD, slot="test")
    assert duty.holder == cast.pq_lead
    cast.pq_lead.role_grants.update(ends_on=date(2026, 11, 1))
    load(["person,p9,Pat New,pat@n.example,qa_lead"], kind="people", by=cast.administrator,
         heading="kind,reference,name,email,roles")
    duty.refresh_from_db()
    assert duty.holder.name == "Pat New"


def test_refused_people_are_corrected_in_their_file_and_loaded_again(load_people, client):
    load_people(COUNCIL)
    lines = ["person,p9,Pat New,,,,Adviser,,east2,p3,qa_officer,yes,2026-02-01,,", "team,west,West,nowhere,,,,,,,,,,,"]
    imported = load_people(lines, at=LATER)
    assert (imported.counts["new"], imported.counts["refused"]) == (0, 2)
    client.force_login(Staff.objects.get(reference="p1"), backend="allauth.account.auth_backends.AuthenticationBackend")
    refused = client.get(f"/cases/import/{imported.pk}/refused.csv").content.decode("utf-8-sig")
    heading, *rows = refused.splitlines()
    assert heading.endswith(",What is wrong,What to do,Sheet,Row")
    corrected = [row.replace("nowhere", "east") for row in rows]
    table = [dict(zip(heading.split(","), row, strict=True)) for row in csv.reader(corrected)]
    table[0]["email"] = "pat@n.example"
    names = list(dict.fromkeys([*heading.split(","), "email"]))
    again = load_people([",".join(f'"{row.get(name, "")}"' for name in names) for row in table],
                        heading=",".join(names), at=LATER)
    assert (again.counts["new"], again.counts["refused"]) == (2, 0)
    pat = Staff.objects.get(reference="p9")
    assert (pat.job_title, pat.unit.reference, pat.hats(LATER.date()).is_pq) == ("Adviser", "east2", True)
