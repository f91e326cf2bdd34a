"""Script and formula through every text field, read back from pages and exports (T-S6).

Every row of the access table that is read is opened with the attacks in every text field of the audit's life, and
with harmless words of the same length: both answers must have the very same elements and attributes. E-mail, PDF, ZIP
and calendar: test_output_papers.py; a browser: browser/test_attacks.py.
"""

import csv
import io
import re
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from audit_portal.testing.attacks import ATTACKS, MARK, UNIQUE, harmless, packs, plant, typed_fields
from audit_portal.testing.factories import START
from audit_portal.testing.markup import FORMULA, Page, squeezed
from audit_portal.tests.access.table import TABLE
from audit_portal.tests.access.test_access import world  # noqa: F401  the same world
from audit_portal.tests.access.test_nonsense import whoever_may
from audit_portal.tests.access.world import BACKEND
from audits import workflow
from audits.models import Filing
from casefiles.models import CaseFile

pytestmark = [pytest.mark.django_db, pytest.mark.req("T-S6")]
READ = [row for row in TABLE if row.method == "GET" and (200 in row.answers.values() or row.others == 200)]
NOT_READ = re.compile(r"^/(sign-in|sign-out|account|healthz|reports/.*svg|reports/not-completed/chart|static)|\.pdf")
# Text may stand in these attributes, for they are read out or sent back as they are.
SPEAKING = {"value", "aria-label", "title", "content", "alt", "placeholder", "data-person"}
LEADING = {"href", "src", "action", "formaction"}


def readable(world):  # noqa: F811
    """Every address that is read, and somebody for whom it is open."""
    for row in READ:
        address = row.address.format(**world.ids())
        if not NOT_READ.search(address):
            yield address, whoever_may(row, world)


def opened(address, person):
    client = Client(raise_request_exception=False)
    client.force_login(person, backend=BACKEND)
    with transaction.atomic():
        answer = client.get(address)
        transaction.set_rollback(True)
    return answer


def pages(world, addresses):  # noqa: F811
    found = {}
    for address, person in addresses:
        answer = opened(address, person)
        assert answer.status_code == 200, (address, answer.status_code)
        if answer["Content-Type"].startswith("text/html"):
            found[address] = (answer, Page(answer.content))
    return found


def kept_references(world):  # noqa: F811
    """The one case whose reference stands in addresses of the table."""
    return (world.audits["begun"].case_file,)


def check_harmless(address, page):
    """Nothing runs, nothing leads away, nothing stands where it could be more than text."""
    assert page.scripts == [], (address, page.scripts)
    for name, value in page.values:
        assert not name.startswith("on") and name not in {"srcdoc", "style", "xlink:href"}, (address, name, value[:200])
        if name in LEADING:
            assert re.match(r"(/(?!/)|\?|#|mailto:|tel:|https?://localhost|$)", value), (address, name, value[:200])
        elif MARK in value:
            assert name in SPEAKING, (address, name, value[:200])


def test_no_element_of_any_page_is_born_from_a_text(world):  # noqa: F811
    people, keep = dict(readable(world)), kept_references(world)
    shown, showing = "", set()
    with transaction.atomic():
        plant(0, harmless, keep=keep)
        before = pages(world, people.items())
        transaction.set_rollback(True)
    with transaction.atomic():
        plant(0, keep=keep)
        for address, (answer, page) in pages(world, people.items()).items():
            check_harmless(address, page)
            assert Counter(page.elements) == Counter(before[address][1].elements), address
            assert "unsafe-inline" not in answer["Content-Security-Policy"]
            shown += page.text
            showing |= {address} if MARK in page.text else set()
        transaction.set_rollback(True)
    assert [attack for attack in ATTACKS if squeezed(attack).strip() not in shown] == []
    assert len(showing) >= 25, sorted(showing)
    _every_short_field(world, [(address, people[address]) for address in sorted(showing)], keep)


def _every_short_field(world, addresses, keep):  # noqa: F811
    """Names and other short fields carry the rest of the attacks, a few in each turn."""
    for turn in range(1, len(packs())):
        with transaction.atomic():
            plant(turn, keep=keep)
            for address, person in addresses[turn % 4 :: 4]:
                check_harmless(address, Page(opened(address, person).content))
            transaction.set_rollback(True)


def test_there_are_enough_attacks_and_every_field_is_found():
    assert len(set(ATTACKS)) >= 40
    fields = {f"{model._meta.label_lower}.{field.name}" for model, field in typed_fields()}
    for known in ("audits.answer.value", "audits.proposedaction.what", "audits.contactattempt.note",
                  "audits.addendum.text", "audits.escalation.outcome", "audits.concern.text",
                  "audits.return.reasons", "audits.response.text",
                  "audits.filing.place", "challenges.challenge.text", "followup.action.evidence",
                  "followup.partb.discussion"):
        assert known in fields, known
    assert {CaseFile} == UNIQUE


LISTS = ("/audits/", "/audits/to-file/", "/audits/to-file/?state=filed", "/follow-up/", "/cases/", "/people/",
         "/people/auditors/", "/outstanding/", "/inbox/", "/rounds/", "/rounds/exemptions/",
         "/reports/not-completed/", "/team/")


@pytest.mark.parametrize("turn", range(0, len(packs()), 3))
def test_no_cell_of_any_export_is_a_formula(turn, world):  # noqa: F811
    """All exports are CSV: there is no workbook in which a cell could have the type of a formula."""
    found = 0
    files = [row.address.format(**world.ids()) for row in READ if ".csv" in row.address]
    with transaction.atomic():
        plant(turn, keep=kept_references(world))
        workflow.confirm_filed(filings=[Filing.objects.first().pk], on=START.date() + timedelta(days=30),
                               by=world.cast.pq_lead, at=START + timedelta(days=30), place=packs()[turn][:120])
        for address in [*(f"{one}{'&' if '?' in one else '?'}export=csv" for one in LISTS), *files]:
            answer = opened(address, world.cast.pq_lead)
            assert answer.status_code == 200 and answer["Content-Type"].startswith("text/csv"), address
            for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")):
                assert not [cell for cell in row if cell.startswith(FORMULA)], (address, row)
                found += MARK in "".join(row)
        transaction.set_rollback(True)
    assert found >= 5
