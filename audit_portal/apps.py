from django.apps import AppConfig


class AuditPortalConfig(AppConfig):
    name = "audit_portal"
    verbose_name = "Audit Portal"

    def ready(self) -> None:
        """Makes the nightly check known as a job."""
        from audit_portal import nightly

        nightly.register()
