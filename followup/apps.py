from django.apps import AppConfig


class FollowUpConfig(AppConfig):
    name = "followup"
    verbose_name = "Follow-up"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Tell the lower apps what they must know about Part B and open rounds."""
        from allocations.registry import register_publication
        from audits.registry import (
            register_action_states,
            register_follow_up,
            register_record_section,
            register_succession,
            register_withdrawal,
        )
        from followup.chains import case_allocated, re_audit_withdrawn
        from followup.past.registration import register_list
        from followup.record import part_b_section
        from followup.registration import register_duties, states_of_actions
        from followup.workflow import hand_to_manager, open_part_b

        register_duties()
        register_list()
        register_follow_up(open_part_b)
        register_publication(case_allocated)
        register_withdrawal(re_audit_withdrawn)
        register_succession(hand_to_manager)
        register_action_states(states_of_actions)
        register_record_section(85, part_b_section)
