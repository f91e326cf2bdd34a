"""The Celery application: workers are woken by beat, never by a web request."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "audit_portal.settings")

app = Celery("audit_portal", include=["audit_portal.pulse"])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
