"""Files with one JSON object in each line, on the disk before anybody is told so."""

import json
import os
from pathlib import Path
from typing import Any


def whole_lines(file: Path) -> list[Any]:
    """What was written; the half of a line that a killed process left is cut off."""
    if not file.exists():
        return []
    written = file.read_bytes()
    whole = written[: written.rfind(b"\n") + 1]
    if whole != written:
        os.truncate(file, len(whole))
    return [json.loads(line) for line in whole.splitlines()]


def append(file: Path, line: Any) -> None:
    """One line more."""
    with open(file, "a", encoding="ascii") as kept:
        kept.write(json.dumps(line) + "\n")
        kept.flush()
        os.fsync(kept.fileno())
