from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "duties"
    verbose_name = "Duties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Says what people hold; names the one duty of people themselves."""
        from duties import notices, volunteering, workflow
        from people.registry import register_holdings

        notices.register_events()
        volunteering.register_duty()
        register_holdings(workflow.holdings)
