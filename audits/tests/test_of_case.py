"""The audits of a case on its page: those that somebody may know of, graded for whoever may read them."""

import pytest

from audit_portal.testing.factories import START, make_audit_at
from audits.models import Audit
from casefiles.models import CaseFile

pytestmark = pytest.mark.django_db


def page_of(client, person, case_file):
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(f"/cases/{case_file.reference}/").content.decode()


def test_the_page_lists_the_audits_that_one_may_know_of_and_grades_that_one_may_read(cast, s1, client):
    audit = make_audit_at("in_progress", cast, s1)
    page = page_of(client, cast.team_manager, audit.case_file)
    assert f'href="/audits/{audit.number}/"' in page and "Not shared yet" in page
    make_audit_at("with_team_manager", cast, s1, reference="3000002", month=START.date().replace(month=10, day=1))
    page = page_of(client, cast.team_manager, CaseFile.objects.get(reference="3000002"))
    assert "Good</strong>" in page


def test_a_no_notice_audit_is_not_there_for_the_people_of_the_case(cast, s1, client):
    audit = make_audit_at("in_progress", cast, s1)
    Audit.objects.update(visible_from=START.replace(year=2199))
    shown = {name: audit.number in page_of(client, getattr(cast, name), audit.case_file)
             for name in ("worker", "team_manager", "iro", "pq_lead", "auditor")}
    assert shown == {"worker": False, "team_manager": False, "iro": False, "pq_lead": True, "auditor": True}
