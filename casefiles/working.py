"""The jobs of imports: reading a file that waits, writing a large plan. A second attempt after a crash is harmless."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from casefiles.models import Import, Upload
from casefiles.reading.results import BadFile
from casefiles.workflow import Status, confirm, discard, read_waiting, rework
from jobs.workflow import JobFailed
from people.models import Staff


def read_upload(arguments: dict[str, Any]) -> str:
    """Read a file that waits and keep its preview; one that cannot be read is thrown away with a sentence."""
    upload = Upload.objects.filter(pk=arguments["upload"]).select_related("given_by", "waits_for").first()
    if upload is None:
        raise JobFailed("This file was read already. You find its preview under Imports.")
    try:
        imported = read_waiting(upload=upload, by=upload.given_by, at=timezone.now())
    except BadFile as bad:
        _throw_away(upload)
        raise JobFailed(str(bad)) from None
    return address_of(imported)


def _throw_away(upload: Upload) -> None:
    if upload.waits_for:
        discard(imported=upload.waits_for, by=upload.given_by, at=timezone.now())
    else:
        upload.delete()


def address_of(imported: Import) -> str:
    """Where an import goes on: naming its columns, or its preview."""
    page = "import-columns" if imported.status == Status.COLUMNS else "import-detail"
    return reverse(f"casefiles:{page}", args=[imported.pk])


def rework_plan(arguments: dict[str, Any]) -> str:
    """Work a preview out again."""
    imported = Import.objects.get(pk=arguments["import"])
    return address_of(rework(imported=imported, by=Staff.objects.get(pk=arguments["by"]), at=timezone.now()))


def write_plan(arguments: dict[str, Any]) -> str:
    """Write a previewed plan in one transaction; again after a crash, nothing having been written."""
    imported = Import.objects.get(pk=arguments["import"])
    confirm(imported=imported, by=Staff.objects.get(pk=arguments["by"]), at=timezone.now())
    return address_of(imported)
