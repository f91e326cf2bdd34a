"""`manage.py replay_draw FILE`: draw again from a certificate, and say where it differs."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from allocations.draw import DrawError, compare, parse


class Command(BaseCommand):
    """Exit code 0: the same list. 1: it differs, with each difference in plain words. 2: no certificate to read."""

    help = "Replays the draw of a certificate and compares the result with the file."
    requires_system_checks = ()

    def add_arguments(self, parser) -> None:
        """The downloaded certificate."""
        parser.add_argument("file", type=Path)

    def handle(self, *args, file: Path, **options) -> None:
        """Read, replay, compare."""
        try:
            certificate = parse(file.read_bytes())
        except (OSError, DrawError) as error:
            raise CommandError(f"{file} cannot be read as a certificate: {error}", returncode=2) from error
        if differences := compare(certificate):
            raise CommandError("\n".join(differences), returncode=1)
        self.stdout.write(f"The same list again: {len(certificate['result'])} cases.")
