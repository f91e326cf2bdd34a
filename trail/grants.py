"""Rights of the database roles: owner migrates, portal_app runs, portal_bi reads what reporting offers.

The application can add to the trail and read it; it can neither change nor remove what is there.
"""

from django.db import connection

APP = "portal_app"
BI = "portal_bi"
APPEND_ONLY_TABLES = ("trail_event", "trail_detail", "trail_accessevent")

ROLES = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} NOLOGIN; END IF;
END $$
"""


def statements() -> list[str]:
    """The SQL that gives each role its rights; the same each time it is run."""
    return [
        *(ROLES.format(role=role) for role in (APP, BI)),
        f"GRANT USAGE ON SCHEMA public TO {APP}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(APPEND_ONLY_TABLES)} FROM {APP}",
        f"REVOKE ALL ON django_migrations FROM {APP}",
        f"GRANT SELECT ON django_migrations TO {APP}",
    ]


def grant_roles() -> None:
    """Create the roles where they are missing and set their rights."""
    with connection.cursor() as cursor:
        for statement in statements():
            cursor.execute(statement)
