from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "audits"
    verbose_name = "Audits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Tell the lower apps what they must know about audits."""
        from allocations.registry import register_completions, register_handback, register_publication
        from audits import registration
        from audits.appointments import entries_for
        from audits.knowing import audits_case, case_files_of, completions_of, holdings
        from audits.of_case import audits_of_case
        from audits.record_sections import register_sections
        from audits.workflow import allocate, follow, follow_availability
        from audits.workflow.handing_on import lock_audit_of, take_back
        from audits.zipping import JOB, make
        from casefiles.registry import (
            register_availability,
            register_corrector,
            register_door,
            register_follower,
            register_section,
        )
        from duties.feed_entries import register_entries
        from jobs.registry import register as register_job
        from people.registry import register_holdings

        registration.register_duties()
        register_door(case_files_of)
        register_corrector(audits_case)
        register_follower(follow)
        register_availability(follow_availability)
        register_section("audits/_of_case.html", audits_of_case)
        register_publication(allocate)
        register_handback(take_back, lock_audit_of)
        register_completions(completions_of)
        register_holdings(holdings)
        register_entries(entries_for)
        register_sections()
        register_job(JOB, make)
