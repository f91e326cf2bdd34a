"""Pages full of script, in a real browser: none of it runs, and the policy of the page has nothing to refuse (T-S6)."""

import pytest
from django.db import transaction

from audit_portal.testing.attacks import MARK, packs, plant
from audit_portal.tests.access.world import make_world
from audit_portal.tests.browser.test_writing import enter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.req("T-S6")]
OPENED = (
    ("auditor", ("/audits/{begun}/", "/audits/{written}/plan/", "/audits/{begun}/domains/relationships/",
                 "/audits/{tried}/contact/", "/audits/{answered}/check/", "/audits/{begun}/concerns/{concern}/")),
    ("worker", ("/audits/{shared}/read/", "/audits/{challenged}/read/", "/audits/{with_manager}/record/")),
    ("team_manager", ("/follow-up/{with_manager}/", "/", "/team/")),
    ("pq_lead", ("/audits/{checking}/quality-check/", "/audits/to-file/", "/audits/", "/outstanding/", "/people/",
                 "/rounds/2026-09/progress/")),
)
WATCH = f"window.ran = 0; window.{MARK} = () => {{ window.ran += 1; }};"
REFUSED = "document.addEventListener('securitypolicyviolation', () => { window.ran += 1; });"


def test_no_script_of_a_text_runs(transactional_db, person):
    world, seen = make_world(), 0
    with transaction.atomic():
        plant(0, keep=(world.audits["begun"].case_file,))
    for turn, (who, addresses) in enumerate(OPENED):
        with transaction.atomic():
            plant(turn * len(packs()) // len(OPENED), keep=(world.audits["begun"].case_file,))
        visitor = person()
        visitor.page.add_init_script(WATCH + REFUSED)
        visitor.page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
        enter(visitor, getattr(world.cast, who), "/help/")
        for address in addresses:
            visitor.page.goto(visitor.address + address.format(**world.ids()))
            visitor.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            visitor.page.mouse.move(300, 300)
            assert visitor.page.evaluate("window.ran") == 0, address
            seen += MARK in visitor.page.content()
        assert visitor.problems == []
    assert seen >= 12
