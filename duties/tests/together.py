"""Running the same thing several times at once, each on a connection of its own."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection


def at_once(times: int, work: Callable[[], Any]) -> list[Any]:
    """What each of the runs gave; what one of them raised is raised here."""
    start, given = Barrier(times), []

    def run() -> None:
        start.wait()
        try:
            given.append(work())
        except BaseException as error:  # told to the test, which runs in another thread
            given.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for result in given:
        if isinstance(result, BaseException):
            raise result
    return given
