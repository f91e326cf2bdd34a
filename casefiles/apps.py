from django.apps import AppConfig


class CaseFilesConfig(AppConfig):
    name = "casefiles"
    verbose_name = "Case files"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Names the jobs of imports to the workers, and the kinds of list to the pages."""
        from casefiles import registration

        registration.register()
