"""`manage.py workflow_diagrams`: writes docs/workflows.md; `--check` fails when it is stale."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from workflows.diagrams import page
from workflows.tables import registered


class Command(BaseCommand):
    help = "Writes docs/workflows.md from the transition tables of all apps."

    def add_arguments(self, parser) -> None:
        """`--check` writes nothing."""
        parser.add_argument("--check", action="store_true", help="Write nothing; exit 1 when the page is stale.")

    def handle(self, *args, check: bool = False, **options) -> None:
        """Writes the page, or compares it. Raises CommandError (exit 1) for a stale page."""
        path = Path(settings.BASE_DIR) / "docs" / "workflows.md"
        wanted = page(registered())
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(wanted, encoding="utf-8")
            self.stdout.write(f"Wrote {path}.")
        elif not path.exists() or path.read_text(encoding="utf-8") != wanted:
            raise CommandError("docs/workflows.md is stale: run ./portal manage workflow_diagrams.")
        else:
            self.stdout.write("docs/workflows.md is up to date.")
