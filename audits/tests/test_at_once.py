"""What several people or workers do in the same moment happens once."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from allocations.draw import compare
from allocations.models import Allocation
from audit_portal.testing.factories import (
    START,
    load_s1,
    make_audit,
    make_auditor,
    make_case,
    make_cast,
    publish_round,
)
from audits import workflow
from audits.models import Audit
from duties.models import Notice
from duties.tests.together import at_once
from trail.models import Event
from workflows import InvalidTransition

pytestmark = pytest.mark.django_db(transaction=True)
LATER = START + timedelta(days=1)


@pytest.fixture
def council(transactional_db):
    version = load_s1()
    return version, make_cast()


@pytest.mark.req("B4")
def test_cases_substituted_at_once_take_a_reserve_each(council):
    version, cast = council
    for number in range(3):
        make_auditor(f"Auditor Number{number}", cast.other_team)
    for number in range(9):
        make_case(f"910000{number}", cast.team, cast.worker)
    publish_round(cast, version)
    waiting = list(Audit.objects.all())

    def work():
        return workflow.substitute(audit=waiting.pop(), why="closed", text="", by=cast.pq_lead, at=LATER)

    taken = {audit.case_file_id for audit in at_once(4, work)}
    certificate = Allocation.objects.first().round.draws.get().whole_certificate
    assert len(taken) == len(certificate["substitutions"]) == 4 and compare(certificate) == []


@pytest.mark.req("B4")
def test_one_case_substituted_twice_at_once_takes_one_reserve(council):
    version, cast = council
    for number in range(4):
        make_case(f"910000{number}", cast.team, cast.worker)
    publish_round(cast, version)
    audit = Audit.objects.get()

    def work():
        try:
            return workflow.substitute(audit=audit, why="closed", text="", by=cast.pq_lead, at=LATER)
        except InvalidTransition:
            return None

    assert sum(given is not None for given in at_once(2, work)) == 1
    assert Audit.objects.count() == 2


@pytest.mark.req("S2-31")
def test_three_workers_tell_of_one_non_completion_once(council):
    version, cast = council
    make_audit(cast, version, month=date(2026, 9, 1), at=START - timedelta(days=60))
    at_once(3, lambda: workflow.tell_of_missed(START))
    assert Notice.objects.filter(event_key__startswith="not-completed", channel="inbox").count() == 1
    assert Event.objects.filter(verb="audit.not_completed").count() == 1


@pytest.mark.req("S0-14")
def test_three_workers_tell_the_team_of_a_no_notice_case_once(council):
    version, cast = council
    audit = make_audit(cast, version)
    Audit.objects.update(told_at=None)
    Notice.objects.all().delete()
    at_once(3, lambda: workflow.tell_on_the_day(timezone.now()))
    assert cast.worker.notices.filter(channel="inbox", subject_id=audit.pk).count() == 1
    assert Event.objects.filter(verb="audit.told").count() == 1
