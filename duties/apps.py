from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "duties"
    verbose_name = "Duties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Says what people hold; names the one duty of people themselves, and who hears of the nightly check."""
        from duties import notices, sweep, volunteering, workflow
        from people.registry import register_holdings

        notices.register_events()
        volunteering.register_duty()
        sweep.register()
        register_holdings(workflow.holdings)
