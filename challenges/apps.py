from django.apps import AppConfig


class ChallengesConfig(AppConfig):
    name = "challenges"
    verbose_name = "Challenges"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Tell duties what they must know about challenges."""
        from challenges.registration import register_duties

        register_duties()
