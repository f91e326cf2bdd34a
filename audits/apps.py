from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "audits"
    verbose_name = "Audits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Tell the lower apps what they must know about audits."""
        from allocations.registry import register_publication
        from audits import registration
        from audits.knowing import case_files_of, holdings
        from audits.workflow import allocate
        from casefiles.registry import register_door
        from people.registry import register_holdings

        registration.register_duties()
        register_door(case_files_of)
        register_publication(allocate)
        register_holdings(holdings)
