from django.apps import AppConfig


class CaseFilesConfig(AppConfig):
    name = "casefiles"
    verbose_name = "Case files"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Names the jobs of imports to the workers; follows changes of people; says what people hold."""
        from casefiles import leaving, people_moves, workflow, working
        from jobs.registry import register
        from people.registry import register_follower, register_holdings, register_in_unit

        register(workflow.READ_JOB, working.read_upload)
        register(workflow.CONFIRM_JOB, working.write_plan)
        register_follower(people_moves.follow_people)
        register_in_unit(people_moves.open_files_of)
        register_holdings(leaving.holdings)
