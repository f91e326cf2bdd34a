"""./portal up: the whole portal on one machine until Ctrl-C."""

import time

from launcher.assets import install
from launcher.folders import PORTAL, PYTHON, DataFolder
from launcher.ports import HOST, check_free, read
from launcher.processes import Child, run, stop_all
from launcher.servers import Servers
from launcher.settings import for_django, for_owner
from launcher.trouble import Stopped, Trouble, last_line, say

FIRST_PAGE = "/sign-in/"
PATIENCE = 90
GUNICORN = ["--workers", "2", "--threads", "2", "--preload", "--graceful-timeout", "5", "--no-control-socket"]
CELERY = ["--loglevel", "INFO"]


def up(folder: DataFolder, *, port: int, empty: bool) -> int:
    """Installs, starts and looks after everything; returns when it is told to stop and all is stopped."""
    folder.make()
    folder.lock_for("up")
    for child in portal(folder, {}, port):
        child.stop_orphan()
    check_free(port)
    install()
    try:
        servers = Servers(folder)
        with servers as addresses:
            env = for_django(folder, addresses, port=port)
            prepare(env, empty=empty)
            serve(portal(folder, env, port), servers.children, port)
    except Stopped:
        say("Stopped.")
    return 0


def portal(folder: DataFolder, env: dict[str, str], port: int) -> list[Child]:
    """The portal's own processes: the web server, the worker that is woken, and beat that wakes it."""
    gunicorn = ["-m", "gunicorn", "audit_portal.wsgi:application", "--bind", f"{HOST}:{port}", *GUNICORN]
    celery = ["-m", "celery", "-A", "audit_portal"]
    worker = [*celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle", *CELERY]
    beat = [*celery, "beat", "--schedule", str(folder.path / "celerybeat-schedule"), "--pidfile=", *CELERY]
    commands = {"web": gunicorn, "worker": worker, "beat": beat}
    return [Child(name, [str(PYTHON), *args], env, folder.path, cwd=PORTAL) for name, args in commands.items()]


def prepare(env: dict[str, str], *, empty: bool) -> None:
    """Brings the database to what this version needs; at the first start with the demo council."""
    say("Preparing the database …")
    command = [str(PYTHON), "manage.py", "prepare", *(["--empty"] if empty else [])]
    if run(command, env=for_owner(env), cwd=PORTAL, quiet=False).returncode:
        raise Trouble("The database could not be prepared (above says why).")


def serve(children: list[Child], servers: list[Child], port: int) -> None:
    """Starts the processes, says where the page is and keeps them and the servers alive until Stopped."""
    try:
        for child in children:
            child.start()
        wait_for_page(children[0], port)
        say(f"\nAudit Portal is at http://localhost:{port}/\n")
        show_logins(children[0].env)
        say(f"Ctrl-C stops it. Its logs are in {children[0].log.parent}.")
        look_after([*servers, *children])
    finally:
        stop_all(children)


def wait_for_page(web: Child, port: int) -> None:
    """Waits for the first page; a web server that ends before it is trouble, with its own last words."""
    until = time.monotonic() + PATIENCE
    while read(port, FIRST_PAGE)[0] != 200:
        if not web.alive():
            raise Trouble(f"The web server did not start: {last_line(web.log)} ({web.log})")
        if time.monotonic() > until:
            raise Trouble(f"The page {FIRST_PAGE} did not answer within {PATIENCE} s: {web.log} says why.")
        time.sleep(0.1)


def show_logins(env: dict[str, str]) -> None:
    """The demo people one can sign in as, where there are any."""
    if env["ENVIRONMENT"] == "demo":
        shown = run([str(PYTHON), "manage.py", "demo_logins"], env=for_owner(env), cwd=PORTAL)
        say(f"{shown.stdout.strip()}\n" if shown.returncode == 0 else "The demo log-ins could not be listed.\n")


def look_after(children: list[Child]) -> None:
    """Starts again what dies, a worker that ended itself because it took nothing among them, until Stopped."""
    while True:
        for child in children:
            child.look_after()
        time.sleep(0.5)
