"""The auditor register: who joins by role, who may be given an audit, what the list tells."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit_portal.testing.factories import START, make_auditor, make_staff
from calendars.rules import today_in_london
from people import workflow
from people.models import Auditor, Staff
from people.pool import missing_by_role, mix_of, with_roles
from people.refusals import Refused
from people.roles import Role
from people.tests.conftest import boxes
from trail.models import Event

pytestmark = pytest.mark.django_db
TODAY = START.date()
DAY = timedelta(days=1)


def register(cast, staff=None, **fields):
    return workflow.register_auditor(staff=staff or cast.worker, by=cast.pq_lead, at=START, **fields)


def change(cast, entry, **fields):
    return workflow.change_entry(entry=entry, by=cast.pq_lead, at=START, **fields)


@pytest.mark.req("S4-34")
def test_training_counts_for_the_months_of_the_setting_unless_a_day_is_given(cast, settings):
    entry = register(cast, trained_on=date(2026, 3, 31))
    assert entry.training_expires_on == date(2028, 3, 31)
    assert change(cast, entry, training_expires_on=date(2027, 1, 1)).training_expires_on == date(2027, 1, 1)
    assert change(cast, entry, trained_on=date(2026, 8, 31)).training_expires_on == date(2028, 8, 31)
    settings.TRAINING_COUNTS_MONTHS = 0
    assert register(cast, cast.iro, trained_on=date(2026, 3, 31)).training_expires_on is None


@pytest.mark.parametrize("fields, field, words", [
    ({"trained_on": TODAY + DAY}, "trained_on", "when it is over"),
    ({"trained_on": TODAY, "training_expires_on": TODAY - DAY}, "training_expires_on", "before it took place"),
    ({"training_expires_on": TODAY}, "trained_on", "Give the day of the training"),
    ({"left_on": date(2020, 1, 1)}, "left_on", "before they join"),
    ({"suspended_until": TODAY}, "suspended_from", "first day of the pause"),
    ({"suspended_from": TODAY, "suspended_until": TODAY - DAY}, "suspended_until", "before its first"),
    ({"capacity": 0}, "capacity", "from 1 to 20"), ({"capacity": 21}, "capacity", "from 1 to 20"),
])
def test_an_entry_that_cannot_be_is_refused(fields, field, words, cast):
    with pytest.raises(Refused, match=words) as refused:
        register(cast, **fields)
    assert refused.value.field == field and not Auditor.objects.filter(staff=cast.worker).exists()


def test_a_leaver_has_no_place(cast):
    with pytest.raises(Refused, match="has left"):
        register(cast, cast.leaver)


def test_who_was_out_comes_back_into_the_same_entry(cast):
    entry = register(cast, trained_on=date(2026, 3, 31))
    change(cast, entry, left_on=TODAY)
    again = register(cast)
    assert (again.pk, again.left_on, again.trained_on) == (entry.pk, None, date(2026, 3, 31))


@pytest.mark.req("S2-02")
def test_everyone_who_audits_by_role_is_found(cast):
    make_staff("Ann Advanced", cast.team, job_title="Senior ADVANCED practitioner")
    make_staff("Cy Adviser", cast.quality, roles=(Role.CP_ADVISER,))
    missing = missing_by_role(TODAY)
    assert [person.name for person in missing] == [
        "Ann Advanced", "Cy Adviser", "Farah Siddiqui", "Maureen Doyle", "Owen Pritchard", "Simon Hartley"]
    workflow.add_by_role(people=missing, by=cast.pq_lead, at=START)
    assert missing_by_role(TODAY) == []
    assert {entry.basis for entry in Auditor.objects.exclude(staff=cast.auditor)} == {"role"}
    assert workflow.add_by_role(people=missing, by=cast.pq_lead, at=START) == []


@pytest.mark.req("S2-02")
def test_everyone_by_role_is_shown_first_and_only_who_is_ticked_comes_in(cast, sign_in):
    client, address = sign_in(cast.pq_lead), "/people/auditors/by-role/"
    page = client.get(address).content.decode()
    assert "4 people" in page and Auditor.objects.count() == 1
    assert "Tick at least one person" in client.post(address).content.decode()
    assert "added or changed meanwhile" in client.post(address, {"people": cast.worker.pk}).content.decode()
    client.post(address, {"people": [cast.team_manager.pk, cast.iro.pk]})
    assert set(Auditor.objects.exclude(staff=cast.auditor).values_list("staff", flat=True)) == {
        cast.team_manager.pk, cast.iro.pk}


@pytest.mark.req("S4-09")
def test_the_mix_of_the_pool_counts_roles_experience_and_basis(cast, sign_in):
    register(cast, cast.iro, trained_on=TODAY, experience="experienced", basis="volunteer", expertise="Fostering")
    entries = Auditor.objects.prefetch_related("staff")
    for entry in (entries := list(entries)):
        entry.staff = with_roles(Staff.objects.filter(pk=entry.staff_id), TODAY).get()
    mix = mix_of(entries)
    assert mix.size == 2
    assert {share.name: share.count for share in mix.roles if share.count} == {
        "Independent reviewing officer": 1, "Other roles": 1}
    assert {share.name: share.count for share in mix.experience if share.count} == {"Experienced": 1, "Some audits": 1}
    page = sign_in(cast.pq_lead).get("/people/auditors/").content.decode()
    assert "Independent reviewing officer: 1 of 2" in page and "Fostering" in page


@pytest.fixture
def four(cast):
    """Four entries besides the cast’s own: training that counts, soon runs out, has run out, none."""
    today = today_in_london()
    for name, trained, expires in (("Val", -90, 90), ("Sue", -90, 60), ("Ova", -90, -1), ("Non", None, None)):
        entry = make_auditor(name, cast.team).auditor
        entry.trained_on = trained and today + trained * DAY
        entry.training_expires_on = expires and today + expires * DAY
        entry.experience = "new" if name == "Val" else "some"
        entry.basis, entry.suspended_from = ("volunteer", today) if name == "Non" else ("role", None)
        entry.save()


@pytest.mark.parametrize("query, found", [
    ({"training": "valid"}, ["Grace Adeyemi", "Sue", "Val"]), ({"training": "soon"}, ["Sue"]),
    ({"training": "over"}, ["Ova"]), ({"training": "none"}, ["Non"]), ({"pool": "out"}, ["Non"]),
    ({"pool": "in"}, ["Grace Adeyemi", "Ova", "Sue", "Val"]), ({"basis": "volunteer"}, ["Non"]),
    ({"experience": "new"}, ["Val"]), ({"name": "GRACE"}, ["Grace Adeyemi"]),
    ({"sort": "expiry", "training": "valid"}, ["Sue", "Val", "Grace Adeyemi"]),
])
def test_the_register_is_filtered_and_sorted(query, found, four, cast, sign_in):
    page = sign_in(cast.pq_lead).get("/people/auditors/", query).context["page"]
    assert [entry.staff.name for entry in page] == found
    lines = sign_in(cast.pq_lead).get("/people/auditors/", query | {"export": "csv"}).content.decode().splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == found


def test_the_register_of_a_unit_has_all_below(four, cast, sign_in):
    page = sign_in(cast.pq_lead).get("/people/auditors/", {"unit": cast.service.pk}).context["page"]
    assert [entry.staff.name for entry in page] == ["Non", "Ova", "Sue", "Val"]


def test_the_pages_of_the_register_ask_as_often_for_twenty_as_for_one(cast, sign_in):
    client = sign_in(cast.pq_lead)
    addresses = ("/people/auditors/by-role/", "/people/auditors/?pool=in&training=valid&sort=unit")

    def counts():
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    counts()
    before = counts()
    for number in range(20):
        make_staff(f"Reviewer {number}", cast.quality, roles=(Role.IRO,))
        make_auditor(f"Auditor {number}", cast.team)
    assert counts() == before and max(before) <= 25


def test_an_entry_is_written_and_changed_on_its_page(cast, sign_in):
    client, address = sign_in(cast.pq_lead), f"/people/{cast.worker.pk}/auditor/"
    body = {"capacity": "2", "basis": "role", "experience": "new", "expertise": "Leaving care"}
    body |= boxes(joined_on=TODAY, trained_on=date(2026, 3, 31))
    assert client.post(address, body).status_code == 302
    entry = Auditor.objects.get(staff=cast.worker)
    assert (entry.capacity, entry.training_expires_on) == (2, date(2028, 3, 31))
    page = client.post(address, body | {"capacity": "many"}).content.decode()
    assert "Give a number from 1 to 20" in page and 'value="many"' in page
    client.post(address, body | boxes(suspended_from=TODAY))
    entry.refresh_from_db()
    assert entry.suspended_from == TODAY
    assert Event.objects.filter(verb="auditor.changed").count() == 1


@pytest.mark.parametrize("persona", ["pq_officer", "team_manager", "worker"])
def test_only_who_keeps_people_keeps_the_register(persona, cast):
    by = cast.everyone()[persona]
    for verb, given in ((workflow.register_auditor, {"staff": cast.worker}),
                        (workflow.change_entry, {"entry": cast.auditor.auditor}),
                        (workflow.add_by_role, {"people": [cast.worker]})):
        with pytest.raises(PermissionDenied):
            verb(by=by, at=START, **given)


@pytest.mark.req("S2-02")
def test_a_delegation_for_a_time_makes_nobody_an_auditor(cast):
    workflow.grant_role(staff=cast.worker, role=Role.ASSISTANT_DIRECTOR, starts_on=TODAY, ends_on=TODAY + DAY,
                        by=cast.pq_lead, at=START)
    assert cast.worker not in missing_by_role(TODAY)
