"""People without a mouse: by the keyboard alone, where the focus can always be seen, and with a finger."""

from audit_portal.tests.browser.conftest import Person

MOST = 150  # presses of Tab to get anywhere on a page

WAY = """target => {
  const now = document.activeElement;
  if (now === target || (target.type === "radio" && now.name === target.name && now.form === target.form)) return "";
  return now.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING ? "Shift+Tab" : "Tab";
}"""
# At the top of a page, with the menu before what one wants. A form sent after the skip link leads back to its target.
FAR = """target => document.activeElement === document.body && !location.hash && !!target.closest("main")"""
# WCAG 2.4.7 and 2.4.11: the focus has a mark, and something of what has it is in sight and on top.
SEEN = """() => {
  const now = document.activeElement, label = now.labels?.[0];
  const styles = [getComputedStyle(now), label && getComputedStyle(label, "::before")].filter(Boolean);
  const marked = styles.some(one => one.outlineStyle !== "none" || one.boxShadow !== "none");
  const onTop = [...now.getClientRects()].some(box => {
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    const found = left < right && top < bottom && document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return found && (now.contains(found) || label?.contains(found));
  });
  return marked && onTop ? "" : `${marked ? "hidden" : "no mark"}: ${now.outerHTML.slice(0, 200)}`;
}"""


class Finger(Person):
    """Taps on a small screen."""

    def activate(self, target):
        with self.page.expect_navigation():
            target.tap()

    def tick(self, target):
        target.tap()
        assert target.is_checked()


class Keyboard(Person):
    """Tab and Shift+Tab, arrows, Space and Enter, from where the focus is."""

    def activate(self, target):
        self.reach(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def tick(self, target):
        self.reach(target)
        for _ in range(MOST):
            if target.evaluate("target => document.activeElement === target"):
                break
            self.page.keyboard.press("ArrowDown")
        if not target.is_checked():
            self.page.keyboard.press("Space")
        assert target.is_checked()

    def write(self, target, text):
        self.reach(target)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)

    def reach(self, target):
        """The skip link leads past the menu to what is in the page; from there on by Tab, back by Shift+Tab."""
        if target.evaluate(FAR):
            self.skip()
        for _ in range(MOST):
            key = target.evaluate(WAY)
            if not key:
                return
            self.page.keyboard.press(key)
            assert self.page.evaluate(SEEN) == "", self.page.url
        raise AssertionError(f"The Tab key does not lead to {target} on {self.page.url}")

    def skip(self):
        """Past the menu."""
        self.page.keyboard.press("Tab")
        first = self.page.evaluate("document.activeElement.outerHTML")
        assert "Skip to main content" in first, f"{first[:200]} comes first on {self.page.url}"
        assert self.page.evaluate(SEEN) == ""
        self.page.keyboard.press("Enter")
        assert self.page.evaluate("document.activeElement.id") == "main-content"
