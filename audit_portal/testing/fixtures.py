"""Fixtures of the whole project, loaded by pytest.ini: programme and people.

pytest loads this before Django is set up, so models are imported where they are used.
"""

import pytest


@pytest.fixture
def s1(db):
    """The default programme, as its preset stands."""
    from audit_portal.testing.factories import load_s1

    return load_s1()


@pytest.fixture
def s2(s1):
    """The managers' guide beside it."""
    from audit_portal.testing.factories import load_s2

    return load_s2()


@pytest.fixture
def cast(s1):
    """One named cast: everybody who has a part in an audit."""
    from audit_portal.testing.factories import make_cast

    return make_cast()
