"""Moving along a table, being refused, and registering tables. No database."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.models import TextChoices

import workflows
from workflows import InvalidTransition
from workflows.tests.example import TRANSITIONS, Letter, Status

pytestmark = pytest.mark.usefixtures("letters")


@pytest.mark.parametrize("wanted", list(Status))
@pytest.mark.parametrize("current", list(Status))
def test_every_pair_is_allowed_exactly_when_the_table_says_so(current, wanted):
    letter = Letter(current)
    allowed = wanted in TRANSITIONS[current]
    assert workflows.can_move(letter, wanted) is allowed
    if allowed:
        workflows.move(letter, wanted)
    else:
        with pytest.raises(InvalidTransition):
            workflows.move(letter, wanted)
    assert letter.status == (wanted if allowed else current)


def test_a_status_read_from_the_database_is_plain_text_and_moves_all_the_same():
    letter = Letter("shared")
    workflows.move(letter, "closed")
    assert letter.status is Status.CLOSED


def test_check_move_changes_nothing():
    letter = Letter(Status.DRAFT)
    assert workflows.check_move(letter, Status.SHARED) is Status.SHARED
    assert letter.status == Status.DRAFT


def test_next_statuses_come_in_the_order_of_the_model():
    assert workflows.next_statuses(Letter(Status.SHARED)) == [Status.DRAFT, Status.REFUSED, Status.CLOSED]


@pytest.mark.parametrize(
    ("current", "wanted", "sentence"),
    [
        ("draft", "closed", "This letter is “Draft”. From here it can become “Shared”, not “Closed”."),
        ("shared", "shared",
         "This letter is “Shared” already. From here it can become “Draft”, “Refused” or “Closed”."),
        ("closed", "draft", "This letter is “Closed”, and nothing comes after that."),
        ("closed", "closed", "This letter is “Closed” already, and nothing comes after that."),
    ],
)
def test_a_refusal_says_the_state_and_what_can_be_done(current, wanted, sentence):
    with pytest.raises(InvalidTransition) as refused:
        workflows.check_move(Letter(current), wanted)
    assert str(refused.value) == sentence
    assert (refused.value.current, refused.value.wanted) == (Status(current), Status(wanted))


def test_an_unknown_status_is_a_programming_mistake():
    with pytest.raises(ValueError, match="lost"):
        workflows.can_move(Letter(), "lost")


def test_unfinished_statuses_are_known(letters):
    assert [status for status in Status if letters.is_unfinished(status)] == [Status.DRAFT, Status.SHARED]


def test_a_model_without_a_table_is_named():
    with pytest.raises(LookupError, match="nowhere.thing"):
        workflows.table_of("Nowhere.Thing")


def test_registering_the_same_table_again_changes_nothing():
    unfinished = frozenset({Status.DRAFT, Status.SHARED})
    again = workflows.register("examples.Letter", TRANSITIONS, title="Letter", unfinished=unfinished)
    assert workflows.table_of(Letter) == again


def test_a_second_table_for_the_same_model_is_refused():
    with pytest.raises(ImproperlyConfigured, match="already has another"):
        workflows.register(Letter, {**TRANSITIONS, Status.CLOSED: frozenset({Status.DRAFT})}, title="Letter")


def test_a_status_without_a_row_is_refused():
    shorter = {status: targets for status, targets in TRANSITIONS.items() if status != Status.CLOSED}
    with pytest.raises(ImproperlyConfigured, match="no row in the transition table for closed"):
        workflows.register("examples.Other", shorter, title="Other")


class Elsewhere(TextChoices):
    LOST = "lost", "Lost"


@pytest.mark.parametrize(
    "extra",
    [{"unfinished": frozenset({Elsewhere.LOST})}, {"initial": Elsewhere.LOST}],
)
def test_a_stranger_among_the_statuses_is_refused(extra):
    with pytest.raises(ImproperlyConfigured, match="lost is not one of its statuses"):
        workflows.register("examples.Other", TRANSITIONS, title="Other", **extra)


@pytest.mark.parametrize("keys", [{}, {"draft": frozenset()}, {**TRANSITIONS, Elsewhere.LOST: frozenset()}])
def test_the_keys_must_be_members_of_one_textchoices(keys):
    with pytest.raises(ImproperlyConfigured, match="members of one TextChoices"):
        workflows.register("examples.Other", keys, title="Other")
