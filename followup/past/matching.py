"""Words of a list of past audits matched to what the portal has: programme, grade, category, people who left."""

from collections import defaultdict
from datetime import date

from django.conf import settings

from casefiles.models import CaseFile
from casefiles.names import key
from casefiles.reading.case_list import CATEGORIES
from casefiles.reading.cells import BadCell
from people.models import Staff
from programmes.models import Grade, ProgrammeVersion

OFSTED = {
    "outstanding": ("outstanding",), "good": ("good",), "inadequate": ("inadequate",),
    "requires_improvement": ("requires improvement", "requires improvement to be good", "RI"),
}
_CATEGORY_OF = {key(word): name for name, words in CATEGORIES.items() for word in (name, *words)}


def category_of(given: str) -> str:
    """The category of a case file that the portal does not know; empty where the list is silent. Raises BadCell."""
    if given and key(given) not in _CATEGORY_OF:
        raise BadCell(f"The category “{given[:40]}” is not known", "category")
    return _CATEGORY_OF.get(key(given), "")


def subject_of(category: str) -> str:
    """What kind of person a case file of a category is about."""
    kind = CaseFile.SubjectKind
    return {"care_leaver": kind.CARE_LEAVER, "fostering": kind.FOSTER_CARER}.get(category, kind.CHILD)


class Scale:
    """The grades of one programme version by label, short label and slug, and by Ofsted's four words.

    Where two grades share one of Ofsted's words, it means the lower one: nothing says that good elements were named.
    """

    def __init__(self, version: ProgrammeVersion) -> None:
        self.grades = list(version.grades.all())
        self.by_word: dict[str, Grade] = {}
        for grade in self.grades:
            for word in (grade.label, grade.short_label, grade.slug):
                self.by_word.setdefault(key(word), grade)
        for grade in reversed(self.grades):
            for word in OFSTED.get(grade.ofsted_group, ()):
                self.by_word.setdefault(key(word), grade)

    def grade(self, given: str) -> Grade:
        """The grade meant. Raises BadCell naming the grades there are."""
        if key(given) not in self.by_word:
            names = ", ".join(grade.label for grade in self.grades) or "this programme has no grades"
            raise BadCell(f"The grade “{given[:40]}” is not known. Grades: {names}", "grade")
        return self.by_word[key(given)]


class Programmes:
    """The published programmes: which version held in a month, with its scale. Two queries."""

    def __init__(self) -> None:
        self.versions: dict[str, list[ProgrammeVersion]] = defaultdict(list)
        self.by_word: dict[str, str] = {}
        self.scales: dict[int, Scale] = {}
        found = ProgrammeVersion.objects.published().select_related("programme").prefetch_related("grades")
        for version in found.order_by("effective_from", "number"):
            programme = version.programme
            self.versions[programme.slug].append(version)
            for word in (programme.slug, programme.title, programme.short_title):
                self.by_word[key(word)] = programme.slug

    def version(self, given: str, month: date) -> ProgrammeVersion:
        """The version in force at the start of the month, else the oldest; of the monthly programme where none is
        named. Raises BadCell.
        """
        slug = self.by_word.get(key(given or settings.MONTHLY_PROGRAMME))
        if slug is None:
            titles = ", ".join(rows[0].programme.title for rows in self.versions.values()) or "none is published"
            asked = given[:40] or settings.MONTHLY_PROGRAMME
            raise BadCell(f"The programme “{asked}” is not known. Programmes: {titles}", "programme")
        versions = self.versions[slug]
        return next((one for one in reversed(versions) if one.effective_from <= month), versions[0])

    def scale(self, version: ProgrammeVersion) -> Scale:
        """The grades of a version."""
        if version.pk not in self.scales:
            self.scales[version.pk] = Scale(version)
        return self.scales[version.pk]


class Leavers:
    """People who left, by name, staff number and e-mail address: they may have audited. One query."""

    def __init__(self) -> None:
        self.found: dict[str, set[int]] = defaultdict(set)
        rows = Staff.objects.filter(is_active=False, is_system=False).values_list("pk", "reference", "name", "email")
        for pk, *words in rows:
            for word in words:
                self.found[key(word)].add(pk)

    def person(self, given: str) -> int | None:
        """The one person who left and is called so; None where there is none, or more than one."""
        found = self.found.get(key(given), set())
        return next(iter(found)) if len(found) == 1 else None
