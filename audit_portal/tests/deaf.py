"""A worker that goes deaf: it stays connected and alive, and after its first message takes none. For the tests."""

from celery.signals import task_received

from audit_portal.celery import app

__all__ = ["app"]


@task_received.connect
def go_deaf(sender, **kwargs) -> None:
    """What was seen of kombu after its broker came back: the consumer is there and no longer in the poll."""
    sender.call_soon(sender.task_consumer.cancel)
