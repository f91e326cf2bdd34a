"""Only what must override a plugin's fixture; all others are in audit_portal/testing/fixtures.py."""

import pytest

OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """After the migrations: the rights of the database roles and the cache table, as in production.

    At the end whoever still has a session (the browser tests' server, a killed worker's) is let go, so that the
    database can be dropped.
    """
    from django.core.management import call_command
    from django.db import connection

    with django_db_blocker.unblock():
        call_command("createcachetable", verbosity=0)
        call_command("grant_roles", verbosity=0)
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(OTHERS)
