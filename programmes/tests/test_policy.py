"""The policy document: what it accepts, what it refuses and in which words, and bringing old ones up to date."""

from copy import deepcopy

import pytest
from pydantic import ValidationError

from people.roles import Role
from programmes import policy
from programmes.policy import PolicyError
from programmes.preset import FOLDER, read_preset

S1 = read_preset(FOLDER / "s1.yaml")
DOCUMENT = S1.policy.model_dump(mode="json")
RUNG = {"name": "late", "offset": 1, "unit": "working_days", "when": "after", "tell": ["holder", "group_manager"]}


def changed(path: str, value: object) -> dict:
    """The document with another value at a dotted path; a key of None is taken out."""
    document = deepcopy(DOCUMENT)
    *groups, key = path.split(".")
    place = document
    for group in groups:
        place = place[group]
    if value is None:
        del place[key]
    else:
        place[key] = value
    return document


def test_a_stored_document_reads_back_the_same():
    assert policy.read(DOCUMENT) == S1.policy


def test_roles_are_roles_and_a_missing_timescale_is_none():
    read = policy.read(changed("timescales.reopen_working_days", None))
    assert read.timescales.reopen_working_days is None
    assert read.roles.exempt.quality == (Role.STRATEGIC_LEAD,)


def test_nobody_changes_a_policy_that_was_read():
    with pytest.raises(ValidationError):
        S1.policy.sampling.yearly_cap = 11


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("timescales.reveiw_days", 28, "timescales.reveiw_days is not known. Did you mean review_days?"),
        ("contacts.wibble", 1, "contacts.wibble is not known. Known here: attempts_before_escalation, on_diff"),
        ("zzz", 1, "zzz is not known. Known here: audited_period, contacts, judging,"),
        ("sampling.yearly_cap", "ten", "sampling.yearly_cap must be a whole number, not “ten”."),
        ("sampling.yearly_cap", True, "sampling.yearly_cap must be a whole number, not “True”."),
        ("sampling.yearly_cap", 0, "sampling.yearly_cap must be 1 or more, not “0”."),
        ("sampling.break_percent", 101, "sampling.break_percent must be 100 or less, not “101”."),
        ("sampling.re_audits_count", "yes", "sampling.re_audits_count must be true or false, not “yes”."),
        ("judging.outcomes_question", "maybe", "judging.outcomes_question must be 'none', 'warn' or 'block', not"),
        ("roles.cancel", ["boss"], "roles.cancel, entry 1 must be 'worker', "),
        ("roles.cancel", [], "roles.cancel must have 1 or more entries."),
        ("roles.cancel", "director", "roles.cancel must be a list, not “director”."),
        ("contacts", 3, "contacts must be a group of keys, not “3”."),
        ("contacts", None, "contacts is missing."),
        ("timescales.concern_hours.director", 5, "timescales.concern_hours.director is not known."),
    ],
)
def test_a_wrong_entry_is_refused_with_its_place_and_what_to_do(path, value, sentence):
    with pytest.raises(PolicyError) as refused:
        policy.read(changed(path, value))
    assert str(refused.value).startswith(sentence)


def test_all_problems_are_named_at_once():
    document = changed("contacts.attempts", 2) | {"sharing": {"readers": ["boss"]}}
    with pytest.raises(PolicyError) as refused:
        policy.read(document)
    assert "contacts.attempts is not known" in str(refused.value)
    assert "sharing.readers, entry 1 must be" in str(refused.value)
    assert "or more entries" not in str(refused.value)


@pytest.mark.parametrize("document", [{}, [], None, *({"schema_version": bad} for bad in ("1", True, 0))])
def test_a_document_without_a_version_is_refused(document):
    with pytest.raises(PolicyError, match="needs a schema_version"):
        policy.read(document)


def test_a_document_from_a_newer_portal_is_refused():
    with pytest.raises(PolicyError, match="schema version 2, and this portal knows 1. Update the portal."):
        policy.read(DOCUMENT | {"schema_version": 2})


@pytest.fixture
def upgrades(monkeypatch: pytest.MonkeyPatch) -> dict:
    """Two made-up upgrades, from 1 to 2 and from 2 to 3."""
    monkeypatch.setattr(policy, "_upgrades", {})

    @policy.upgrades_from(1)
    def rename(document: dict) -> dict:
        document["inner"]["new"] = document["inner"].pop("old")
        return document

    @policy.upgrades_from(2)
    def add(document: dict) -> dict:
        return document | {"added": True}

    return policy._upgrades


def test_old_documents_are_brought_up_to_date_step_by_step(upgrades):
    old = {"schema_version": 1, "inner": {"old": 5}}
    assert policy.upgrade(old, to=3) == {"schema_version": 3, "inner": {"new": 5}, "added": True}
    assert old == {"schema_version": 1, "inner": {"old": 5}}, "the stored document stays as it is"


def test_a_current_document_is_copied_unchanged(upgrades):
    document = {"schema_version": 3, "inner": {}}
    copy = policy.upgrade(document, to=3)
    assert copy == document
    assert copy["inner"] is not document["inner"]


def test_a_missing_step_is_named(upgrades):
    with pytest.raises(PolicyError, match="nothing leads from 3 to 4"):
        policy.upgrade({"schema_version": 1, "inner": {"old": 5}}, to=4)


def test_a_step_has_one_function(upgrades):
    with pytest.raises(ValueError, match="an upgrade from version 1 already"):
        policy.upgrades_from(1)(dict)


def test_every_earlier_version_leads_to_the_current_one():
    assert sorted(policy._upgrades) == list(range(1, policy.CURRENT_VERSION))


def test_ladders_are_read():
    ladders = policy.read_ladders({"audit.check": [RUNG]})
    assert ladders["audit.check"][0].tell == ("holder", "group_manager")


@pytest.mark.parametrize(
    ("ladders", "sentence"),
    [
        ({"audit.check": [RUNG | {"tell": ["boss"]}]}, "audit.check, entry 1, tell, entry 1: nobody is called “boss”;"),
        ({"audit.check": [RUNG | {"unit": "days"}]}, "audit.check, entry 1, unit must be 'working_days', "),
        ({"audit.check": [RUNG | {"offset": 0}]}, "audit.check, entry 1: the rung “late” needs an offset of 0 with "),
        ({"audit.check": [RUNG, RUNG]}, "audit.check: the rung “late” stands there twice."),
        ({"audit.check": []}, "audit.check must have 1 or more entries."),
        ({"check": [RUNG]}, "check is not a name that fits here"),
        ({"audit.check": [RUNG | {"tel": []}]}, "audit.check, entry 1, tel is not known. Did you mean tell?"),
        ([], "The document must be a group of keys, not “[]”."),
    ],
)
def test_a_wrong_ladder_is_refused(ladders, sentence):
    with pytest.raises(PolicyError) as refused:
        policy.read_ladders(ladders)
    assert str(refused.value).startswith(sentence)
