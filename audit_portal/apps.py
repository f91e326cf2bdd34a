from django.apps import AppConfig


class AuditPortalConfig(AppConfig):
    name = "audit_portal"
    verbose_name = "Audit Portal"
