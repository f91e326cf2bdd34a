"""Initials and year of birth, where a council keeps them: for the people of that audit alone (DOMAIN section 4)."""

from datetime import timedelta

import pytest

from audit_portal.testing.factories import START, make_audit_at
from audits.models import Audit, Participation
from casefiles.models import CaseFile
from duties import delivery
from duties.models import Notice
from duties.tick import tick

pytestmark = pytest.mark.django_db
INITIALS, YEAR = "QZX", "1987"
PAGES = ("/", "/audits/", "/cases/", "/cases/{case}/", "/audits/{number}/", "/audits/{number}/timeline/",
         "/audits/{number}/read/", "/search/?q={case}", "/inbox/", "/team/", "/rounds/", "/rounds/2026-11/progress/",
         "/rounds/2026-11/draw/", "/follow-up/", "/people/", "/cases/people/{pk}/worker/", "/reports/2026-11/",
         "/audits/{number}/concerns/new/")  # fmt: skip
FILES = ("/cases/?export=csv", "/rounds/2026-11/list.csv", "/rounds/2026-11/certificate.json",
         "/reports/2026-11/figures.csv")  # fmt: skip


@pytest.fixture
def sign_in(client):
    """The test client, signed in as somebody."""

    def signed_in(person):
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


@pytest.fixture
def audit(cast, s1, settings):
    """A shared audit of a case whose initials are kept."""
    settings.KEEP_INITIALS = True
    audit = make_audit_at("shared", cast, s1)
    CaseFile.objects.update(initials=INITIALS, birth_year=int(YEAR))
    return audit


def text_of(client, address, audit):
    case = audit.case_file
    answer = client.get(address.format(number=audit.number, case=case.reference, pk=case.pk), follow=True)
    assert answer.status_code == 200, address
    return b"".join(answer).decode()


def names_the_child(text):
    return INITIALS in text or f"born {YEAR}" in text


@pytest.mark.parametrize("persona", ["auditor", "worker", "team_manager", "iro"])
def test_whoever_takes_part_sees_them_above_the_audit(persona, audit, cast, sign_in):
    page = text_of(sign_in(getattr(cast, persona)), "/audits/{number}/", audit)
    assert f"<dd>{INITIALS}, born {YEAR}</dd>" in page


@pytest.mark.parametrize("persona", ["pq_lead", "pq_officer"])
def test_pq_find_them_nowhere(persona, audit, cast, sign_in):
    client = sign_in(getattr(cast, persona))
    allowed = PAGES if persona == "pq_lead" else [page for page in PAGES if page != "/people/"]
    assert [page for page in (*allowed, *FILES) if names_the_child(text_of(client, page, audit))] == []


@pytest.mark.parametrize("persona", ["group_manager", "head_of_service", "assistant_director"])
def test_managers_above_do_not_see_them(persona, audit, cast, sign_in):
    client = sign_in(getattr(cast, persona))
    assert not any(names_the_child(text_of(client, page, audit)) for page in ("/audits/{number}/", "/cases/{case}/"))


@pytest.mark.parametrize("persona", ["auditor", "worker"])
def test_no_list_no_search_and_no_page_of_the_case_shows_them_to_anybody(persona, audit, cast, sign_in):
    client = sign_in(getattr(cast, persona))
    pages = ("/", "/audits/", "/cases/", "/cases/{case}/", "/search/?q={case}", "/inbox/", "/cases/?export=csv")
    assert not any(names_the_child(text_of(client, page, audit)) for page in pages)


def test_whoever_takes_part_no_more_sees_them_no_more(audit, cast, sign_in):
    Participation.objects.filter(staff=cast.team_manager).update(until_at=START + timedelta(days=1))
    assert not names_the_child(text_of(sign_in(cast.team_manager), "/audits/{number}/", audit))


def test_no_notice_and_no_e_mail_names_them(audit, cast, mailoutbox):
    late = audit.respond_by + timedelta(days=3)
    tick(late)
    delivery.drain(late)
    delivery.drain(late)
    notices = [f"{row.title} {row.meta} {row.url}" for row in Notice.objects.all()]
    assert len(notices) > 5 and not any(names_the_child(text) for text in notices)
    assert mailoutbox and not any(names_the_child(f"{mail.subject} {mail.body}") for mail in mailoutbox)


def test_where_the_council_does_not_keep_them_nobody_sees_them(audit, cast, sign_in, settings):
    settings.KEEP_INITIALS = False
    assert not names_the_child(text_of(sign_in(cast.auditor), "/audits/{number}/", audit))
    assert Audit.objects.visible_to(cast.auditor).exists()
