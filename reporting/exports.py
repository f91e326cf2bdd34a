"""The dashboard as a file: every figure with its name, month and value, as the page shows it."""

from collections.abc import Iterator

from django.http import HttpResponse

from allocations.months import month_name
from people.files import csv_file

COLUMNS = ("Part", "Measure", "For", "Value", "Also")


def as_csv(shown: dict) -> HttpResponse:
    """What the page shows, safe to open in a spreadsheet; suppressed figures stay suppressed."""
    return csv_file(f"dashboard-{shown['month']:%Y-%m}.csv", COLUMNS, lines(shown))


def lines(shown: dict) -> Iterator[tuple[str, ...]]:
    """Every figure of the page."""
    month, before = month_name(shown["month"]), month_name(shown["before"])
    yield "About", shown["scope_words"], month, shown["headline"], shown["as_at"]
    for tile in shown["tiles"]:
        yield "At a glance", tile.name, month, tile.value, tile.words
    for when, counts, final in shown["grade_rows"]:
        for key, n in zip(shown["keys"], counts, strict=True):
            yield "Grades by month", key.label, month_name(when), n, f"of {final}"
    for domain, cells in shown["heat_rows"]:
        for service, cell in zip(shown["heat"].services, cells, strict=True):
            yield "Domains by service", domain, service, cell.word, cell.small
    for step, this, earlier in shown["on_time"]:
        yield "On time", step, month, this, f"{before}: {earlier}"
