"""A worker whose clock, as kombu's redelivery reads it, can jump (`celery worker -I bench.faults.leap`).

FAULTS_CLOCK names a file with the seconds by which it is ahead. Messages that were given back are written beside it.
"""

import os
import time
from pathlib import Path

from kombu.transport import redis

CLOCK = Path(os.environ["FAULTS_CLOCK"])
GIVEN_BACK = CLOCK.with_suffix(".given-back")
give_back = redis.QoS.restore_by_tag


def ahead() -> float:
    """By how much the clock is ahead of the machine's."""
    return float(CLOCK.read_text()) if CLOCK.exists() else 0


def jumping() -> float:
    """What kombu reads in the place of the time."""
    return time.time() + ahead()


def counted(qos, tag, *args, **kwargs):
    """Give a message back to its queue as kombu does, and write that down."""
    with open(GIVEN_BACK, "a", encoding="utf-8") as lines:
        lines.write(f"{time.time():.3f} {tag}\n")
    return give_back(qos, tag, *args, **kwargs)


redis.time = jumping
redis.QoS.restore_by_tag = counted
