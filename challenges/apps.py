from django.apps import AppConfig


class ChallengesConfig(AppConfig):
    name = "challenges"
    verbose_name = "Challenges"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Tell the lower apps what they must know about challenges."""
        from audits.registry import register_record_section
        from challenges.record import challenges_section
        from challenges.registration import register_duties

        register_duties()
        register_record_section(82, challenges_section)
