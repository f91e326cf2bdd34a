"""The command line: up, test, manage, bench and doctor."""

import argparse
import os
import sys
from pathlib import Path

from launcher import system
from launcher.assets import install
from launcher.doctor import examine
from launcher.folders import PORTAL, PYTHON, DataFolder
from launcher.processes import listen, run_in_front
from launcher.servers import Addresses, Servers, addresses
from launcher.settings import for_django, for_owner, for_tests
from launcher.throwaway import throwaway
from launcher.trouble import Stopped, Trouble
from launcher.up import up

DATA = PORTAL / ".portal"


def main(words: list[str]) -> int:
    """Runs one command. Trouble is one sentence on standard error and exit code 1, never a traceback."""
    listen()
    try:
        if words[:1] == ["test"]:
            return test(words[1:])
        if words[:1] == ["bench"] and not {"-h", "--help"} & set(words[1:2]):
            return bench(words[1:])
        options = parser().parse_args(words)
        return options.command(options)
    except Trouble as trouble:
        print(f"portal: {trouble}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"portal: {error.filename or 'The machine'}: {error.strerror}.", file=sys.stderr)
        return 1
    except Stopped as stopped:
        return 128 + stopped.args[0]


def parser() -> argparse.ArgumentParser:
    """Everything the command line takes, but for `test` and `bench`, whose words are all pytest's and bench's."""
    top = argparse.ArgumentParser(prog="portal", description="Audit Portal on this machine.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument("--data", type=Path, default=DATA, metavar="DIR", help="data folder (default: .portal)")
    port = argparse.ArgumentParser(add_help=False)
    port.add_argument("--port", type=port_number, default=8000, metavar="N", help="port of the pages (default: 8000)")

    start = commands.add_parser("up", parents=[port, data], help="start everything; Ctrl-C stops it")
    start.add_argument("--empty", action="store_true", help="without the demo council")
    start.set_defaults(command=lambda o: up(DataFolder(o.data), port=o.port, empty=o.empty))
    commands.add_parser("test", help="run the tests on throwaway servers: all further words are pytest's")
    one = commands.add_parser("manage", parents=[data], help="run a management command")
    one.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND …")
    one.set_defaults(command=lambda o: manage(DataFolder(o.data), o.words))
    commands.add_parser("bench", help="run the benchmarks on throwaway servers: all further words are theirs")
    doctor = commands.add_parser("doctor", parents=[port, data], help="say what this machine lacks")
    doctor.set_defaults(command=lambda o: examine(o.data, o.port))
    return top


def port_number(text: str) -> int:
    """A port that a program may listen on."""
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, not {text}")
    return int(text)


def test(words: list[str]) -> int:
    """Runs pytest on throwaway servers and returns its exit code."""
    install()
    system.prepare_for_tests()
    with throwaway(in_memory=True) as folder, Servers(folder, durable=False) as found:
        env = for_tests(folder, found)
        env.setdefault("CHROMIUM", system.chromium())
        return run_in_front([str(PYTHON), "-m", "pytest", *words], env=env, cwd=PORTAL)


def bench(words: list[str]) -> int:
    """Runs the benchmarks on throwaway servers that keep their promises: on the disk, with fsync."""
    install()
    with throwaway(in_memory=False) as folder, Servers(folder) as found:
        env = for_owner(for_django(folder, found))
        return run_in_front([str(PYTHON), "-m", "bench", *words], env=env, cwd=PORTAL)


def manage(folder: DataFolder, words: list[str]) -> int:
    """Runs a management command as the database's owner, on the running servers or on some of its own."""
    folder.make()
    if {"DATABASE_URL", "REDIS_URL"} <= set(os.environ):
        install()
        return manage_on(folder, addresses(Path()), words)
    if not folder.lock("manage"):
        return manage_on(folder, running(folder), words)
    install()
    with Servers(folder) as found:
        return manage_on(folder, found, words)


def manage_on(folder: DataFolder, found: Addresses, words: list[str]) -> int:
    """Runs the command on these servers, in the directory it was called from if that is not the portal's."""
    env = for_owner(for_django(folder, found))
    return run_in_front([str(PYTHON), str(PORTAL / "manage.py"), *words], env=env, cwd=Path.cwd())


def running(folder: DataFolder) -> Addresses:
    """Where the servers of the launcher that holds the folder listen."""
    sockets = folder.recorded_servers().get("sockets")
    if not sockets:
        raise Trouble(f"The portal on {folder.path} is starting or stopping: try again in a moment.")
    return addresses(Path(sockets))
