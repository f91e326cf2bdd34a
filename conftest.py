"""Only what must override a plugin's fixture; all others are in audit_portal/testing/fixtures.py."""

import pytest


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """After the migrations: the rights of the database roles and the cache table, as in production."""
    from django.core.management import call_command

    with django_db_blocker.unblock():
        call_command("createcachetable", verbosity=0)
        call_command("grant_roles", verbosity=0)
