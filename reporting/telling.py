"""How a figure is said: as it is for those who work with it, suppressed for the board (DOMAIN.md section 6.6)."""

from dataclasses import dataclass

from reporting.rules import SMALL_SAMPLE, is_safe_share, is_small, percent, wilson

HIDDEN = "c"


@dataclass(frozen=True)
class Share:
    """A share in words: the main figure, and what stands beside it."""

    value: str
    beside: str


class Plain:
    """Everything, with n of N."""

    is_suppressed = False

    def count(self, n: int) -> str:
        """A count."""
        return f"{n:,}"

    def share(self, part: int, whole: int) -> Share:
        """ "62 of 66", beside it "94%"."""
        if not whole:
            return Share("None yet", "")
        return Share(f"{part:,} of {whole:,}", f"{percent(part, whole)}%")

    def rate(self, part: int, whole: int) -> Share:
        """ "55%", beside it "32 of 58; likely 42% to 67%"; under ten the counts come first."""
        if not whole:
            return Share("None yet", "no audit is final")
        low, high = wilson(part, whole)
        likely = f"likely {low:.0f}% to {high:.0f}%"
        if whole < SMALL_SAMPLE:
            return Share(f"{part} of {whole}", f"small sample; {likely}")
        return Share(f"{percent(part, whole)}%", f"{part} of {whole}; {likely}")

    def cell(self, part: int, whole: int) -> str:
        """Under the word of a heat cell; too few: the count only."""
        return f"{part} of {whole}" if whole < SMALL_SAMPLE else f"{percent(part, whole)}%, {part} of {whole}"


class Suppressed(Plain):
    """For the board: no count from 1 to 5, and percentages without the counts from which one could be worked out."""

    is_suppressed = True

    def count(self, n: int) -> str:
        """A count, "c" for 1 to 5."""
        return HIDDEN if is_small(n) else super().count(n)

    def share(self, part: int, whole: int) -> Share:
        """A percentage, where neither side of it is small."""
        if not whole:
            return Share("None yet", "")
        if whole < SMALL_SAMPLE or not is_safe_share(part, whole):
            return Share(HIDDEN, "held back: a small number could be worked out")
        return Share(f"{percent(part, whole)}%", "")

    def rate(self, part: int, whole: int) -> Share:
        """A percentage with its interval, where neither side of it is small."""
        shown = self.share(part, whole)
        if shown.value.endswith("%"):
            low, high = wilson(part, whole)
            return Share(shown.value, f"likely {low:.0f}% to {high:.0f}%")
        return shown

    def cell(self, part: int, whole: int) -> str:
        """Under the word of a heat cell: nothing that counts."""
        return "" if whole < SMALL_SAMPLE else self.share(part, whole).value


def teller(is_board: bool) -> Plain:
    """How the figures of a reader are said."""
    return Suppressed() if is_board else Plain()
