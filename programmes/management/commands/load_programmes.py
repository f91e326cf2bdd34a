"""`manage.py load_programmes`: publish the presets that changed, each as a new version."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from programmes.loading import load_common_ladders, load_preset
from programmes.policy import PolicyError
from programmes.preset import preset_paths, read_preset

FROM_THE_START = date(2020, 4, 1)


class Command(BaseCommand):
    """Safe to run at every start."""

    help = __doc__

    def handle(self, *args, **options):
        """Load every preset in programmes/presets."""
        load_common_ladders(at=timezone.now())
        for path in preset_paths():
            try:
                preset = read_preset(path)
            except PolicyError as error:
                raise CommandError(str(error)) from error
            version = load_preset(preset, at=timezone.now(), effective_from=FROM_THE_START)
            self.stdout.write(f"{version}: {version.domains.count()} domains, {version.grades.count()} grades")
