from django.apps import AppConfig


class CaseFilesConfig(AppConfig):
    name = "casefiles"
    verbose_name = "Case files"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Names the jobs of imports to the workers."""
        from casefiles import workflow, working
        from jobs.registry import register

        register(workflow.READ_JOB, working.read_upload)
        register(workflow.CONFIRM_JOB, working.write_plan)
