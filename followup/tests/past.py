"""What the tests of past audits share: a list as text, read, planned and written as the engine of imports does it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import transaction

from audits.models import Audit
from followup.past.plan import PastPlan, plan
from followup.past.reading import read
from followup.past.writing import write

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
ON = date(2026, 11, 18)
TEAM = "Children in Need East 2"
COLUMNS = "reference,month,team,grade,auditor,open_actions,open_round"


@dataclass(frozen=True)
class Listed:
    """A list as the reader of files hands it over: its name and its rows, numbered."""

    text: str
    name: str = "List"

    def open(self, most: int = 0) -> Iterator[tuple[int, list[str]]]:
        """All rows."""
        return enumerate(csv.reader(io.StringIO(self.text)), 1)


def listed(*rows: str, columns: str = COLUMNS, name: str = "List") -> Listed:
    """A list with its heading."""
    return Listed("\n".join([columns, *rows]), name)


def planned(*rows: str, columns: str = COLUMNS, on: date = ON) -> PastPlan:
    """What a list would do."""
    return plan(read([listed(*rows, columns=columns)], on), on)


@transaction.atomic
def taken_over(cast, *rows: str, columns: str = COLUMNS, at: datetime = AT) -> list[Audit]:
    """The past audits of a list, written; their months in order."""
    found = planned(*rows, columns=columns, on=at.date())
    assert not found.refused, found.refused
    write(found, cast.pq_lead, at)
    return list(Audit.objects.filter(is_past=True).order_by("month", "number"))
