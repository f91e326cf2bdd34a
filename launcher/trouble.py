"""How the launcher ends before its work is done, and how it speaks."""

from pathlib import Path


class Trouble(Exception):
    """What is wrong and what to do, in one sentence for the person at the terminal."""


class Stopped(BaseException):
    """Ctrl-C, SIGTERM or SIGHUP: everything is to be stopped."""


def say(text: str) -> None:
    """One line on the terminal, at once even where the output is a file."""
    print(text, flush=True)


def last_line(log: Path) -> str:
    """The last line of a log that says something, to go with a sentence of trouble."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return f"see {log}"
    return next((line.strip() for line in reversed(lines) if line.strip()), f"see {log}")
