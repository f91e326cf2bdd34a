"""T-R6: three beats and each message three times, for a simulated month: the same rows and mail as with one beat.

And for some minutes on real servers: three beats that send everything three times, under load.
"""

import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bench.faults import product
from bench.faults.council import Council, found_council
from bench.faults.judge import judge, quiet
from bench.faults.kills import verdict_rows
from bench.faults.simulated import Mail, Script, every, live, start_again
from bench.faults.site import Row, Site, at_least, at_most, fact
from bench.faults.workload import Load

NAME = "T-R6 three beats"
BEATS, TIMES = 3, 3
MONTH, START, END = date(2026, 11, 1), datetime(2026, 11, 2, 9, tzinfo=UTC), datetime(2026, 12, 8, 9, tzinfo=UTC)
FEW_DAYS = [datetime(2026, *day, 8, tzinfo=UTC) for day in ((11, 16), (11, 26), (11, 30), (12, 1))]
TEAMS, FEW_TEAMS = 10, 3
REAL_SECONDS, SHOWN = 150, 300
MORNING = 8


@dataclass
class Lived:
    """What a month left."""

    rows: dict[str, Counter]
    audits: Counter
    mail: Mail


def run(site: Site) -> list[Row]:
    """The month twice, compared; then the real beats."""
    if "simulated" not in site.notes:
        once, often = _lived(site, 1, 1), _lived(site, BEATS, TIMES)
        start_again()
        site.note(simulated=_compared(once, often))
    return site.notes["simulated"] if site.short else [*site.notes["simulated"], *_real(site)]


def _lived(site: Site, beats: int, times: int) -> Lived:
    start_again()
    council = found_council(site.size(TEAMS, FEW_TEAMS), month=MONTH, at=START, seed="one month")
    steps = [START, START + timedelta(days=2), *FEW_DAYS] if site.short else _steps()
    mail = live(script(council, full=not site.short), steps, beats=beats, times=times)
    return Lived(product.content(), product.audits(), mail)


def _steps() -> list[datetime]:
    """Each hour of the day, each fourth at night, and the minute after the one at which reminders are given."""
    hours = [now for now in every(timedelta(hours=1), START, END) if 7 <= now.hour <= 19 or now.hour % 4 == 0]
    return sorted([*hours, *(now.replace(minute=1) for now in hours if now.hour == MORNING)])


def script(council: Council, *, full: bool) -> Script:
    """What people do in the month, always the same."""
    from audits import workflow as audits
    from audits.models import Audit

    def audit(which: int) -> Audit:
        return Audit.objects.get(number=sorted(council.managers)[which])

    def concern(now: datetime) -> None:
        audits.raise_concern(audit=audit(0), text="Not safe tonight.", by=council.lead, at=now)

    acts = [(START + timedelta(days=2), concern)]
    return [*acts, *_more_acts(council, audit)] if full else acts


def _more_acts(council: Council, audit) -> Script:
    """Shared in time and answered, or not; asked to be exempted; an auditor leaves; a concern is answered."""
    from audit_portal.testing.factories import ask_exemption, fill_in
    from audits import workflow as audits
    from duties.workflow import staff_left

    def write(which: int, now: datetime) -> None:
        audits.open_audit(audit=audit(which), by=audit(which).auditor, at=now)
        fill_in(audit(which), now)
        audits.share(audit=audit(which), by=audit(which).auditor, at=now)

    def answer(which: int, now: datetime) -> None:
        for response in audit(which).responses.select_related("staff").order_by("pk"):
            audits.respond(audit=audit(which), verdict="agrees", by=response.staff, at=now)

    def answer_concern(now: datetime) -> None:
        raised = audit(0).concerns.get()
        audits.acknowledge_concern(concern=raised, by=council.managers[raised.audit.number], at=now)

    day = [START + timedelta(days=number) for number in range(30)]
    return [
        (day[3], answer_concern),
        *((day[4], lambda now, which=which: write(which, now)) for which in (1, 2, 3)),
        (day[7], lambda now: answer(1, now)),
        (day[8], lambda now: ask_exemption(audit(4).allocation, at=now)),
        (day[15], lambda now: staff_left(staff=audit(5).auditor, by=council.lead, at=now)),
        (day[21], lambda now: write(6, now)),
    ]


def _compared(once: Lived, often: Lived) -> list[Row]:
    rows = [fact(f"{NAME}, simulated: {name}", once.rows[name].total(), "rows") for name in once.rows]
    differing = {name: _differing(once.rows[name], often.rows[name]) for name in once.rows}
    return [
        *rows,
        *(at_most(f"{NAME}, simulated: {name} that differ", count, 0) for name, count in differing.items()),
        at_most(f"{NAME}, simulated: audits, allocations and trail that differ",
                _differing(once.audits, often.audits), 0),
        at_least(f"{NAME}, simulated: e-mails", len(often.mail.sent), 1),
        at_most(f"{NAME}, simulated: e-mails that differ", _differing(once.mail.said(), often.mail.said()), 0),
        at_most(f"{NAME}, simulated: e-mails repeated", often.mail.repeats(), 0),
    ]


def _differing(one: Counter, other: Counter) -> int:
    """How much is in one and not in the other; the first of each is shown."""
    found = [*(one - other), *(other - one)]
    for row in found[:3]:
        print(f"{NAME}: only in one of the two runs: {str(row)[:SHOWN]}", flush=True)
    return (one - other).total() + (other - one).total()


def _real(site: Site) -> list[Row]:
    """Three beat processes, two workers, everything three times."""
    council, ledger, sink = site.council(), site.ledger(), site.sink()
    with site.portal(sink, beats=BEATS, thrice=True) as portal:
        with Load(council, portal.port, ledger, seed=site.seed, pause=0.6):
            time.sleep(REAL_SECONDS)
        seconds = quiet()
        ticks = sum(portal.witness(worker).count("end", "duties.tasks.tick") for worker in portal.workers)
    return [fact(f"{NAME}, real: time", REAL_SECONDS, "s"),
            at_least(f"{NAME}, real: ticks", ticks, REAL_SECONDS // 60 * BEATS * TIMES // 2),
            *verdict_rows(f"{NAME}, real", judge(ledger, sink), seconds)]
