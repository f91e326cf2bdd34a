"""Past audits of a plan in words: what comes in, what stays open."""

from datetime import date
from typing import Any

from allocations.months import month_name
from casefiles.shown import SHOWN, Part
from people.models import Staff, Unit
from programmes.models import Grade

New = dict[str, Any]


def parts_of(new: list[New]) -> list[Part]:
    """Audits, open actions and re-audits to arrange, the first of each. Three queries."""
    actions = [(row, action) for row in new for action in row["actions"]]
    rounds = [row for row in new if row["open_round"]]
    shown = Names([*new[:SHOWN], *rounds[:SHOWN]], [action for _, action in actions[:SHOWN]])
    found = [
        Part("new", len(new), ("Case", "Month", "Team", "Grade", "Auditor"), [shown.audit(row) for row in new[:SHOWN]]),
        Part("open actions", len(actions), ("Case", "Action", "Owner", "Due"),
             [shown.action(row, action) for row, action in actions[:SHOWN]]),
        Part("re-audits to arrange", len(rounds), ("Case", "Month", "Inadequate round"),
             [(row["reference"], month_of(row), str(row["open_round"])) for row in rounds[:SHOWN]]),
    ]
    return [part for part in found if part.total]


def month_of(row: New) -> str:
    """The month of an audit in words."""
    return month_name(date.fromisoformat(row["month"]))


class Names:
    """Names of the units, people and grades that some rows speak of."""

    def __init__(self, rows: list[New], actions: list[New]) -> None:
        people = {row["auditor_id"] for row in rows} | {action["owner_id"] for action in actions}
        self.units = _words(Unit, "name", {row["team_id"] for row in rows})
        self.staff = _words(Staff, "name", people)
        self.grades = _words(Grade, "label", {row["grade_id"] for row in rows})

    def audit(self, row: New) -> tuple[str, ...]:
        """One audit."""
        return (row["reference"], month_of(row), self.units.get(row["team_id"], "Not known"),
                self.grades[row["grade_id"]], self.staff.get(row["auditor_id"], "Not known"))

    def action(self, row: New, action: New) -> tuple[str, ...]:
        """One open action."""
        owner = self.staff.get(action["owner_id"], action["owner_outside"])
        due = f"{date.fromisoformat(action['due_on']):%d/%m/%Y}" if action["due_on"] else "In four weeks"
        return row["reference"], action["what"] or "Not described", owner, due


def _words(model: Any, field: str, ids: set[int | None]) -> dict[int | None, str]:
    return dict(model.objects.filter(pk__in=ids - {None}).values_list("pk", field))
