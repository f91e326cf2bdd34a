"""A model-like record with a workflow of its own, for tests that need no database."""

from types import SimpleNamespace

from django.db.models import TextChoices


class Status(TextChoices):
    DRAFT = "draft", "Draft"
    SHARED = "shared", "Shared"
    REFUSED = "refused", "Refused"
    CLOSED = "closed", "Closed"


TRANSITIONS = {
    Status.DRAFT: frozenset({Status.SHARED}),
    Status.SHARED: frozenset({Status.CLOSED, Status.DRAFT, Status.REFUSED}),
    Status.REFUSED: frozenset({Status.DRAFT}),
    Status.CLOSED: frozenset(),
}


class Letter:
    """Has what `move` needs of a model: a status and a label. Saving it fails the test."""

    _meta = SimpleNamespace(concrete_model=None, label_lower="examples.letter")

    def __init__(self, status: str = Status.DRAFT) -> None:
        self.status = status

    def save(self) -> None:
        """`move` never saves."""
        raise AssertionError("move saved the record")
