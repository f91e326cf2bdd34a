"""Settings refuse a bad value with a sentence; production never starts with the demo's."""

import os
import subprocess
import sys

import pytest

GOOD = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "9f2c41d07be803aa58a1c7f4e20d" * 2,
    "DATABASE_URL": "postgresql://portal_app:x@localhost/audit_portal",
    "REDIS_URL": "redis://localhost",
    "PUBLIC_URL": "https://audits.northbrook.example",
    "ALLOWED_HOSTS": "audits.northbrook.example",
    "EMAIL_HOST": "mail.northbrook.example",
}
BAD = [
    ({"SECRET_KEY": ""}, "SECRET_KEY is the demo key or shorter"),
    ({"SECRET_KEY": "audit-portal-demo-key-not-for-production"}, "SECRET_KEY is the demo key"),
    ({"DEBUG": "true"}, "DEBUG is true"),
    ({"DEMO_LOGINS": "true"}, "DEMO_LOGINS is true"),
    ({"DEBUG": "yes"}, "DEBUG must be true or false, not “yes”."),
    ({"ENVIRONMENT": "live"}, "ENVIRONMENT must be one of production, demo, test"),
    ({"DATABASE_URL": "mysql://x@y/z"}, "DATABASE_URL must name a PostgreSQL database"),
    ({"DATABASE_URL": "nonsense"}, "DATABASE_URL must name a PostgreSQL database"),
    ({"EMAIL_PORT": "many"}, "EMAIL_PORT must be a whole number"),
    ({"REDIS_URL": None}, "Set REDIS_URL in the environment"),
    ({"EMAIL_HOST": None}, "Set EMAIL_HOST in the environment"),
]


def start(changes, command="check"):
    env = {name: value for name, value in {**os.environ, **GOOD, **changes}.items() if value is not None}
    for name in set(os.environ) & {"DEMO_LOGINS", "DEBUG", "DJANGO_ALLOW_ASYNC_UNSAFE"} - set(changes):
        env.pop(name, None)
    line = [sys.executable, "manage.py", *command.split()]
    return subprocess.run(line, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("changes", "sentence"), BAD)
def test_a_bad_value_is_refused_with_a_sentence(changes, sentence):
    ended = start(changes)
    assert ended.returncode != 0
    assert sentence in ended.stderr


def test_production_passes_every_deployment_check():
    ended = start({}, "check --deploy --fail-level WARNING")
    assert ended.returncode == 0, ended.stderr
