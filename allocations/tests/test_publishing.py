"""A long list is sent out by a job: progress, once, in words where it cannot be."""

import pytest
from django.utils import timezone

from allocations import publishing, workflow
from allocations.models import Allocation
from audit_portal.testing.factories import START, make_auditor, make_case, plan_round
from duties.models import Notice
from jobs.models import Job
from jobs.progress import heard_by
from jobs.tasks import run_waiting

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HERE = "/rounds/2026-11/publish/"


@pytest.fixture
def round(cast, s1, monkeypatch):
    """A reviewed list of four, which counts as long here."""
    monkeypatch.setattr(publishing, "AT_ONCE", 3)
    for number in range(3):
        make_auditor(f"Auditor Number{number}", cast.other_team)
    for number in range(4):
        make_case(f"307000{number}", cast.team, cast.worker)
    planned = plan_round(cast, s1)
    for verb in (workflow.freeze_frame, workflow.draw_round, workflow.review):
        verb(round=planned, by=cast.pq_lead, at=START)
    return planned


def press(client, person):
    client.force_login(person, backend=BACKEND)
    return client.post(HERE)


@pytest.mark.req("S1-01", "S1-02")
def test_a_long_list_is_published_by_a_job(round, cast, client):
    answer = press(client, cast.pq_lead)
    job = Job.objects.get()
    assert answer.url == f"/jobs/{job.pk}/" and not Allocation.objects.live().exists()
    run_waiting()
    job.refresh_from_db()
    assert (job.state, job.outcome_url) == ("done", "/rounds/2026-11/progress/")
    assert Allocation.objects.live().count() == 4 and Notice.objects.exists()


def test_how_far_it_is_can_be_heard(round, cast):
    heard = []
    with heard_by(lambda done, of, message: heard.append((done, of))):
        publishing.make({"round": round.pk, "by": cast.pq_lead.pk})
    assert heard == [(0, 4), (1, 4), (2, 4), (3, 4)]


def test_pressing_again_leads_to_the_same_job_and_a_colleague_is_told(round, cast, client):
    first = press(client, cast.pq_lead)
    assert press(client, cast.pq_lead).url == first.url
    answer = client.get(press(client, cast.pq_officer).url)
    assert "Naomi Clarke is publishing this list just now" in answer.text and Job.objects.count() == 1


def test_done_again_after_its_worker_died_it_sends_nothing_twice(round, cast):
    arguments = {"round": round.pk, "by": cast.pq_lead.pk}
    assert publishing.make(arguments) == publishing.make(arguments) == "/rounds/2026-11/progress/"
    assert Allocation.objects.live().count() == 4


def test_what_stands_in_the_way_is_said_in_words_and_nothing_is_sent(round, cast, client):
    press(client, cast.pq_lead)
    workflow.freeze_frame(round=round, by=cast.pq_lead, at=timezone.now(), reason="A case was closed")
    run_waiting()
    job = Job.objects.get()
    assert job.state == "failed" and "Frozen" in job.message and not Allocation.objects.live().exists()
