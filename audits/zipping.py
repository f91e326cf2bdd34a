"""Many records as one ZIP: a job. Its list of contents says of everything that was asked whether it is there."""

import io
import zipfile
from collections.abc import Iterable
from typing import Any

from defusedcsv import csv
from django.urls import reverse

from audits.models import Audit, Filing
from audits.permissions import FINAL
from audits.record import Record, file_name
from jobs.documents import keep
from jobs.progress import tell
from jobs.workflow import JobFailed
from people.files import BYTE_ORDER_MARK
from people.models import Staff

JOB = "audits.record_zip"
AT_MOST = 100  # at once: a job has two minutes and a half
ABOUT = "records-zip"
CONTENTS = "contents.csv"
COLUMNS = ("File", "Audit", "Case", "What", "Remark")
NOT_THERE = "Not in this ZIP: it is not final any more, or not yours to read"
OVER = "In this ZIP, but no longer to be copied: something changed since it was chosen"


def make(arguments: dict[str, Any]) -> str:
    """The job: every record that was chosen, with names; kept for an hour."""
    filings = list(Filing.objects.filter(pk__in=arguments["filings"]).select_related("audit").order_by("pk"))
    if not filings:
        raise JobFailed("Nothing of what was chosen is there any more.")
    readable = _readable(filings, Staff.objects.get(pk=arguments["by"]))
    content = _zip_of(filings, readable)
    token = keep(content, ABOUT)
    return f"{reverse('audits:filing-zip')}?made={token}"


def _readable(filings: Iterable[Filing], staff: Staff) -> dict[int, Audit]:
    audits = Audit.objects.content_visible_to(staff).filter(status__in=FINAL)
    audits = audits.filter(pk__in={filing.audit_id for filing in filings})
    people = ("case_file", "team", "grade", "version__programme", "auditor")
    return {audit.pk: audit for audit in audits.select_related(*people)}


def _zip_of(filings: list[Filing], readable: dict[int, Audit]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, audit in enumerate(readable.values()):
            tell(done, len(readable), f"{done} of {len(readable)} records made")
            archive.writestr(file_name(audit), Record(audit).pdf())
        archive.writestr(CONTENTS, _contents(filings, readable))
    return stream.getvalue()


def _contents(filings: list[Filing], readable: dict[int, Audit]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for filing in filings:
        audit = readable.get(filing.audit_id)
        if audit is None:
            writer.writerow(["", filing.audit.number, "", filing.get_what_display(), NOT_THERE])
            continue
        remark = "" if filing.is_open else OVER
        writer.writerow([file_name(audit), audit.number, audit.case_file.reference, filing.get_what_display(), remark])
    return BYTE_ORDER_MARK + text.getvalue()


def audits_of(arguments: dict[str, Any]) -> list[Audit]:
    """The audits that such a job is about: each reading of them is on the trail."""
    return list(Audit.objects.filter(filings__in=arguments["filings"]).distinct())
