"""Which parts run, with which seed, in which folder; and going on with a run that was broken off."""

import argparse
import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path

from bench.faults import broker, clocks, control, kills, month
from bench.faults.ground import ground, use_database
from bench.faults.progress import FILE, Progress
from bench.faults.site import Row, Site, at_most

PARTS = {"kills": kills.run, "redis": broker.run, "beats": month.run, "clocks": clocks.run, "control": control.run}
PREFIX = "portal-faults-"
AN_HOUR = 3600


def parser() -> argparse.ArgumentParser:
    """The words after the name."""
    words = argparse.ArgumentParser(prog="portal bench faults", description="The fault harness (TRUST.md A5).")
    words.add_argument("--only", choices=PARTS, action="append", metavar="PART",
                       help=f"one part, or several: {', '.join(PARTS)}")
    words.add_argument("--seed", type=int, help="of everything random, to repeat a run")
    words.add_argument("--short", action="store_true", help="few faults, and nobody waits for leases")
    words.add_argument("--percent", type=int, default=100, help="so many of a hundred kills, wipes and resets")
    words.add_argument("--folder", type=Path, help="where the run keeps everything (default: a new temporary folder)")
    words.add_argument("--resume", type=Path, metavar="FILE", help="state.json of a run to go on with")
    return words


def main(words: list[str]) -> list[Row]:
    """Runs what is not finished yet; gives the table of all that is."""
    options = parser().parse_args(words)
    progress = _progress(options)
    folder, names = progress.file.parent, progress.facts["only"]
    print(f"Seed {progress.seed}. To go on if this is broken off: ./portal bench faults --resume {progress.file}",
          flush=True)
    with ground(folder):
        for name in names:
            if progress.part(name)["rows"] is None:
                _run(name, progress)
    rows = [row for name in names for row in progress.part(name)["rows"]]
    rows.append(at_most("Fault harness: all parts", round(sum(progress.part(name)["seconds"] for name in names)),
                        AN_HOUR, "s"))
    _leave(folder, rows, kept=bool(options.folder))
    return rows


def _progress(options: argparse.Namespace) -> Progress:
    if options.resume:
        return Progress.read(options.resume.resolve())
    folder = options.folder or Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        folder.chmod(0o711)  # the database server runs as another user
    seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
    progress = Progress(folder.resolve() / FILE, seed=seed, short=options.short)
    progress.facts |= {"only": options.only or list(PARTS), "percent": options.percent}
    progress.save()
    return progress


def _run(name: str, progress: Progress) -> None:
    print(f"{time.strftime('%H:%M:%S')} {name} …", flush=True)
    progress.begin()
    use_database(name)
    rows = PARTS[name](Site(name, progress.file.parent / name, progress, progress.facts["short"]))
    progress.finish(name, rows)


def _leave(folder: Path, rows: list[Row], *, kept: bool) -> None:
    if kept or not all(row["met"] for row in rows):
        print(f"Ledgers, mail and logs are in {folder}", flush=True)
    else:
        shutil.rmtree(folder, ignore_errors=True)
