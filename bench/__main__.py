"""`python -m bench [NAME …] [OPTION …]`: runs the benchmarks, prints a table; exit code 1 where a target is missed.

A module that sets NEEDS_DATABASE = True runs on an empty, migrated database of its own beside the one of
DATABASE_URL, which is dropped afterwards. 2 is the exit code for a name that there is not. A package is a long one:
it runs only where it is named, and is given the options that follow.
"""

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import takewhile
from types import ModuleType
from typing import Any

import bench

Row = dict[str, Any]
SETTINGS = "audit_portal.settings"
HEADINGS = ("Benchmark", "Value", "Target", "")


def main(words: list[str]) -> int:
    """Runs what is named, or every module."""
    known = [*names(), *packages()]
    wanted = list(takewhile(lambda word: not word.startswith("-"), words))
    options = words[len(wanted):]
    if unknown := [word for word in wanted if word not in known]:
        print(f"There is no benchmark called {unknown[0]}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    if options and wanted not in [[name] for name in packages()]:
        print(f"Only one of {', '.join(packages())}, alone, takes options such as {options[0]}.", file=sys.stderr)
        return 2
    rows = [row for name in wanted or names() for row in rows_of(importlib.import_module(f"bench.{name}"), options)]
    print(table(rows))
    return 0 if all(row["met"] for row in rows) else 1


def names() -> list[str]:
    """Every module of bench/ that is a benchmark."""
    return _found(packages=False)


def packages() -> list[str]:
    """Every package of bench/ that is one."""
    return [name for name in _found(packages=True) if name != "tests"]


def _found(*, packages: bool) -> list[str]:
    found = pkgutil.iter_modules(bench.__path__)
    return sorted(module.name for module in found if module.ispkg == packages and not module.name.startswith("_"))


def rows_of(module: ModuleType, options: list[str]) -> list[Row]:
    """What one benchmark measured, with a database where it needs one."""
    if hasattr(module, "__path__"):
        return module.run(options)
    with database() if getattr(module, "NEEDS_DATABASE", False) else nullcontext():
        return module.run()


@contextmanager
def database() -> Iterator[None]:
    """A throwaway database: created and migrated, dropped at the end. The one of DATABASE_URL is not touched."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    own = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        call_command("createcachetable", verbosity=0)
        yield
    finally:
        connection.creation.destroy_test_db(own, verbosity=0)


def table(rows: list[Row]) -> str:
    """The rows as text, in columns."""
    cells = [HEADINGS, *(_cells(row) for row in rows)]
    wide = [max(len(row[column]) for row in cells) for column in range(len(HEADINGS))]
    return "\n".join(
        f"{name:<{wide[0]}}  {value:>{wide[1]}}  {target:>{wide[2]}}  {said}".rstrip()
        for name, value, target, said in cells
    )


def _cells(row: Row) -> tuple[str, str, str, str]:
    target = "" if row["target"] is None else f"{row['target']:g} {row['unit']}"
    return row["name"], f"{row['value']:g} {row['unit']}", target, "" if row["met"] else "missed"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
