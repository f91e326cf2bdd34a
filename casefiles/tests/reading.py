"""Reading a file from its bytes, as an import does: opened in a process apart."""

from datetime import date

from casefiles.reading import cases, people
from casefiles.reading.apart import open_tables
from casefiles.reading.results import Reading


def read_cases(content: bytes, on: date, **options) -> Reading:
    """The case files in a file."""
    with open_tables(content) as tables:
        return cases.read_cases(tables, on, **options)


def read_people(content: bytes) -> Reading:
    """The units and staff in a file."""
    with open_tables(content) as tables:
        return people.read_people(tables)
