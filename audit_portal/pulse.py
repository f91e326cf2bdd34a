"""The pulse of a worker: it says that it lives, and ends itself where it lives and takes nothing.

After its broker was away a worker may stay connected and never take a message again (kombu #2007, celery #10205).
Its process says nothing of that, so it looks itself, from a thread beside the consumer, and ends; whatever started
it starts it again: systemd, a container, ./portal up.
"""

import logging
import os
import signal
import time
from datetime import timedelta
from threading import Thread

from celery import Celery
from celery.signals import task_received, task_rejected, task_revoked, task_unknown, worker_ready
from django.conf import settings
from django.db import Error, connection
from django.utils import timezone
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

log = logging.getLogger("portal.pulse")
EVERY = 10  # seconds
PATIENCE = 2  # seconds that Redis has for an answer
LAST_WORDS = 20  # seconds that an orderly end may take
FORGOTTEN_AFTER = timedelta(days=1)
IMPATIENT = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "max_retries": 0}


def is_deaf(*, silent_for: float, waiting: int | None, waited: int | None, after: float) -> bool:
    """Whether messages wait, now and at the look before, and this worker has received none for `after` seconds.

    None means that Redis did not answer. Nothing waits where beat is dead, nobody answers where Redis is: neither
    is a reason to end. Two looks, because a process that was frozen for a while needs a moment to hear again.
    """
    return bool(waiting) and bool(waited) and silent_for >= after


class Pulse(Thread):
    """Beats for as long as the worker's main process lives."""

    def __init__(self, app: Celery, name: str) -> None:
        super().__init__(name="pulse", daemon=True)
        self.app, self.worker = app, name
        self.after = settings.WORKER_DEAF_SECONDS
        self.received_at = time.monotonic()

    def received(self, **kwargs) -> None:
        """A message has come: this worker hears."""
        self.received_at = time.monotonic()

    def run(self) -> None:
        """Look, write down, end where nothing is heard."""
        forget_old_workers()
        waited = None
        while True:
            waiting = self.waiting()
            beat([f"worker:{self.worker}"[:255], *(["redis"] if waiting is not None else [])])
            silent_for = time.monotonic() - self.received_at
            if is_deaf(silent_for=silent_for, waiting=waiting, waited=waited, after=self.after):
                end()
            waited = waiting
            time.sleep(min(EVERY, self.after / 6))

    def waiting(self) -> int | None:
        """How many messages wait in our queues, asked on a connection of its own; None where Redis is silent."""
        try:
            options = {**self.app.conf.broker_transport_options, **IMPATIENT}
            with self.app.connection_for_read(transport_options=options) as line, line.channel() as channel:
                channel.client.ping()
                return sum(channel.client.llen(name) for name in self.app.amqp.queues)
        except (OSError, RedisError, KombuError):
            return None


def beat(names: list[str]) -> None:
    """Write down that these live. A database that is away for a while ends nobody."""
    from duties.models import Heartbeat  # models are there only once Celery has set Django up

    rows = [Heartbeat(name=name, beat_at=timezone.now()) for name in names]
    try:
        Heartbeat.objects.bulk_create(rows, update_conflicts=True, unique_fields=["name"], update_fields=["beat_at"])
    except Error as error:
        log.warning("The pulse could not be written down: %s", type(error).__name__)
    finally:
        connection.close()  # nobody else uses this thread's connection, and a forked child must not find it open


def forget_old_workers() -> None:
    """Workers that have been gone for a day are no longer counted as silent."""
    from duties.models import Heartbeat

    try:
        Heartbeat.objects.filter(name__startswith="worker:", beat_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()
    except Error as error:
        log.warning("Old workers could not be forgotten: %s", type(error).__name__)
    finally:
        connection.close()


def end() -> None:
    """End this process: in order where it still can, else at once."""
    log.error("This worker lives and takes nothing although messages wait. It ends, to be started again.")
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LAST_WORDS)
    os._exit(1)


@worker_ready.connect
def start(sender, **kwargs) -> None:
    """One pulse for each worker, from when it is ready."""
    pulse = Pulse(sender.app, sender.hostname)
    for message_came in (task_received, task_revoked, task_rejected, task_unknown):  # revoked: also what has expired
        message_came.connect(pulse.received, weak=False)
    pulse.start()
