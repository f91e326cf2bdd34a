"""The project: settings, addresses, home page, shared testing helpers. It sits on top of every app."""

from audit_portal.celery import app as celery_app

__all__ = ["celery_app"]
