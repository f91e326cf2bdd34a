"""`manage.py load_programmes`: publish the presets that changed, each as a new version."""

from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from programmes.loading import load_common_ladders, load_preset
from programmes.models import Programme
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
        self.check_monthly()

    def check_monthly(self):
        """Refuse a setting that names a programme which there is not: no month could be planned (ADR 0012)."""
        slugs = list(Programme.objects.order_by("slug").values_list("slug", flat=True))
        if settings.MONTHLY_PROGRAMME not in slugs:
            raise CommandError(f"MONTHLY_PROGRAMME is “{settings.MONTHLY_PROGRAMME}”. Programmes: {', '.join(slugs)}.")
