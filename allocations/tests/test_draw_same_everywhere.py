"""Row order, insertion order, collation, Python version and hash seed change nothing: the words alone fix the list."""

import json
import random
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
from django.db import NotSupportedError, connection, transaction

from allocations.draw import DrawInput, draw
from allocations.draw.certificates import fingerprint, result_rows
from allocations.frame import build_frame
from allocations.tests.draw_frames import larger_frame
from audit_portal.testing.factories import MONTH, make_auditor, make_case, plan_round

ROOT = Path(__file__).resolve().parents[2]
SEED = "9f2c41d07be803aa9f2c41d07be803aa"
FRAMES = [larger_frame(number) for number in range(40)]
# What another Python runs: the engine needs nothing else. It reads frames and prints the fingerprint of their lists.
SCRIPT = f"""
import json, sys
sys.path.insert(0, {str(ROOT)!r})
from allocations.draw import Auditor, Case, DrawInput, draw
from allocations.draw.certificates import fingerprint, result_rows
def read(row):
    cases = [Case(*each[:2], frozenset(each[2]), frozenset(each[3])) for each in row["cases"]]
    return DrawInput(row["seed"], tuple(cases), row["quotas"], tuple(Auditor(*each) for each in row["auditors"]))
print(fingerprint([result_rows(draw(read(row), allow_short=True)) for row in json.load(sys.stdin)]))
"""


def pythons():
    """This Python, and every other one of the machine that is new enough and starts."""
    beside = Path(sys.base_prefix).parent.glob("3.*/bin/python3.[0-9][0-9]")
    known = [which(f"python3.{minor}") for minor in range(11, 20)]
    found = {sys.executable, *map(str, beside), *filter(None, known)}
    return sorted(filter(starts, found))


def starts(python):
    asked = "import sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([python, "-c", asked], capture_output=True, timeout=60, check=False).returncode == 0


def as_json(frame):
    cases = [[each.reference, each.stratum, sorted(each.siblings), sorted(each.forbidden)] for each in frame.cases]
    return {"seed": frame.seed, "cases": cases, "quotas": dict(frame.quotas),
            "auditors": [[each.reference, each.capacity] for each in frame.auditors]}


@pytest.mark.req("A30")
@pytest.mark.parametrize("hash_seed", ["0", "4242"])
@pytest.mark.parametrize("python", pythons())
def test_every_python_and_every_hash_seed_give_the_same_lists(python, hash_seed):
    here = fingerprint([result_rows(draw(frame, allow_short=True)) for frame in FRAMES])
    answer = subprocess.run([python, "-c", SCRIPT], env={"PYTHONHASHSEED": hash_seed, "LC_ALL": "C"}, text=True,
                            input=json.dumps([as_json(frame) for frame in FRAMES]), capture_output=True, timeout=120,
                            check=False)
    assert answer.stdout.strip() == here, answer.stderr


def test_the_same_frame_in_any_order_gives_the_same_list():
    rng = random.Random(11)
    for inputs in FRAMES:
        shuffled = DrawInput(inputs.seed, tuple(rng.sample(inputs.cases, len(inputs.cases))),
                             dict(rng.sample(list(inputs.quotas.items()), len(inputs.quotas))),
                             tuple(rng.sample(inputs.auditors, len(inputs.auditors))))
        assert draw(shuffled, allow_short=True) == draw(inputs, allow_short=True)


@pytest.mark.django_db
@pytest.mark.req("A30")
def test_neither_the_order_of_insertion_nor_collation_change_the_frame_or_the_list(cast, s1):
    """References that languages sort differently, in two orders of insertion, under every collation of the server."""
    references = ["a-1", "A-2", "B 3", "b-4", "Z9", "z10", "å11", "Ä12", "ö13", "10", "9", "_14", "ß15", "Ø16"]
    for name in ("Åsa Berg", "Zoë Ash", "Anil Kapoor"):
        make_auditor(name, cast.quality)
    make(cast, references)
    round = plan_round(cast, s1)
    lists = {listed(round)}
    used = [collation for collation in collations() if use(collation) and not lists.add(listed(round))]
    assert "C" in used
    clear()
    make(cast, references[::-1])
    lists.add(listed(round))
    assert len(lists) == 1


def collations():
    """Those that can hold every sign, with the languages first; a server without any has that of code points."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT collname FROM pg_collation WHERE collencoding IN (-1, pg_char_to_encoding('UTF8'))
            AND collname <> 'default' AND collisdeterministic ORDER BY collname <> 'C', collprovider DESC, collname
            LIMIT 12""")
        return [name for (name,) in cursor.fetchall()]


def use(collation):
    """Whether the server sorts by it from now on: some name collations that their build cannot use."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table, column in (("casefiles_casefile", "reference"), ("people_staff", "reference")):
                cursor.execute(f'ALTER TABLE {table} ALTER {column} TYPE varchar(80) COLLATE "{collation}"')
    except NotSupportedError:
        return False
    return True


def make(cast, references):
    for reference in references:
        make_case(reference, cast.team, category="in_need" if reference.isascii() else "in_care")


def clear():
    from casefiles.models import CaseFile, Involvement

    Involvement.objects.all().delete()
    CaseFile.objects.all().delete()


def listed(round):
    """The fingerprint of the frame, and of the list that this seed draws from it."""
    frame = build_frame(round, MONTH)
    inputs = DrawInput(SEED, frame.cases, frame.quotas(SEED), frame.auditors)
    return json.dumps([sorted(frame.quotas(SEED).items()), fingerprint(result_rows(draw(inputs)))])
