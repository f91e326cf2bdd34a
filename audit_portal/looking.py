"""The search in the header: through the same doors as every page, so it never tells of what is not yours."""

from dataclasses import dataclass

from django.db.models import Q

from audits.models import Audit
from casefiles.models import CaseFile
from people.folding import fold
from people.models import Staff

MOST = 20


@dataclass(frozen=True)
class Found:
    """What a search found, by kind."""

    audits: list[Audit]
    case_files: list[CaseFile]
    people: list[Staff]

    @property
    def nothing(self) -> bool:
        """No match at all."""
        return not (self.audits or self.case_files or self.people)


def look_up(words: str, staff: Staff) -> Found:
    """Audits by number, case or auditor, case files by reference, people by name: at most twenty of each."""
    if not words:
        return Found([], [], [])
    folded = fold(words)
    audits = (
        Audit.objects.visible_to(staff)
        .with_people()
        .filter(
            Q(number__icontains=words)
            | Q(case_file__reference__iexact=words)
            | Q(auditor__folded_name__contains=folded)
        )
    )
    case_files = CaseFile.objects.visible_to(staff).with_people().filter(reference__istartswith=words)
    people = Staff.objects.visible_to(staff).filter(folded_name__contains=folded).select_related("unit")
    return Found(list(audits[:MOST]), list(case_files[:MOST]), list(people[:MOST]))
