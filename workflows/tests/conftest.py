"""Tables registered in a test are forgotten after it."""

from collections.abc import Iterator

import pytest

from workflows import tables
from workflows.tests.example import TRANSITIONS, Letter, Status


@pytest.fixture(autouse=True)
def _forgets_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test works on a copy of the registry."""
    monkeypatch.setattr(tables, "_tables", dict(tables._tables))


@pytest.fixture
def letters(_forgets_tables: None) -> Iterator[tables.Table]:
    """The example's table, registered."""
    yield tables.register(Letter, TRANSITIONS, title="Letter", unfinished=frozenset({Status.DRAFT, Status.SHARED}))
