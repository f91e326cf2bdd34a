"""The browser tests: Debian's Chromium through Playwright, axe on every page that is opened."""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs beside the test

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Chromium as it is installed; without one, a failure in CI and a skip elsewhere."""
    if not CHROMIUM:
        message = "No Chromium here: ./portal doctor says the one command that installs it."
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--no-first-run"]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": quiet}


class Person:
    """Somebody at a browser: opens pages, types, presses; each page they see is checked by axe."""

    def __init__(self, page, address, script=True):
        self.page, self.address, self.script = page, address, script
        self.problems = []
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("console", lambda message: self.problems.append(message.text) if message.type == "error" else None)

    def open(self, path):
        answer = self.page.goto(self.address + path)
        assert answer.status == 200, f"{path}: {answer.status}"
        self.look()

    def look(self):
        """No violation of any impact, nothing wider than the window, no script error.

        Without script neither can be asked: the same pages are looked at with script.
        """
        if not self.script:
            return
        violations = Axe().run(self.page).response["violations"]
        assert violations == [], [(v["id"], v["impact"], v["nodes"][0]["html"][:200]) for v in violations]
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), self.page.url
        assert self.problems == [], self.page.inner_text("main")[:800]

    def press(self, name, exact=False):
        self.activate(self.page.get_by_role("button", name=name, exact=exact).first)
        self.page.locator("form[aria-busy]").wait_for(state="detached")  # an answer is still on its way
        self.page.wait_for_load_state()
        self.look()

    def follow(self, name, exact=False):
        self.activate(self.page.get_by_role("link", name=name, exact=exact).first)
        self.page.wait_for_load_state()
        self.look()

    def choose(self, label, group=None):
        place = self.page.get_by_role("group", name=group) if group else self.page
        self.tick(place.get_by_label(label, exact=True))

    def fill(self, label, text):
        self.write(self.page.get_by_label(label, exact=True).filter(visible=True).first, text)

    def date(self, group, day):
        box = self.page.get_by_role("group", name=group).first
        for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            self.write(box.get_by_label(label), str(value))

    def activate(self, target):
        target.click()

    def tick(self, target):
        target.check()

    def write(self, target, text):
        target.fill(text)

    def sees(self, text):
        assert text in self.page.inner_text("main"), f"“{text}” is not on {self.page.url}"

    def sign_in(self, email, password):
        self.open("/sign-in/")
        self.fill("E-mail address", email)
        self.fill("Password", password)
        self.press("Sign in", exact=True)
        assert self.page.get_by_role("heading", name="My work").is_visible()


@pytest.fixture
def person(browser, live_server):
    """Makes a new person at a browser of their own: `phone=True` a small one, `script=False` one without script,
    `hands` says how they use it.
    """
    contexts = []

    def make(*, phone=False, script=True, hands=Person):
        size = {"width": 375, "height": 700} if phone else {"width": 1280, "height": 900}
        context = browser.new_context(viewport=size, java_script_enabled=script, has_touch=phone)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return hands(context.new_page(), live_server.url, script)

    yield make
    for context in contexts:
        context.close()
