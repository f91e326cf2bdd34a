"""Ladders on their page: who is told when, and what would be sent for a due date."""

from datetime import date

import pytest
from django.core.management import call_command

from audit_portal.testing.factories import START
from calendars.rules import NO_DAYS
from duties.coming import who
from duties.models import Ladder
from duties.registry import kinds
from duties.workflow import publish_ladder
from people.roles import Role
from programmes.ladders import by_programme, preview, when_in_words
from programmes.policy import RELATIONS
from programmes.preset import preset_paths, read_common_ladders, read_preset

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def opened(client, cast):
    """Opens a page of settings as a P&Q officer."""
    client.force_login(cast.pq_officer, backend=BACKEND)
    return lambda address: client.get(address)


def ladder(kind="audit.complete"):
    return Ladder.objects.newest("s1", kind)


def test_every_kind_of_duty_has_a_ladder_in_every_programme():
    common = set(read_common_ladders())
    for path in preset_paths():
        assert {kind.name for kind in kinds()} <= common | set(read_preset(path).ladders), path.name


ENDS_BY_ITSELF = {"audit.respond"}  # the time to answer lapses, and the audit goes on (A14)


@pytest.mark.req("S4-21")
def test_nothing_that_is_open_falls_silent_for_good():
    """Every ladder repeats its last rung; but for what ends by itself."""
    ladders = [*read_common_ladders().items()]
    for path in preset_paths():
        ladders += read_preset(path).ladders.items()
    silent = {kind for kind, rungs in ladders if not rungs[-1].repeat}
    assert silent == ENDS_BY_ITSELF


@pytest.mark.req("S1-14")
def test_for_an_audit_due_on_31_march_this_will_be_sent(s1):
    sent = preview(ladder(), date(2027, 3, 31), NO_DAYS)
    said = [(f"{each.moment:%d %b %H:%M}", each.said, each.told) for each in sent[:5]]
    assert said == [
        ("15 Mar 08:00", "Reminder", "whoever holds it"),
        ("22 Mar 08:00", "Reminder", "whoever holds it"),
        ("25 Mar 08:00", "Reminder", "whoever holds it"),
        ("31 Mar 08:00", "Due", "whoever holds it"),
        ("01 Apr 08:00", "Overdue", "whoever holds it, Performance and Quality and senior leaders, in figures"),
    ]
    assert "exemption now" in sent[0].says


def test_what_repeats_is_shown_a_few_times(s1):
    publish_ladder(kind="audit.check", programme="s1", at=START, rungs=[
        {"name": "again", "when": "after", "offset": 1, "unit": "working_days", "tell": ["pq"], "repeat": 5}])
    sent = preview(ladder("audit.check"), date(2026, 11, 30), NO_DAYS)
    assert [each.moment.date().isoformat() for each in sent] == ["2026-12-01", "2026-12-08", "2026-12-15", "2026-12-22"]


@pytest.mark.parametrize(("rung", "words"), [
    ({"when": "before", "offset": 2, "unit": "working_days"}, "2 working days before"),
    ({"when": "on", "offset": 0, "unit": "working_days"}, "on the day it is due"),
    ({"when": "on", "offset": 0, "unit": "hours"}, "at the due time"),
    ({"when": "after", "offset": 1, "unit": "hours"}, "1 hour after"),
    ({"when": "after", "offset": 28, "unit": "calendar_days", "repeat": 7}, "28 days after, then every 7 days"),
])
def test_when_a_step_goes_off_in_words(rung, words):
    from duties.ladders import rungs_of

    assert when_in_words(rungs_of([{"name": "x", "tell": ["pq"], **rung}])[0]) == words


def test_the_list_shows_the_newest_of_each_by_programme(s1, opened):
    publish_ladder(kind="audit.check", programme="s1", rungs=[], at=START)
    titles = dict(by_programme())
    assert set(titles) == {"Every programme", "Monthly case file audits"}
    shown = [row for row in titles["Monthly case file audits"] if row.ladder.kind == "audit.check"]
    assert [row.ladder.version for row in shown] == [2]
    assert "Check an audit" in opened("/settings/ladders/").content.decode()


def test_a_preview_stands_in_the_address(s1, opened):
    answer = opened(f"/settings/ladders/{ladder().pk}/?due_0=31&due_1=3&due_2=2027").content.decode()
    assert "Monday 15 March 2027, 8am" in answer
    assert "For something due Wednesday 31 March 2027" in answer


def test_without_a_day_it_is_the_end_of_this_month(s1, opened):
    assert "For something due" in opened(f"/settings/ladders/{ladder().pk}/").content.decode()


@pytest.mark.parametrize("query", ["?due_0=31&due_1=2&due_2=2027", "?due_0=x", "?due_0=1&due_1=1&due_2=99999"])
def test_what_is_no_day_gets_a_sentence(query, s1, opened):
    answer = opened(f"/settings/ladders/{ladder().pk}/{query}").content.decode()
    assert "There is a problem" in answer and "not a date" in answer


def test_an_old_version_says_so(s1, opened):
    old = ladder("audit.check")
    publish_ladder(kind="audit.check", programme="s1", rungs=old.rungs[:1], at=START)
    assert "A newer version is in force" in opened(f"/settings/ladders/{old.pk}/").content.decode()


@pytest.mark.parametrize(("persona", "status"), [("worker", 403), ("team_manager", 403), ("administrator", 200)])
def test_who_sees_ladders(persona, status, s1, cast, client):
    client.force_login(getattr(cast, persona), backend=BACKEND)
    assert client.get("/settings/ladders/").status_code == status
    assert client.get(f"/settings/ladders/{ladder().pk}/").status_code == status


def test_loading_twice_publishes_no_new_version(s1):
    call_command("load_programmes", verbosity=0)
    before = Ladder.objects.count()
    call_command("load_programmes", verbosity=0)
    assert Ladder.objects.count() == before


@pytest.mark.parametrize("word", [*RELATIONS, *Role.values])
def test_every_word_of_a_ladder_is_said_in_plain_words(word):
    assert "_" not in who([word], is_mine=True) + who([word], is_mine=False)
