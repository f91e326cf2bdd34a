"""THE CONTROL: import this in a process and notices for the post are no rows any more but sent directly.

As a program without a table of notices does it: after commit, either by SMTP (`direct`) or by a task for Celery with
Celery's own defaults (`celery`). FAULTS_CONTROL says which. Nothing of the product imports it: the harness starts its
control's web and workers with it, and must then find losses.
"""

import os
import uuid

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from audit_portal.wsgi import application
from duties.querysets import NoticeQuerySet

__all__ = ["application"]
HOW = os.environ.get("FAULTS_CONTROL", "")
write = NoticeQuerySet.bulk_create


def in_place_of_rows(rows, notices, *args, **kwargs):
    """The inbox is written as it was; each e-mail is sent after commit, and nobody knows whether it arrived."""
    notices = list(notices)
    for notice in notices:
        if notice.channel == "email":
            letter = (notice.recipient.email, notice.title, notice.url)
            transaction.on_commit(lambda letter=letter: send.delay(*letter) if HOW == "celery" else send(*letter))
    return write(rows, [notice for notice in notices if notice.channel != "email"], *args, **kwargs)


@shared_task(name="bench.faults.send", acks_late=False)
def send(to: str, title: str, url: str) -> None:
    """One e-mail, once."""
    message = EmailMessage(f"Audit Portal: {title}", f"Hello,\n\n{title}\n{settings.PUBLIC_URL}{url}\n",
                           settings.DEFAULT_FROM_EMAIL, [to], headers={"Message-ID": f"<{uuid.uuid4()}@audit-portal>"})
    message.send(fail_silently=True)


if HOW:
    NoticeQuerySet.bulk_create = in_place_of_rows
