"""The launcher's life with real processes: first start, second start, killed, refused, stopped."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import psycopg2
import pytest
import redis

from launcher.folders import PORTAL, DataFolder
from launcher.install import venv_sentence
from launcher.postgres import ROOTS_PLACE
from launcher.processes import birth
from launcher.servers import Servers
from launcher.throwaway import PREFIX, sweep
from launcher.version import too_old

SERVE = """
import sys
from pathlib import Path
from launcher import folders, processes, servers, trouble, up

processes.listen()
folder = folders.DataFolder(Path(sys.argv[1]))
try:
    folder.make()
    folder.lock_for("up")
    embedded = servers.Servers(folder, durable=False)
    with embedded as found:
        print(found.app, found.redis, flush=True)
        up.look_after(embedded.children)
except trouble.Trouble as error:
    sys.exit(str(error))
except trouble.Stopped:
    pass
"""
SETTINGS = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_APP_URL", "REDIS_URL", "ENVIRONMENT", "SECRET_KEY")
SETTINGS += ("DATA_DIR", "PUBLIC_URL", "ALLOWED_HOSTS", "DJANGO_SETTINGS_MODULE")


@pytest.fixture
def data():
    """A data folder to be, with a space in its path, that a server's user can reach when we are root."""
    base = Path(tempfile.mkdtemp(prefix="portal launcher "))
    base.chmod(0o711)
    yield base / "data"
    shutil.rmtree(base, ignore_errors=True)


def clean():
    """The environment without what `./portal test` has set for the tests."""
    return {name: value for name, value in os.environ.items() if name not in SETTINGS}


@contextmanager
def serving(data):
    """A launcher with servers on `data`; gives the process and the two addresses, and stops it at the end."""
    launcher = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(data)], cwd=PORTAL, env=clean(), text=True, stdout=subprocess.PIPE
    )
    try:
        yield launcher, *launcher.stdout.readline().split()
    finally:
        launcher.send_signal(signal.SIGTERM)
        launcher.wait(30)
        launcher.stdout.close()


def portal(*words):
    """Runs ./portal and gives what it said."""
    command = [sys.executable, str(PORTAL / "portal"), *map(str, words)]
    return subprocess.run(command, env=clean(), capture_output=True, text=True, timeout=120, check=False)


def ask(address, query):
    """One query's first value; psycopg2's own words for an answer that is a command's."""
    with psycopg2.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        value = cursor.fetchone()[0] if cursor.description else cursor.statusmessage
    connection.close()
    return value


def pids(data):
    """The processes that the launcher has written down, by name."""
    return {file.stem: int(file.read_text().split()[0]) for file in (data / "run").glob("*.pid")}


def eventually(fact, seconds=15):
    """Waits until `fact` holds."""
    until = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def is_one_sentence(said):
    """Exit code 1 and one line on standard error: never a traceback."""
    return said.returncode == 1 and len(said.stderr.splitlines()) == 1 and said.stderr.startswith("portal: ")


def test_servers_answer_in_a_folder_with_a_space(data):
    with serving(data) as (_, database, broker):
        assert ask(database, "SELECT current_user") == "portal_app"
        assert ask(database, "SELECT lower('ÉCOLE')") == "école"
        with redis.Redis.from_url(broker.replace("redis+socket", "unix").split("?")[0]) as client:
            assert client.ping()


def test_the_application_role_is_not_the_owner(data):
    with serving(data) as (_, database, _broker):
        assert ask(database, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_stopping_leaves_no_process_and_no_socket(data):
    with serving(data):
        running = pids(data)
        sockets = Path(json.loads((data / "run" / "servers.json").read_text())["sockets"])
        assert set(running) == {"postgresql", "valkey"} and sockets.is_dir()
    assert not any(map(birth, running.values()))
    assert not sockets.exists() and not pids(data)


def test_a_second_start_keeps_the_data(data):
    for expected in (None, "kept"):
        with serving(data) as (_, database, _broker):
            owner = database.replace("portal_app@", "portal_owner@")
            assert ask(owner, "SELECT obj_description('public'::regnamespace)") in (expected, "standard public schema")
            ask(owner, "COMMENT ON SCHEMA public IS 'kept'")


def test_two_starts_on_one_folder_the_second_says_so(data):
    with serving(data) as (launcher, *_):
        said = portal("up", "--data", data, "--port", free_port())
        assert is_one_sentence(said)
        assert f"in use by ./portal up (process {launcher.pid})" in said.stderr


def test_a_killed_launcher_does_not_break_the_next_start(data):
    with serving(data) as (launcher, *_):
        before = pids(data)
        launcher.kill()
        launcher.wait()
        with serving(data) as (_, database, _broker):
            assert ask(database, "SELECT 1") == 1
            assert not any(map(birth, before.values()))
            assert len(set(pids(data).values()) - set(before.values())) == 2


def test_a_server_that_dies_is_started_again(data):
    with serving(data) as (_, database, _broker):
        first = pids(data)["postgresql"]
        os.kill(first, signal.SIGKILL)
        eventually(lambda: pids(data)["postgresql"] != first)

        def answered():
            with suppress(psycopg2.OperationalError):
                return ask(database, "SELECT 1") == 1

        eventually(answered)


def test_a_stale_postmaster_pid_of_another_program_is_no_obstacle(data):
    with serving(data):
        lines = (data / "postgresql" / "postmaster.pid").read_text().splitlines()
    (data / "postgresql" / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with serving(data) as (_, database, _broker):
        assert ask(database, "SELECT 1") == 1
    assert birth(os.getpid())


def test_a_process_that_only_has_the_number_is_left_alone(data):
    stranger = subprocess.Popen(["sleep", "60"])
    folder = DataFolder(data)
    folder.make()
    (data / "run" / "valkey.pid").write_text(f"{stranger.pid} born at another time\n")
    with serving(data):
        assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's launcher runs PostgreSQL as another user")
def test_as_root_a_folder_closed_to_others_keeps_its_cluster_elsewhere(data):
    data.parent.chmod(0o700)
    launcher = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(data)], cwd=PORTAL, env=clean(), text=True, stdout=subprocess.PIPE
    )
    with launcher:
        assert "may not run as root" in launcher.stdout.readline()
        assert ask(launcher.stdout.readline().split()[0], "SELECT 1") == 1
        launcher.send_signal(signal.SIGTERM)
    cluster = Path((data / "postgresql-folder").read_text())
    assert cluster.parent == ROOTS_PLACE and cluster.stat().st_uid != 0
    shutil.rmtree(cluster)


def test_servers_that_the_environment_names_are_used(data, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone@db.example/audits")
    monkeypatch.setenv("REDIS_URL", "redis://redis.example/0")
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    DataFolder(data).make()
    with Servers(DataFolder(data)) as found:
        assert (found.app, found.redis) == ("postgresql://someone@db.example/audits", "redis://redis.example/0")
        assert found.owner == found.app
        assert not pids(data)


def test_the_secret_key_is_made_once_for_its_owner_alone(data):
    folder = DataFolder(data)
    folder.make()
    assert folder.secret_key() == DataFolder(data).secret_key()
    assert len(folder.secret_key()) >= 40
    assert stat.S_IMODE((data / "secret-key").stat().st_mode) == 0o600


def test_throwaway_folders_of_dead_launchers_are_swept_and_held_ones_stay(data):
    base = data.parent
    dead, held = DataFolder(base / f"{PREFIX}dead"), DataFolder(base / f"{PREFIX}held")
    for folder in (dead, held):
        folder.make()
        folder.lock("test")
    dead.unlock()
    sweep(base)
    assert not dead.path.exists() and held.path.exists()
    held.unlock()


def test_a_taken_port_is_one_sentence_with_a_free_one(data):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        said = portal("up", "--data", data, "--port", other.getsockname()[1])
    assert is_one_sentence(said)
    assert "is taken" in said.stderr and "--port" in said.stderr


def test_a_folder_that_cannot_be_written_is_one_sentence(data):
    data.write_text("a file, not a folder")
    said = portal("up", "--data", data / "inside", "--port", free_port())
    assert is_one_sentence(said)
    assert "cannot be written" in said.stderr


def test_an_old_python_is_one_sentence_and_the_oldest_allowed_is_none():
    assert "needs Python 3.11 or later and this is Python 3.9.2" in too_old((3, 9, 2))
    assert not too_old((3, 11, 0)) and not too_old((3, 14, 1)) and not too_old((4, 0, 0))


def test_a_python_without_ensurepip_is_told_the_one_command():
    assert "-venv" in venv_sentence("The virtual environment was not created: ensurepip is not available")


def test_doctor_names_every_need(data):
    said = portal("doctor", "--data", data, "--port", free_port())
    for name in ("Python", "Node.js", "Chromium", "Pango", "Port", "Data folder", "Disk space"):
        assert name in said.stdout


def test_up_reaches_its_first_page_restarts_fast_and_stops_clean(data):
    port = free_port()
    for _start in ("first", "second"):
        began = time.monotonic()
        with up(data, port) as launcher:
            took = time.monotonic() - began
            with urlopen(f"http://localhost:{port}/sign-in/", timeout=10) as page:
                assert page.status == 200
            running = pids(data)
            assert set(running) == {"postgresql", "valkey", "web", "worker", "beat"}
        assert launcher.returncode == 0
        assert not any(map(group_lives, running.values()))
    assert took < 10


@contextmanager
def up(data, port):
    """./portal up on an empty council, from its address line to Ctrl-C."""
    command = [sys.executable, str(PORTAL / "portal"), "up", "--empty", "--data", str(data), "--port", str(port)]
    launcher = subprocess.Popen(command, env=clean(), text=True, stdout=subprocess.PIPE)
    with launcher:
        said = iter(launcher.stdout.readline, "")
        assert any(f"http://localhost:{port}/" in line for line in said), "it ended before its first page"
        yield launcher
        launcher.send_signal(signal.SIGINT)
        launcher.stdout.read()


def group_lives(pid):
    """Whether anything is left of a process or its group."""
    with suppress(ProcessLookupError):
        os.killpg(pid, 0)
        return True
    return birth(pid) is not None


def free_port():
    """A port that nobody has at this moment."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
