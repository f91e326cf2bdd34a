"""Every page that three people reach by links, on a phone: axe, one heading, nothing too wide, no dead end."""

import re
from collections import Counter
from urllib.parse import urljoin, urlsplit

import pytest

from audit_portal.tests.access.world import make_world
from audit_portal.tests.browser.test_writing import enter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST = 14
NOT_PAGES = re.compile(r"\.(csv|json|pdf)$|[?&]export=|^/static/")


def shape(path):
    """The kind of page, whichever record it shows."""
    return re.sub(r"A-\d{4}-\d\d-\d{4}|\d{4}-\d\d|\d+|(?<=/domains/)[a-z]+", "*", path)


def links_of(person):
    """Where one can go from here inside the portal."""
    found = person.page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    for href in found:
        address = urlsplit(urljoin(person.page.url, href))
        path = address.path + (f"?{address.query}" if address.query else "")
        if address.netloc == urlsplit(person.address).netloc and not NOT_PAGES.search(path):
            yield path


def look_around(person):
    """Open one page of each kind, breadth first."""
    opened, waiting = Counter(), ["/"]
    while waiting and sum(opened.values()) < MOST:
        path = waiting.pop(0)
        if opened[shape(path)]:
            continue
        opened[shape(path)] += 1
        person.open(path)
        assert person.page.locator("h1").count() == 1, path
        assert not person.page.title().startswith(("Error", "–", " ")), path
        waiting += links_of(person)
        person.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        person.look()
    return opened


def test_every_page_is_fit_for_a_phone(transactional_db, person):
    world = make_world()
    for staff in (world.cast.auditor, world.cast.team_manager, world.cast.pq_lead):
        visitor = person(phone=True)
        enter(visitor, staff, "/")
        opened = look_around(visitor)
        assert len(opened) >= 10, (staff.name, opened)
