"""Answering a shared audit: twice at once, and somebody who comes too late."""

from datetime import timedelta
from time import sleep

import pytest
from django.core.exceptions import PermissionDenied

from audit_portal.testing.factories import START, make_audit_at
from audits import workflow as audits
from challenges import workflow
from duties.tests.together import at_once

LATER = START + timedelta(days=4)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.mark.django_db
def test_what_comes_too_late_is_shown_again_and_not_sent(cast, s1, client):
    audit = make_audit_at("shared", cast, s1)
    audits.lapse_windows(audit.respond_by + timedelta(minutes=1))
    client.force_login(cast.worker, backend=BACKEND)
    typed = {"verdict": "comments", "text": "She was ill in May", "say-grade": "I see it as good"}
    answer = client.post(f"/audits/{audit.number}/read/", typed)
    assert answer.status_code == 403
    assert "She was ill in May" in answer.text and "I see it as good" in answer.text and "was not sent" in answer.text
    assert not audit.responses.exclude(text="").exists()


@pytest.mark.django_db
def test_who_was_never_asked_is_refused_in_words_only(cast, s1, client):
    audit = make_audit_at("shared", cast, s1)
    client.force_login(cast.group_manager, backend=BACKEND)
    answer = client.post(f"/audits/{audit.number}/read/", {"verdict": "comments", "text": "She was ill in May"})
    assert answer.status_code == 403 and "She was ill in May" not in answer.text


@pytest.mark.django_db(transaction=True)
def test_one_reader_answers_once_from_two_tabs(cast, s1, monkeypatch):
    """The first is held between its challenge and its answer: without the lock the second would break on it."""
    audit = make_audit_at("shared", cast, s1)
    respond = audits.respond
    monkeypatch.setattr(audits, "respond", lambda **call: sleep(0.5) or respond(**call))

    def answer():
        said = {"grade": "It is good"}
        return workflow.answer(audit=audit, verdict="challenges", by=cast.worker, at=LATER, challenges=said)

    with pytest.raises(PermissionDenied, match="it was given"):
        at_once(2, answer)
    assert audit.challenges.count() == 1
    assert audit.responses.filter(verdict="challenges").count() == 1


@pytest.mark.req("S1-49")
@pytest.mark.django_db
def test_sending_back_is_no_way_round_an_open_challenge(cast, s1, client):
    audit = make_audit_at("shared", cast, s1)
    workflow.raise_challenge(audit=audit, point="grade", text="It is good", by=cast.worker, at=LATER)
    client.force_login(cast.auditor, backend=BACKEND)
    answer = client.post(f"/audits/{audit.number}/send-back/", follow=True)
    assert "so this step is not open now" in answer.text
    audit.refresh_from_db()
    assert audit.status == "shared"
