"""What both import commands share: arguments, who acts, words or JSON, exit codes 0, 1 and 2."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from calendars.rules import today_in_london
from casefiles import workflow
from casefiles.models import Import
from casefiles.reading.results import BadFile
from casefiles.shown import closes_many
from people.lines import NobodyToTurnTo, pq_lead
from people.models import Staff

ROWS_REFUSED = 2
FIGURES = ("new", "changed", "moved", "closed", "same", "refused")


class ImportCommand(BaseCommand):
    """Preview a list, and with --confirm import it. Exit codes: 0 all well, 1 file refused, 2 rows refused."""

    kind = ""

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE, --confirm, --json, --as."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--confirm", action="store_true", help="Import it; without this nothing is changed.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")
        parser.add_argument("--close-many", action="store_true",
                            help="Import even a list that closes more than a tenth of the open cases.")
        parser.add_argument("--as", dest="reference", metavar="STAFF_REFERENCE",
                            help="Who imports; otherwise the Performance and Quality lead.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Preview, perhaps confirm, print, and end with the exit code."""
        try:
            imported = self.run(options)
        except BadFile as bad:
            raise CommandError(str(bad)) from None
        except (PermissionDenied, NobodyToTurnTo, OSError) as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(json.dumps(summary(imported), indent=2) if options["json"] else in_words(imported))
        if imported.status == Import.Status.STALE:
            raise CommandError("Another import came in between. Run this again.")
        if imported.counts["refused"]:
            raise SystemExit(ROWS_REFUSED)

    def run(self, options: dict[str, Any]) -> Import:
        """The preview, confirmed where asked for."""
        by, at = self.actor(options["reference"]), timezone.now()
        imported = workflow.preview(kind=self.kind, file_name=options["file"].name,
                                    content=options["file"].read_bytes(), by=by, at=at)
        workflow.check_was_read(imported)
        if options["confirm"] and closes_many(imported) and not options["close_many"]:
            raise CommandError(f"Nothing was imported: this list closes {imported.counts['closed']:,} cases, more than "
                               "a tenth of the open ones. If it is complete, run this again with --close-many.")
        return workflow.confirm(imported=imported, by=by, at=at) if options["confirm"] else imported

    def actor(self, reference: str | None) -> Staff:
        """The person named, else the P&Q lead. Raises CommandError or NobodyToTurnTo."""
        if not reference:
            return pq_lead(today_in_london())
        person = Staff.objects.working().filter(reference=reference).first()
        if person is None:
            raise CommandError(f"Nobody has the staff number {reference}.")
        return person


def summary(imported: Import) -> dict[str, Any]:
    """All that the preview page shows, for machines."""
    return {"import": imported.pk, "status": imported.status, "file": imported.file_name, **imported.counts,
            "notes": imported.notes, "refused_rows": imported.refused}


def in_words(imported: Import) -> str:
    """The same for people."""
    counts = imported.counts
    lines = [f"{imported.file_name}: {imported.get_status_display().lower()}.",
             ", ".join(f"{counts[name]:,} {name}" for name in FIGURES if name in counts) + "."]
    lines += [f"  {sheet['name']}: {sheet['recognised']}, {sheet['rows']:,} rows. {sheet['used']}."
              for sheet in counts["sheets"]]
    lines += [f"  Check: {note['text']} ({note['cases']:,}). {note['done']}" for note in imported.notes]
    lines += [f"  Refused: {row['sheet']}, row {row['row']}: {row['reason']}. {row['todo']}"
              for row in imported.refused]
    return "\n".join(lines)
