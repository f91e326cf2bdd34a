"""Fixtures of the whole project, loaded by pytest.ini: programme, people, database roles.

pytest loads this before Django is set up, so models are imported where they are used.
"""

import pytest


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """After the migrations: the rights of the database roles and the cache table, as in production."""
    from django.core.management import call_command

    with django_db_blocker.unblock():
        call_command("createcachetable", verbosity=0)
        call_command("grant_roles", verbosity=0)


@pytest.fixture
def s1(db):
    """The default programme, as its preset stands."""
    from audit_portal.testing.factories import load_s1

    return load_s1()


@pytest.fixture
def cast(s1):
    """One named cast: everybody who has a part in an audit."""
    from audit_portal.testing.factories import make_cast

    return make_cast()
