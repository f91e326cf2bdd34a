from django.apps import AppConfig


class AllocationsConfig(AppConfig):
    name = "allocations"
    verbose_name = "Allocations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Tell duties and jobs what they must know about rounds."""
        from allocations.registration import register_duties, register_jobs

        register_duties()
        register_jobs()
