"""The environment that Django's settings are read from (docs/deploy.md). What the user has set stands."""

import os
import secrets

from launcher.folders import DataFolder
from launcher.install import environment
from launcher.servers import Addresses


def for_django(folder: DataFolder, addresses: Addresses, *, port: int = 8000) -> dict[str, str]:
    """What the demo's web, worker and beat processes see: the database as the application's own role."""
    env = environment()
    for name, value in _defaults(folder, port).items():
        env.setdefault(name, value)
    env["DJANGO_SETTINGS_MODULE"] = "audit_portal.settings"
    env["DATABASE_URL"], env["DATABASE_OWNER_URL"] = addresses.app, addresses.owner
    env["REDIS_URL"] = addresses.redis
    if os.geteuid() == 0:
        env["C_FORCE_ROOT"] = "1"
    return env


def _defaults(folder: DataFolder, port: int) -> dict[str, str]:
    return {
        "ENVIRONMENT": "demo",
        "SECRET_KEY": os.environ.get("SECRET_KEY") or folder.secret_key(),
        "PUBLIC_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "DATA_DIR": str(folder.path),
    }


def for_owner(env: dict[str, str]) -> dict[str, str]:
    """What management commands see: the database as its owner, who may change its tables."""
    return {**env, "DATABASE_URL": env["DATABASE_OWNER_URL"], "DATABASE_APP_URL": env["DATABASE_URL"]}


def for_tests(folder: DataFolder, addresses: Addresses) -> dict[str, str]:
    """What the tests see: nothing of the user's own settings but the servers they name."""
    env = {**environment(), **_defaults(folder, 8000), "ENVIRONMENT": "test", "SECRET_KEY": secrets.token_urlsafe(48)}
    env["DJANGO_SETTINGS_MODULE"] = "audit_portal.settings"
    env["ALLOWED_HOSTS"] = "localhost,127.0.0.1,[::1],testserver"
    env["DATABASE_URL"], env["DATABASE_OWNER_URL"], env["REDIS_URL"] = addresses.app, addresses.owner, addresses.redis
    return for_owner(env)
