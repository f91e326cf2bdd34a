"""A wrong worker, manager or adviser put right: it counts at once and survives the list until the list agrees (B12)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.testing.factories import START, make_case
from casefiles.corrections import (
    CannotCorrect,
    apply,
    correct,
    note_said,
    open_corrections,
    ours,
    settle,
    take_back,
    theirs,
)
from casefiles.models import CaseFile, Correction, Involvement
from people.models import Unit
from trail.models import Event

LATER = START + timedelta(days=20)
TOMASZ, AMY, BETH = 1, 2, 3


def correction(right, wrong, fact="worker"):
    """One that was never written."""
    kind = "unit" if fact == "team" else "staff"
    return Correction(fact=fact, **{f"{kind}_id": right, f"instead_of_{kind}_id": wrong})


@pytest.mark.parametrize("said, result, agrees, third", [
    (TOMASZ, AMY, False, False), (AMY, AMY, True, False), (BETH, AMY, False, True), (None, AMY, False, True),
])
def test_ours_lies_on_top_until_the_list_says_exactly_the_same(said, result, agrees, third):
    row = correction(AMY, TOMASZ)
    assert apply({"worker": row}, {"worker_id": said, "iro_id": 9}) == (
        {"worker_id": result, "iro_id": 9}, [row] * agrees, [row] * third)


def test_a_list_without_the_column_says_nothing():
    row, facts = correction(AMY, None, "manager"), {"worker_id": TOMASZ}
    assert apply({"manager": row}, facts) == (facts, [], [])


def test_a_name_that_matched_nobody_is_not_agreement_that_there_is_nobody():
    row = correction(None, TOMASZ)
    facts = {"worker_id": None, "worker_as_given": "T. Nowack"}
    assert apply({"worker": row}, facts) == ({"worker_id": None, "worker_as_given": ""}, [], [row])
    assert apply({"worker": row}, {"worker_id": None, "worker_as_given": ""})[1] == [row]


def test_the_facts_that_were_given_stay_as_they_are():
    facts = {"team_id": 4}
    apply({"team": correction(5, 4, "team")}, facts)
    assert facts == {"team_id": 4}


STEPS = st.lists(st.tuples(st.sampled_from(["list", "correct", "take back"]), st.sampled_from([None, 1, 2, 3])),
                 max_size=12)


@given(STEPS)
@pytest.mark.req("B12")
def test_whatever_comes_in_which_order_ours_stands_exactly_until_the_list_agrees(steps):
    stands = source = 1
    open_one = None
    for step, value in steps:
        if step == "list":
            facts, agreed, third = apply({"worker": open_one} if open_one else {}, {"worker_id": value})
            assert facts["worker_id"] == (ours(open_one) if open_one else value)
            assert bool(third) == bool(open_one and value not in (ours(open_one), theirs(open_one)))
            stands, source = facts["worker_id"], value
            open_one = None if agreed else open_one
            if open_one:
                open_one.instead_of_staff_id = value
        elif step == "correct" and value != stands:
            open_one = correction(value, source) if value != source else None
            stands = value
        elif step == "take back" and open_one:
            stands, open_one = theirs(open_one), None
        assert (open_one is None) == (stands == source)


def told(case_file, fact="worker", **right):
    """The correction as P&Q make it."""
    return {"case_file": case_file, "fact": fact, "at": LATER, **right}


@pytest.fixture
def case_file(cast):
    """A case with worker and reviewing officer, with its history."""
    from casefiles.involvements import keep_history

    row = make_case("3071846", cast.team, cast.worker, iro=cast.iro)
    keep_history(START.date())
    return row


@pytest.mark.django_db
class TestCorrecting:
    """The verbs, with the database."""

    def lines(self, capacity="worker"):
        rows = Involvement.objects.filter(capacity=capacity).order_by("from_on", "pk").select_related("staff")
        return [(row.staff.name, row.from_on, row.until_on) for row in rows]

    def test_it_counts_at_once_and_the_history_goes_on_from_today(self, case_file, cast):
        row = correct(**told(case_file, staff=cast.other_worker), by=cast.pq_officer)
        case_file.refresh_from_db()
        assert (case_file.worker, row.instead_of_staff, row.settled_at) == (cast.other_worker, cast.worker, None)
        assert self.lines() == [("Tomasz Nowak", START.date(), LATER.date()), ("Amy Lowther", LATER.date(), None)]
        assert self.lines("iro") == [("Maureen Doyle", START.date(), None)]
        assert Event.objects.get(verb="casefile.corrected").detail.content["changes"] == {
            "fact": "worker", "to": "Amy Lowther", "instead_of": "Tomasz Nowak"}

    def test_only_this_case_file_is_looked_at(self, case_file, cast):
        make_case("9", cast.team, cast.worker)
        correct(**told(case_file, staff=cast.other_worker), by=cast.pq_officer)
        assert not Involvement.objects.filter(case_file__reference="9").exists()

    def test_what_stands_there_already_changes_nothing(self, case_file, cast):
        assert correct(**told(case_file, staff=cast.worker), by=cast.pq_lead) is None
        assert not Correction.objects.exists() and not Event.objects.filter(verb__startswith="casefile.").exists()

    def test_a_second_correction_replaces_the_first_and_remembers_what_the_list_said(self, case_file, cast):
        first = correct(**told(case_file, staff=cast.other_worker), by=cast.pq_lead)
        second = correct(**told(case_file, staff=cast.leader), by=cast.pq_lead)
        first.refresh_from_db()
        assert (first.outcome, second.instead_of_staff, second.outcome) == ("replaced", cast.worker, "")

    def test_correcting_back_to_what_the_list_says_takes_the_correction_back(self, case_file, cast):
        correct(**told(case_file, staff=cast.other_worker), by=cast.pq_lead)
        assert correct(**told(case_file, staff=cast.worker), by=cast.pq_lead).outcome == "withdrawn"
        case_file.refresh_from_db()
        assert case_file.worker == cast.worker and not Correction.objects.open().exists()

    def test_taking_back_brings_what_the_list_says_now(self, case_file, cast):
        row = correct(**told(case_file, staff=cast.other_worker), by=cast.pq_lead)
        note_said({row.pk: cast.leader.pk})
        take_back(correction=row, by=cast.pq_officer, at=LATER)
        take_back(correction=row, by=cast.pq_officer, at=LATER)
        case_file.refresh_from_db()
        assert case_file.worker == cast.leader
        assert Event.objects.filter(verb="casefile.correction_taken_back").count() == 1

    def test_a_manager_of_this_case_and_the_teams_own_again(self, case_file, cast):
        correct(**told(case_file, "manager", staff=cast.other_manager), by=cast.pq_lead)
        assert CaseFile.objects.get().team_manager == cast.other_manager
        assert self.lines("team_manager")[-1] == ("Owen Pritchard", LATER.date(), None)
        correct(**told(case_file, "manager", staff=cast.team_manager), by=cast.pq_lead)
        assert CaseFile.objects.get().manager is None
        assert Correction.objects.get().outcome == "withdrawn"

    def test_another_team_brings_its_manager(self, case_file, cast):
        correct(**told(case_file, "team", unit=cast.other_team), by=cast.pq_lead)
        assert CaseFile.objects.get().team == cast.other_team
        assert self.lines("team_manager")[-1][0] == "Owen Pritchard"

    def test_nobody_can_be_right(self, case_file, cast):
        correct(**told(case_file, "iro"), by=cast.pq_lead)
        assert CaseFile.objects.get().iro is None and self.lines("iro")[0][2] == LATER.date()

    def test_nobody_who_left_and_no_team_that_closed(self, case_file, cast):
        with pytest.raises(CannotCorrect, match="Lee Leaver has left"):
            correct(**told(case_file, staff=cast.leaver), by=cast.pq_lead)
        Unit.objects.filter(pk=cast.other_team.pk).update(closed_on=START.date())
        for unit in (cast.other_team, cast.group):
            with pytest.raises(CannotCorrect, match="not an open team"):
                correct(**told(case_file, "team", unit=unit), by=cast.pq_lead)
        assert not Correction.objects.exists()

    @pytest.mark.parametrize("persona", ["worker", "team_manager", "auditor", "director", "administrator"])
    def test_nobody_else_corrects(self, persona, case_file, cast):
        with pytest.raises(PermissionDenied, match="Only Performance and Quality"):
            correct(**told(case_file, staff=cast.leader), by=getattr(cast, persona))

    def test_settled_ones_are_not_open(self, case_file, cast, django_assert_num_queries):
        row = correct(**told(case_file, staff=cast.other_worker), by=cast.pq_lead)
        correct(**told(case_file, "iro"), by=cast.pq_lead)
        for number in range(20):
            correct(**told(make_case(f"2{number}", cast.team), staff=cast.worker), by=cast.pq_lead)
        with django_assert_num_queries(1):
            found = open_corrections([case_file.pk])
        assert set(found) == {case_file.pk} and set(found[case_file.pk]) == {"worker", "iro"}
        settle([row], LATER)
        row.refresh_from_db()
        assert (row.outcome, row.settled_at) == ("agreed", LATER)
        assert set(open_corrections([case_file.pk])[case_file.pk]) == {"iro"}
