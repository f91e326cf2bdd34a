"""The history of one answer: the texts that stood in it, and those kept beside it, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from audits.models import Answer, AnswerRevision, KeptText

A_PAUSE = timedelta(minutes=10)
REVISION, KEPT = "version", "kept"


@dataclass(frozen=True)
class Entry:
    """Where one text is found, and the version of the answer with which it is compared; without the text."""

    kind: str
    pk: int
    at: datetime
    before: int

    @property
    def key(self) -> str:
        """By which it is asked for."""
        return f"{self.kind}-{self.pk}"


@dataclass(frozen=True)
class Text:
    """One text of the history with what a reader is told of it."""

    entry: Entry
    row: AnswerRevision | KeptText
    before: str
    stands: bool
    is_other: bool  # than what stands, so that it can be put back


def entries_of(answer: Answer, *, every: bool) -> list[Entry]:
    """Newest first: each text at which somebody stopped writing, or `every` saving. Two queries, no texts."""
    revisions = list(answer.revisions.order_by("version").values("pk", "version", "sitting", "saved_at"))
    kept = list(answer.kept_texts.values("pk", "base_version", "sitting", "saved_at"))
    stood = revisions if every else _ends(revisions)
    beside = kept if every else list({row["sitting"] or row["pk"]: row for row in kept}.values())
    entries = [
        Entry(REVISION, row["pk"], row["saved_at"], before)
        for row, before in zip(stood, [0, *(row["version"] for row in stood)], strict=False)
    ]
    entries += [Entry(KEPT, row["pk"], row["saved_at"], row["base_version"]) for row in beside]
    return sorted(entries, key=lambda entry: (entry.at, entry.pk), reverse=True)


def _ends(revisions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of what one wrote on in one sitting without a pause, the last text."""
    following = [*revisions[1:], None]
    return [row for row, after in zip(revisions, following, strict=True) if after is None or _is_end(row, after)]


def _is_end(row: dict[str, Any], after: dict[str, Any]) -> bool:
    same_sitting = row["sitting"] is not None and row["sitting"] == after["sitting"]
    return not same_sitting or after["saved_at"] - row["saved_at"] > A_PAUSE


def texts_of(answer: Answer, entries: Iterable[Entry]) -> list[Text]:
    """The texts of some entries, each with the one before. Three queries, however many."""
    entries = list(entries)
    rows: dict[tuple[str, int], Any] = {}
    for kind, found in ((REVISION, answer.revisions), (KEPT, answer.kept_texts)):
        wanted = [entry.pk for entry in entries if entry.kind == kind]
        rows |= {(kind, row.pk): row for row in found.filter(pk__in=wanted).select_related("saved_by")}
    before = dict(answer.revisions.filter(version__in={entry.before for entry in entries})
                  .values_list("version", "value"))
    return [_text(answer, entry, rows[entry.kind, entry.pk], before.get(entry.before, "")) for entry in entries]


def _text(answer: Answer, entry: Entry, row: AnswerRevision | KeptText, before: str) -> Text:
    stands = entry.kind == REVISION and row.version == answer.version
    return Text(entry, row, before, stands=stands, is_other=row.value != answer.value)


def found(answer: Answer, key: str) -> AnswerRevision | KeptText | None:
    """The text of this answer that a key names."""
    kind, _, number = key.partition("-")
    texts = {REVISION: answer.revisions, KEPT: answer.kept_texts}.get(kind)
    is_number = number.isascii() and number.isdigit() and len(number) < 10  # noqa: PLR2004
    return texts.filter(pk=number).first() if texts is not None and is_number else None
