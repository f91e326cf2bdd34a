"""Replaying a certificate for a page: in a process of its own, so that no file can hold or end a web worker."""

import json
import subprocess
import sys
from dataclasses import dataclass

from django.conf import settings

MOST_BYTES = 20 * 1024 * 1024
MOST_CASES = 20_000
SECONDS = 3
MEMORY = 1024 * 1024 * 1024
TOO_LARGE = ("This file is larger than 20 MB. Whoever runs the portal can replay it with "
             "“manage.py replay_draw FILE”.")
TOO_LONG = (f"This draw is too long to replay on a page: over {MOST_CASES:,} cases, or {SECONDS} seconds. "
            "Whoever runs the portal can replay it with “manage.py replay_draw FILE”.")


@dataclass(frozen=True)
class Replay:
    """What came of it: a problem with the file, or differences, or the same list again."""

    problem: str = ""
    differences: tuple[str, ...] = ()
    more: int = 0
    cases: int = 0
    frame: int = 0
    seed: str = ""

    @property
    def is_same(self) -> bool:
        """The same list again."""
        return not self.problem and not self.differences


def replayed(content: bytes) -> Replay:
    """Replay a certificate within three seconds, or say why not."""
    if len(content) > MOST_BYTES:
        return Replay(problem=TOO_LARGE)
    command = [sys.executable, "-m", "allocations.draw", str(MOST_CASES), str(SECONDS), str(MEMORY)]
    try:
        ended = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=True,
                               cwd=settings.BASE_DIR, env={"PATH": ""})
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return Replay(problem=TOO_LONG)
    return _understood(json.loads(ended.stdout))


def _understood(said: dict) -> Replay:
    if said.get("too_long"):
        return Replay(problem=TOO_LONG)
    if "problem" in said:
        return Replay(problem=said["problem"])
    return Replay(differences=tuple(said["differences"]), more=said.get("more", 0), cases=said.get("cases", 0),
                  frame=said.get("frame", 0), seed=said.get("seed", ""))
