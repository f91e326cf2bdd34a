"""Files are opened in a process apart: without secrets, with little memory, for a short time.

A file that means harm can then harm nothing: the process ends, and its reader gets a sentence.
The parent sends the file, then asks for rows of one table after the other; rows come back as JSON.
"""

import json
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from casefiles.reading.results import BadFile
from jobs.progress import tell

HOME = Path(__file__).resolve().parents[2]
MOST_MEMORY = 250 * 1024 * 1024
MOST_SECONDS = 60
BATCH = 500
TOLD_EVERY = 5_000
TOO_MUCH = ("Reading this file takes more memory or time than a list of cases should. Leave out the sheets and "
            "columns that are not needed, or save the list as CSV, and choose it again.")
Cells = list[Any]


@dataclass(frozen=True)
class Table:
    """A sheet of the file: its name and its rows, numbered as the spreadsheet numbers them."""

    name: str
    index: int
    reader: "Reader"

    def open(self, most: int = 0) -> Iterator[tuple[int, Cells]]:
        """All rows, or the first `most`. Raises BadFile for a sheet that cannot be read to its end."""
        return self.reader.rows(self.index, most)


class Reader:
    """The parent's end of the pipe to the process that holds the file."""

    def __init__(self, process: subprocess.Popen) -> None:
        self.process = process
        self.asked = 0

    def send(self, content: bytes) -> list[Table]:
        """Hand over the file and hear what tables it has."""
        with suppress(BrokenPipeError):
            self.process.stdin.write(struct.pack(">Q", len(content)))
            self.process.stdin.write(content)
            self.process.stdin.flush()
        return [Table(name, index, self) for index, name in enumerate(self._answer()["tables"])]

    def rows(self, index: int, most: int) -> Iterator[tuple[int, Cells]]:
        """Rows of one table, in batches; what is left of a question that was broken off is passed over."""
        self.asked += 1
        asked = self.asked
        with suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps({"asked": asked, "table": index, "most": most}).encode() + b"\n")
            self.process.stdin.flush()
        read = 0
        while (answer := self._answer(asked))["rows"]:
            yield from answer["rows"]
            read += len(answer["rows"])
            if read % TOLD_EVERY == 0:
                tell(1, 3, f"Reading row {read:,}")

    def _answer(self, asked: int = 0) -> dict[str, Any]:
        while True:
            line = self.process.stdout.readline()
            if not line.endswith(b"\n"):
                raise BadFile(TOO_MUCH)
            answer = json.loads(line)
            if answer["asked"] == asked:
                break
        if "bad" in answer:
            raise BadFile(answer["bad"])
        return answer


@contextmanager
def open_tables(content: bytes) -> Iterator[list[Table]]:
    """The tables of a file, while the process that holds it lives. Raises BadFile."""
    process = subprocess.Popen(  # noqa: S603  our own module, nothing from outside in the arguments
        [sys.executable, "-m", __name__], cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, env={"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    clock = threading.Timer(MOST_SECONDS, process.kill)
    clock.start()
    try:
        yield Reader(process).send(content)
    finally:
        clock.cancel()
        process.kill()
        with suppress(BrokenPipeError):
            process.communicate()


def serve(given: BinaryIO, answers: BinaryIO) -> None:
    """The process apart: read the file, then answer questions about its tables until the parent hangs up."""
    from casefiles.reading.tables import raw_tables

    content = given.read(struct.unpack(">Q", given.read(8))[0])
    try:
        tables = raw_tables(content)
    except BadFile as bad:
        _say(answers, 0, bad=str(bad))
        return
    del content
    _say(answers, 0, tables=[table.name for table in tables])
    for line in given:
        question = json.loads(line)
        _answer(answers, question["asked"], tables[question["table"]].rows(), question["most"])


def _answer(answers: BinaryIO, asked: int, rows: Iterator[tuple[int, Cells]], most: int) -> None:
    rows = islice(rows, most or None)
    try:
        while batch := list(islice(rows, BATCH)):
            _say(answers, asked, rows=batch)
        _say(answers, asked, rows=[])
    except BadFile as bad:
        _say(answers, asked, bad=str(bad))


def _say(answers: BinaryIO, asked: int, **answer: Any) -> None:
    answers.write(json.dumps({"asked": asked, **answer}).encode() + b"\n")
    answers.flush()


def step_back() -> None:
    """Other people's pages go first; and where the system has such a limit (Linux), memory beyond it ends only this."""
    os.nice(10)
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    step_back()
    serve(sys.stdin.buffer, sys.stdout.buffer)
