"""A pytest plugin: every id in `@pytest.mark.req(...)` must stand in docs/requirements.md.

Loaded with `-p audit_portal.testing.requirements` in pytest.ini.
"""

import pytest

from audit_portal.testing import proof


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stops the run with one sentence when a collected test names an unknown rule, or none."""
    marked = [(item.nodeid, mark.args) for item in items for mark in item.iter_markers("req")]
    if not marked:
        return
    try:
        known = proof.rules()
        for nodeid, ids in marked:
            proof.check_ids(ids, known, nodeid)
    except proof.BadMark as bad:
        raise pytest.UsageError(str(bad)) from None
