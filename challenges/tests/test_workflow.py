"""A challenge is settled first with the auditor, before the audit is final."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from audit_portal.testing.factories import START, make_audit_at
from audits import workflow as audits
from challenges import workflow
from challenges.models import Challenge

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=4)


@pytest.fixture
def audit(cast, s1):
    return make_audit_at("shared", cast, s1)


def challenge(audit, person):
    return workflow.answer(audit=audit, verdict="challenges", by=person, at=LATER, challenges={"grade": "It is good"})


@pytest.mark.req("S1-49")
def test_a_challenge_goes_to_the_auditor_and_holds_the_audit(audit, cast):
    challenge(audit, cast.worker)
    assert cast.auditor.duties.open().filter(kind="challenge.settle").exists()
    for person in (cast.team_manager, cast.iro):
        workflow.answer(audit=audit, verdict="agrees", by=person, at=LATER)
    with pytest.raises(audits.NotComplete, match="challenge is not settled"):
        audits.finalise(audit=audit, by=cast.auditor, at=LATER)
    workflow.settle(challenge=audit.challenges.get(), outcome="kept", answer="We talked", by=cast.auditor, at=LATER)
    assert audits.finalise(audit=audit, by=cast.auditor, at=LATER).status == "quality_check"


@pytest.mark.req("S1-49")
def test_a_final_audit_takes_no_challenge(cast, s1):
    audit = make_audit_at("quality_check", cast, s1)
    with pytest.raises(PermissionDenied):
        workflow.raise_challenge(audit=audit, point="grade", text="It is good", by=cast.worker, at=LATER)


@pytest.mark.parametrize("persona", ["other_worker", "pq_lead", "group_manager", "auditor"])
def test_only_those_who_were_asked_may_challenge(persona, audit, cast):
    with pytest.raises(PermissionDenied):
        challenge(audit, getattr(cast, persona))


@pytest.mark.parametrize("persona", ["worker", "pq_lead", "team_manager"])
def test_only_the_auditor_settles(persona, audit, cast):
    challenge(audit, cast.worker)
    with pytest.raises(PermissionDenied):
        workflow.settle(
            challenge=audit.challenges.get(), outcome="kept", answer="No", by=getattr(cast, persona), at=LATER
        )


def test_there_is_one_open_challenge_a_point_and_person(audit, cast):
    row = workflow.raise_challenge(audit=audit, point="grade", text="It is good", by=cast.worker, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Challenge.objects.create(audit=audit, point="grade", text="Again", raised_by=row.raised_by, raised_at=LATER)


def test_comments_are_kept_at_their_points(audit, cast):
    response = workflow.answer(audit=audit, verdict="comments", by=cast.worker, at=LATER, remarks={"grade": "Fair"})
    assert response.remarks.get().text == "Fair"
    assert not audit.holds.exists()
