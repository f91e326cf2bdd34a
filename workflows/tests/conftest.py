"""Tables of made-up models are forgotten after the test that registered them."""

from collections.abc import Iterator

import pytest

from workflows import tables
from workflows.tests.example import TRANSITIONS, Letter, Status


@pytest.fixture(autouse=True)
def _forgets_examples() -> Iterator[None]:
    """Takes out the tables of made-up models, and those alone: the apps register theirs once."""
    yield
    for label in [label for label in tables._tables if label.startswith("examples.")]:
        del tables._tables[label]


@pytest.fixture
def letters(_forgets_examples: None) -> Iterator[tables.Table]:
    """The example's table, registered."""
    yield tables.register(Letter, TRANSITIONS, title="Letter", unfinished=frozenset({Status.DRAFT, Status.SHARED}))
