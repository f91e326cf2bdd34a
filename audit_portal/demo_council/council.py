"""The whole demo council in one transaction: people, case files, four months of work, one quiet outbox."""

import random
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import F

from audit_portal.demo_council.cases import make_case_files
from audit_portal.demo_council.clock import months_before
from audit_portal.demo_council.months import FINISHED, Months
from audit_portal.demo_council.people import make_people
from duties import digests
from duties.models import Notice
from duties.tick import tick
from programmes.models import ProgrammeVersion

SEED = "Northbrook"
PROGRAMME = "s1"  # the tale speaks of its nine domains, whatever the council follows


@transaction.atomic
def make_demo(*, on: date, now: datetime) -> None:
    """Everything as it stands at `now` on the day `on`; all of it or nothing."""
    rng = random.Random(SEED)
    month = on.replace(day=1)
    version = ProgrammeVersion.objects.current(PROGRAMME, months_before(month, FINISHED))
    make_people(rng, month)
    make_case_files(rng, months_before(month, FINISHED))
    analyse()
    Months(version, month, now, rng).run()
    tick(now)
    digests.make_if_due(now)
    quieten(month)
    analyse()


def analyse() -> None:
    """Tell the database how full its tables are: it would find out only minutes later, and plan badly until then."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def quieten(month: date) -> None:
    """No e-mail goes out about what the demo invented, and what was told before this month has been read."""
    told = Notice.objects.filter(channel=Notice.Channel.EMAIL, state=Notice.State.PENDING)
    told.update(state=Notice.State.CANCELLED)
    inbox = Notice.objects.filter(channel=Notice.Channel.INBOX, created_at__date__lt=month, read_at=None)
    inbox.update(read_at=F("created_at"))
