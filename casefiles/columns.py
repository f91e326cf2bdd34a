"""What is asked once about lists and then remembered: which column is which, and what a word means."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from casefiles.models import Import, KnownWord, Source
from casefiles.names import key
from casefiles.permissions import check_can_import
from casefiles.reading.case_list import Columns
from people.models import Staff, Unit
from trail.writing import record

Kind = KnownWord.Kind


def remembered_columns(digest: str) -> Columns | None:
    """The columns of a list with these headings, where somebody named them."""
    source = Source.objects.filter(kind=Import.Kind.CASE_FILES, digest=digest).first()
    if source is None:
        return None
    names = source.columns if settings.KEEP_INITIALS else {
        fact: name for fact, name in source.columns.items() if fact != "initials"}
    return Columns(names, category=source.category, holds=source.holds, source=source.name)


@transaction.atomic
def remember_columns(*, imported: Import, columns: Columns, by: Staff, at: datetime) -> Source:
    """Keep which column is which, for every list with the same headings."""
    check_can_import(by, imported.kind)
    source, _ = Source.objects.update_or_create(
        kind=imported.kind, digest=imported.counts["digest"],
        defaults={"name": columns.source, "columns": columns.names, "category": columns.category,
                  "holds": columns.holds, "learned_at": at, "learned_by": by},
    )
    Import.objects.filter(pk=imported.pk).update(source=source)
    record("import.columns_named", target=source, by=by, at=at, changes={"name": source.name})
    return source


@dataclass(frozen=True)
class Meaning:
    """What a word means: a team, a person, a category, or nothing from now on."""

    kind: str
    word: str
    unit: Unit | None = None
    staff: Staff | None = None
    category: str = ""


@transaction.atomic
def remember_words(*, meanings: list[Meaning], by: Staff, at: datetime) -> int:
    """Keep what words mean; the same word again replaces what was said before."""
    check_can_import(by, Import.Kind.CASE_FILES)
    for meaning in meanings:
        folded = meaning.word if meaning.kind == Kind.TEAM_OF else key(meaning.word)
        word, _ = KnownWord.objects.update_or_create(
            kind=meaning.kind, folded=folded,
            defaults={"as_given": meaning.word[:120], "unit": meaning.unit, "staff": meaning.staff,
                      "category": meaning.category, "learned_at": at, "learned_by": by},
        )
        record("import.word_explained", target=word, by=by, at=at)
    return len(meanings)


@transaction.atomic
def forget(*, learned: Source | KnownWord, by: Staff, at: datetime) -> None:
    """Ask again the next time this list or word comes."""
    check_can_import(by, Import.Kind.CASE_FILES)
    record("import.forgotten", target=learned, by=by, at=at, changes={"name": str(learned)})
    learned.delete()
