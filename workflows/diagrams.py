"""Draws the registered tables as Mermaid state diagrams: the text of docs/workflows.md."""

from collections.abc import Iterable

from django.db.models import TextChoices

from workflows.tables import Table
from workflows.words import as_heading

INTRODUCTION = """# Workflows

Generated from the transition tables by `./portal manage workflow_diagrams`. Do not edit: change the
table in the app's workflow.py and generate it again. A test fails while this page is stale.
"""


def page(tables: Iterable[Table]) -> str:
    """The whole page, one section per table in the order given."""
    return "\n".join([INTRODUCTION, *(section(table) for table in tables)])


def section(table: Table) -> str:
    """Heading, model, diagram, and which statuses owe somebody a duty."""
    lines = [f"## {as_heading(table.title)}", "", f"Model `{table.label}`.", "", *diagram(table)]
    waiting = [f"{status.label} (`{status.value}`)" for status in table.statuses if status in table.unfinished]
    if waiting:
        lines += ["", f"Unfinished, so somebody always holds an open duty: {', '.join(waiting)}."]
    return "\n".join(lines) + "\n"


def diagram(table: Table) -> list[str]:
    """The lines of one Mermaid block, statuses in the order in which the model lists them."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {table.initial.value}"]
    lines += [f"    {status.value} : {status.label}" for status in table.statuses]
    for status in table.statuses:
        lines += [f"    {status.value} --> {target}" for target in targets(table, status)]
    return [*lines, "```"]


def targets(table: Table, status: TextChoices) -> list[str]:
    """Where the arrows from `status` lead; from a last status to Mermaid's end mark."""
    return [following.value for following in table.after(status)] or ["[*]"]
