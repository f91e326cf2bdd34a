"""Reads settings from the environment; a missing or bad value is refused with a sentence that helps."""

import os
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

DEMO_SECRET_KEY = "audit-portal-demo-key-not-for-production"  # noqa: S105  refused in production


def text(name: str, default: str | None = None) -> str:
    """The value of `name`; without a default it must be set."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set {name} in the environment. docs/deploy.md lists every setting.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """A strict boolean: true or false, nothing else."""
    value = os.environ.get(name, str(default)).lower()
    if value not in {"true", "false"}:
        raise ImproperlyConfigured(f"{name} must be true or false, not “{value}”.")
    return value == "true"


def whole_number(name: str, default: int) -> int:
    """A whole number of zero or more."""
    value = os.environ.get(name, str(default))
    if not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not “{value}”.")
    return int(value)


def one_of(name: str, choices: tuple[str, ...], default: str) -> str:
    """One of the words in `choices`."""
    value = os.environ.get(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not “{value}”.")
    return value


def words(name: str, default: str) -> list[str]:
    """A comma-separated list, empty items left out."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def database(name: str) -> dict[str, Any]:
    """The PostgreSQL database that the address in `name` means."""
    address = text(name)
    wrong = f"{name} must name a PostgreSQL database, such as postgresql://user:password@host/name."
    try:
        settings = dj_database_url.parse(address, conn_max_age=60, conn_health_checks=True)
    except ValueError as error:
        raise ImproperlyConfigured(wrong) from error
    if settings.get("ENGINE") != "django.db.backends.postgresql" or not settings.get("NAME"):
        raise ImproperlyConfigured(wrong)
    return settings


def check_production(*, secret_key: str, debug: bool, demo: bool) -> None:
    """Production never starts with the demo key, DEBUG or the demo log-ins."""
    problems = []
    if secret_key == DEMO_SECRET_KEY or len(secret_key) < 40:
        problems.append("SECRET_KEY is the demo key or shorter than 40 characters: make a new random one")
    if debug:
        problems.append("DEBUG is true: set it to false")
    if demo:
        problems.append("DEMO_LOGINS is true: anyone could sign in as anyone, set it to false")
    if problems:
        raise ImproperlyConfigured("Production does not start: " + "; ".join(problems) + ".")
