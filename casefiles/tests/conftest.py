"""Shared by the tests of imports: loading a list as P&Q in one line."""

import pytest

from audit_portal.testing.factories import START
from casefiles import workflow

CASES = "reference,category,team,worker"


@pytest.fixture
def load(cast):
    """Preview and confirm a list of case files, as bytes or as CSV rows."""

    def loaded(content, *, at=START, by=None, kind="case_files", confirm=True, heading=CASES):
        if isinstance(content, (list, tuple)):
            content = "\n".join([heading, *content]).encode()
        by = by or cast.pq_lead
        imported = workflow.preview(kind=kind, file_name="list.csv", content=content, by=by, at=at)
        return workflow.confirm(imported=imported, by=by, at=at) if confirm else imported

    return loaded


@pytest.fixture
def sign_in(client):
    """The test client, signed in as somebody."""

    def signed_in(person):
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in
