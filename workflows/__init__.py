"""Workflows as tables: which status may follow which. Each app registers its own in its workflow.py."""

from workflows.tables import (
    InvalidTransition,
    Table,
    can_move,
    check_move,
    move,
    next_statuses,
    register,
    registered,
    table_of,
)

__all__ = [
    "InvalidTransition",
    "Table",
    "can_move",
    "check_move",
    "move",
    "next_statuses",
    "register",
    "registered",
    "table_of",
]
