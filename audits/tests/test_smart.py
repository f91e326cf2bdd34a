"""Help with actions: what is vague is asked about, what is written stays the auditor's (S1-44)."""

from datetime import date

import pytest

from audit_portal.testing.factories import START, make_audit_at
from audits import workflow
from audits.content import live_actions
from audits.smart import VAGUE, advice

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GOOD = {"what": "Write the contingency plan", "measure": "It is on file", "due_on": date(2026, 12, 4),
        "change_for_child": "The child knows where to go"}


@pytest.mark.req("S1-44")
@pytest.mark.parametrize(("changes", "said"), [
    ({}, ""),
    ({"what": "Consider a referral"}, "“Consider” cannot be seen to be done"),
    ({"what": "Reconsideration of the plan"}, ""),
    ({"what": "Visit, where possible"}, "“Where possible” leaves it open"),
    ({"measure": "write the contingency plan "}, "The measure repeats the action"),
    ({"change_for_child": "Safer"}, "Say a little more about what changes for the child"),
    ({"due_on": date(2026, 12, 25)}, "Friday 25 December 2026 is no working day"),
    ({"due_on": date(2026, 12, 6)}, "Sunday 6 December 2026 is no working day"),
])
def test_what_nobody_could_confirm_is_asked_about(changes, said):
    found = advice(**{**GOOD, **changes})
    assert [sentence.startswith(said) for sentence in found] == ([True] if said else [])


@pytest.mark.parametrize("word", VAGUE)
def test_every_vague_word_says_what_to_write_instead(word):
    assert advice(**{**GOOD, "what": f"Please {word.upper()} it"}) == [VAGUE[word]]


@pytest.mark.django_db
def test_actions_change_places_and_the_ends_stay(cast, s1, client):
    audit = make_audit_at("in_progress", cast, s1)
    for what in ("One", "Two", "Three"):
        workflow.add_action(audit=audit, by=cast.auditor, at=START, what=what)
    client.force_login(cast.auditor, backend=BACKEND)

    def press(place, way):
        client.post(f"/audits/{audit.number}/plan/{live_actions(audit)[place].pk}/move/", {"way": way})
        return [action.what for action in live_actions(audit)]

    assert press(0, "down") == ["Two", "One", "Three"]
    assert press(2, "up") == ["Two", "Three", "One"]
    assert press(0, "up") == press(2, "down") == ["Two", "Three", "One"]
    page = client.get(f"/audits/{audit.number}/plan/").content.decode()
    assert page.count("Move up") == page.count("Move down") == 2
