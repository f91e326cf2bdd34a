"""Lists that leave the portal as a file. A cell never becomes a formula in a spreadsheet (ASVS 1.2.10)."""

from collections.abc import Iterable, Sequence

from defusedcsv import csv
from django.http import HttpResponse

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads the file as cp1252


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV to download: UTF-8, one line of headings, then the rows."""
    response = HttpResponse(BYTE_ORDER_MARK, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(columns)
    writer.writerows(rows)
    return response
