"""Names in a list matched to units and staff, folded: capitals, spaces, punctuation, "Surname, First name".

What did not match once and was answered by a person is remembered (KnownWord), and never asked again.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from casefiles.models import KnownWord
from people.folding import fold
from people.models import Staff, Unit

_SIGNS = re.compile(r"[^\w]+|_")
LONGEST_KEY = 120


def key(name: str) -> str:
    """What two spellings of one name have in common."""
    return _SIGNS.sub("", fold(name))[:LONGEST_KEY]


class Directory:
    """Open units and working staff by name, reference and e-mail address, and remembered words: three queries."""

    def __init__(self, on: date) -> None:
        self.team_names: dict[int, str] = {}
        self.manager_of: dict[int, int | None] = {}
        self.teams: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self.staff_names: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
        self.staff_shown: dict[int, tuple[str, int | None]] = {}
        self._read_units(on)
        self._read_staff()
        self.words = {(word.kind, word.folded): word for word in KnownWord.objects.all()}

    def _read_units(self, on: date) -> None:
        rows = Unit.objects.open(on).values_list("pk", "reference", "name", "kind", "manager_id")
        for pk, reference, name, kind, manager in rows:
            self.team_names[pk], self.manager_of[pk] = name, manager
            for known in {key(name), key(reference)}:
                self.teams[known].append((kind, pk))

    def _read_staff(self) -> None:
        rows = Staff.objects.working().values_list("pk", "reference", "name", "email", "unit_id")
        for pk, reference, name, email, unit in rows:
            self.staff_shown[pk] = (name, unit)
            for known in {key(name), key(reference), key(email)}:
                self.staff_names[known].append((pk, unit))

    def is_settled(self, kind: str, given: str) -> bool:
        """Whether somebody said what a word means, even if that is nothing."""
        return (kind, given if kind == KnownWord.Kind.TEAM_OF else key(given)) in self.words

    def team(self, given: str) -> int | None:
        """The unit of that name; a team before a unit of another kind; None where two could be meant."""
        if not given:
            return None
        if word := self.words.get((KnownWord.Kind.TEAM, key(given))):
            return word.unit_id if word.unit_id in self.team_names else None
        found = self.teams.get(key(given), [])
        teams = [pk for kind, pk in found if kind == Unit.Kind.TEAM] or [pk for _, pk in found]
        return teams[0] if len(teams) == 1 else None

    def team_of(self, category: str) -> int | None:
        """The team that answers for a category whose lists name none, such as initial contacts (S4-06)."""
        word = self.words.get((KnownWord.Kind.TEAM_OF, category))
        return word.unit_id if word and word.unit_id in self.team_names else None

    def person(self, given: str, team: int | None = None) -> int | None:
        """The person of that name; of two with one name the one in the team; else None."""
        if not given:
            return None
        if word := self.words.get((KnownWord.Kind.PERSON, key(given))):
            return word.staff_id if word.staff_id in self.staff_shown else None
        found = self.staff_names.get(key(given), [])
        if len(found) > 1:
            found = [(pk, unit) for pk, unit in found if team is not None and unit == team]
        return found[0][0] if len(found) == 1 else None

    def category(self, given: str) -> str:
        """What a word for a category means; empty where nobody said."""
        word = self.words.get((KnownWord.Kind.CATEGORY, key(given)))
        return word.category if word else ""

    def like(self, given: str) -> list[int]:
        """People of the same surname, to be offered where a name matched nobody."""
        last = fold(given).split(" ")[-1]
        return [pk for pk, (name, _) in self.staff_shown.items() if last and fold(name).split(" ")[-1] == last][:3]

    def shown(self, people: Iterable[int]) -> list[str]:
        """Name and unit, as offered in forms."""
        return [f"{name}, {self.team_names.get(unit, 'no unit')}" for name, unit in map(self.staff_shown.get, people)]
