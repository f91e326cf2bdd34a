"""A worker that is killed while it writes a large list: nothing is half-written, and the job is done again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from audit_portal.testing.exports import liquidlogic
from audit_portal.testing.factories import make_cast
from casefiles import workflow
from casefiles.models import CaseFile, Import, Involvement
from jobs.models import Job
from jobs.workflow import LEASE, claim, run

HOME = Path(__file__).resolve().parents[2]
ROWS = 9_000
WORKER = """
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = {database!r}
from jobs.tasks import run_waiting
run_waiting()
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_half_way_leaves_nothing_and_the_job_is_done_again():
    cast, now = make_cast(), timezone.now()
    imported = workflow.preview(kind="case_files", file_name="lcs.csv", content=liquidlogic(ROWS), by=cast.pq_lead,
                                at=now)
    job = workflow.ask_to_confirm(imported=imported, by=cast.pq_lead, at=now).job
    kill_when(job, "Writing 4,000 of 9,000 case files")
    assert not CaseFile.objects.exists() and not Involvement.objects.exists()
    imported.refresh_from_db()
    assert imported.status == Import.Status.PREVIEWED

    assert claim(timezone.now()) is None  # the lease of the dead worker runs on for a while
    run(claim(timezone.now() + 2 * LEASE))
    job.refresh_from_db()
    assert (job.state, job.outcome_url) == (Job.State.DONE, f"/cases/import/{imported.pk}/")
    assert CaseFile.objects.count() == ROWS
    before = Involvement.objects.count()
    workflow.confirm(imported=imported, by=cast.pq_lead, at=timezone.now())
    assert (CaseFile.objects.count(), Involvement.objects.count()) == (ROWS, before)


def kill_when(job: Job, message: str) -> None:
    """Start a worker of its own process, and kill it once the job's page would say so."""
    script = WORKER.format(database=connection.settings_dict["NAME"])
    worker = subprocess.Popen([sys.executable, "-c", script], cwd=HOME, env=dict(os.environ))
    try:
        for _ in range(1_500):
            job.refresh_from_db()
            if job.message == message:
                break
            assert worker.poll() is None, "the worker ended before it could be killed"
            time.sleep(0.02)
        assert job.message == message
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
