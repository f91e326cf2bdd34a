"""The servers of a run: a PostgreSQL in the run's own folder, which a run that goes on finds again.

Each part has a database of its own, a copy of one that was migrated once.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.folders import DataFolder
from launcher.servers import Servers
from launcher.settings import for_django, for_owner
from launcher.trouble import Trouble

OTHERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_APP_URL", "REDIS_URL")


@contextmanager
def ground(folder: Path) -> Iterator[None]:
    """PostgreSQL as in production (on the disk, with fsync), and Django set up on it. Valkeys belong to the parts."""
    data = DataFolder(folder)
    data.make()
    if not data.lock("bench faults"):
        raise Trouble(f"Another run of the fault harness uses {folder}.")
    for name in OTHERS:
        os.environ.pop(name, None)
    servers = Servers(data)
    servers.own_redis = False
    try:
        with servers as found:
            os.environ.update(for_owner(for_django(data, found)) | {"DATA_DIR": str(folder)})
            _set_up()
            yield
    finally:
        data.unlock()


def _set_up() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    connection.close()


def use_database(part: str) -> None:
    """From now on Django works on the database of this part, made where there is none yet."""
    from django.core.management import call_command
    from django.db import connection

    settings, name = connection.settings_dict, f"faults_{part}"
    connection.close()
    template = settings.setdefault("TEMPLATE_NAME", settings["NAME"])
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    settings["NAME"] = name
    call_command("grant_roles", verbosity=0)
