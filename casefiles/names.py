"""Names in a list matched to units and staff, folded: capitals, spaces, punctuation, "Surname, First name"."""

import re
from collections import defaultdict

from people.folding import fold
from people.models import Staff, Unit

_SIGNS = re.compile(r"[^\w]+|_")


def key(name: str) -> str:
    """What two spellings of one name have in common."""
    return _SIGNS.sub("", fold(name))


class Directory:
    """Open units and working staff by name, reference and e-mail address: two queries, then none."""

    def __init__(self, on) -> None:
        self.team_names: dict[int, str] = {}
        self.teams: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self.staff_names: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
        for pk, reference, name, kind in Unit.objects.open(on).values_list("pk", "reference", "name", "kind"):
            self.team_names[pk] = name
            for known in {key(name), key(reference)}:
                self.teams[known].append((kind, pk))
        rows = Staff.objects.working().values_list("pk", "reference", "name", "email", "unit_id")
        for pk, reference, name, email, unit in rows:
            for known in {key(name), key(reference), key(email)}:
                self.staff_names[known].append((pk, unit))

    def team(self, given: str) -> int | None:
        """The unit of that name; a team before a unit of another kind; None where two could be meant."""
        found = self.teams.get(key(given), []) if given else []
        teams = [pk for kind, pk in found if kind == Unit.Kind.TEAM] or [pk for _, pk in found]
        return teams[0] if len(teams) == 1 else None

    def person(self, given: str, team: int | None = None) -> int | None:
        """The person of that name; of two with one name the one in the team; else None."""
        found = self.staff_names.get(key(given), []) if given else []
        if len(found) > 1:
            found = [(pk, unit) for pk, unit in found if team is not None and unit == team]
        return found[0][0] if len(found) == 1 else None
