from django.apps import AppConfig


class FollowUpConfig(AppConfig):
    name = "followup"
    verbose_name = "Follow-up"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Tell the lower apps what they must know about Part B."""
        from audits.registry import register_follow_up, register_succession
        from followup.registration import register_duties
        from followup.workflow import hand_to_manager, open_part_b

        register_duties()
        register_follow_up(open_part_b)
        register_succession(hand_to_manager)
