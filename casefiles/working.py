"""The jobs of imports: reading a large file, writing a large plan. Registered when the app starts."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from casefiles.models import Import, Upload
from casefiles.reading.results import BadFile
from casefiles.workflow import confirm, preview
from jobs.registry import Report
from jobs.workflow import JobFailed
from people.models import Staff


def read_upload(arguments: dict[str, Any], report: Report) -> str:
    """Read a file that waits, keep its preview, delete the file. A second attempt finds the preview."""
    upload = Upload.objects.filter(pk=arguments["upload"]).select_related("given_by").first()
    if upload is None:
        raise JobFailed("This file was read already. You find its preview under Imports.")
    report(0, 2, "Reading the list")
    try:
        with transaction.atomic():
            imported = preview(kind=upload.kind, file_name=upload.file_name, content=bytes(upload.content),
                               by=upload.given_by, at=upload.given_at)
            upload.delete()
    except BadFile as bad:
        upload.delete()
        raise JobFailed(str(bad)) from None
    report(2, 2, "Read")
    return reverse("casefiles:import-detail", args=[imported.pk])


def write_plan(arguments: dict[str, Any], report: Report) -> str:
    """Write a previewed plan in one transaction; again after a crash, nothing having been written."""
    report(0, 1, "Writing all of it, or nothing")
    imported = Import.objects.get(pk=arguments["import"])
    confirm(imported=imported, by=Staff.objects.get(pk=arguments["by"]), at=timezone.now())
    return reverse("casefiles:import-detail", args=[imported.pk])
