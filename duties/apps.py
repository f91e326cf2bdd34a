from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "duties"
    verbose_name = "Duties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Says what people hold; names the one duty of people themselves, who hears of the nightly check and digest."""
        from duties import digests, notices, sweep, volunteering, workflow
        from people.registry import register_holdings

        notices.register_events()
        volunteering.register_duty()
        sweep.register()
        digests.register()
        register_holdings(workflow.holdings)
