"""T-R7: both clock changes, the leap day, ends of months, a clock that jumps, three days of downtime.

Each monthly list goes out once, each reminder is given once and at its time, deadlines are right in London. What is
expected is reckoned here from the calendar alone, not with the portal's own arithmetic.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bench.faults import redelivery
from bench.faults.council import draw_list, found_council, send_out
from bench.faults.simulated import Mail, Script, every, live, start_again
from bench.faults.site import Row, Site, at_least, at_most

NAME = "T-R7"
LONDON = ZoneInfo("Europe/London")
BEATS, TEAMS = 3, 3
MORNING, LAST_SECOND = time(8), time(23, 59, 59)
FINE, COARSE = timedelta(minutes=15), timedelta(hours=6)  # between two looks of beat
SHORT_FINE, SHORT_COARSE = timedelta(hours=2), timedelta(days=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reminder:
    """A rung: so many calendar days at eight in the morning, or so many hours to the second, before the deadline."""

    name: str
    days: int | None = None
    hours: int | None = None

    def row(self) -> dict:
        """As a programme has it."""
        offset, unit = (self.hours, "hours") if self.days is None else (self.days, "calendar_days")
        when = "before" if offset > 0 else "after" if offset < 0 else "on"
        return {"name": self.name, "when": when, "offset": abs(offset), "unit": unit, "tell": ["holder"],
                "says": self.name}

    def moment(self, deadline: datetime) -> datetime:
        """When it is due."""
        if self.days is None:
            return deadline.astimezone(UTC) - timedelta(hours=self.hours)
        return datetime.combine(deadline.date() - self.days * DAY, MORNING, LONDON).astimezone(UTC)


@dataclass(frozen=True)
class Scene:
    """A month with its last day, the reminders looked at, and the days that are lived minute for minute, nearly."""

    title: str
    last_day: date
    reminders: tuple[Reminder, ...]
    closely: tuple[date, date]
    down: tuple[datetime, datetime] | None = None
    jumps: tuple[tuple[datetime, timedelta], ...] = ()

    @property
    def deadline(self) -> datetime:
        """The last second of the month in London."""
        return datetime.combine(self.last_day, LAST_SECOND, LONDON)

    @property
    def month(self) -> date:
        """Its first day."""
        return self.last_day.replace(day=1)

    @property
    def next_month(self) -> date:
        """The first day after it."""
        return self.last_day + DAY

    def steps(self, fine: timedelta, coarse: timedelta) -> list[datetime]:
        """The moments at which everything that beat wakes is run, in the order of the clock of the server."""
        start, end = _at(self.month, 9), _at(self.next_month + 5 * DAY, 12)
        since, until = _at(self.closely[0], 0), _at(self.closely[1], 0)
        true = sorted({*every(coarse, start, end), *every(fine, since, until)})
        if self.down:
            true = [now for now in true if not self.down[0] < now < self.down[1]]
        return [now + next((by for at, by in self.jumps if at <= now < at + 2 * fine), timedelta()) for now in true]


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), LONDON).astimezone(UTC)


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


USUAL = (Reminder("A day before", 1), Reminder("On the day", 0), Reminder("A day after", -1))
SCENES = (
    Scene("clocks go back, 25 October 2026", date(2026, 10, 31),
          (Reminder("On that morning", 6), Reminder("In the hour that comes twice, first", hours=167),
           Reminder("In the hour that comes twice, then", hours=166), *USUAL),
          (date(2026, 10, 24), date(2026, 10, 26))),
    Scene("clocks go forward, 28 March 2027", date(2027, 3, 31),
          (Reminder("On that morning", 3), Reminder("Before the hour that is left out", hours=94),
           Reminder("After the hour that is left out", hours=93), *USUAL),
          (date(2027, 3, 27), date(2027, 3, 29))),
    Scene("leap day, 29 February 2028", date(2028, 2, 29), USUAL, (date(2028, 2, 28), date(2028, 3, 2))),
    Scene("end of month and year, 31 December 2026", date(2026, 12, 31), USUAL, (date(2026, 12, 30), date(2027, 1, 2))),
    Scene("clock jumps by two hours, forward and back", date(2026, 12, 31), USUAL,
          (date(2026, 12, 30), date(2027, 1, 2)),
          jumps=((_utc(2026, 12, 30, 7), timedelta(hours=2)), (_utc(2026, 12, 30, 9), -timedelta(hours=2)),
                 (_utc(2026, 12, 31, 9), timedelta(hours=2)), (_utc(2027, 1, 1, 7, 45), timedelta(hours=2)),
                 (_utc(2027, 1, 1, 8, 30), -timedelta(hours=2)))),
    Scene("three days down over the end of a month", date(2027, 1, 31), USUAL, (date(2027, 1, 29), date(2027, 2, 3)),
          down=(_utc(2027, 1, 29, 18), _utc(2027, 2, 1, 18))),
)


def run(site: Site) -> list[Row]:
    """Every scene on an empty database; then what happens to messages when the clock of a worker jumps."""
    rows = []
    for scene in SCENES if not site.short else SCENES[:1]:
        if scene.title not in site.notes:
            pauses = (SHORT_FINE, SHORT_COARSE) if site.short else (FINE, COARSE)
            site.note(**{scene.title: played(scene, *pauses)})
        rows += site.notes[scene.title]
    start_again()
    return rows if site.short else [*rows, *redelivery.run(site)]


def played(scene: Scene, fine: timedelta, coarse: timedelta) -> list[Row]:
    """Live through one scene and look at what it left."""
    start_again()
    rungs = [reminder.row() for reminder in scene.reminders]
    council = found_council(TEAMS, month=scene.month, at=_at(scene.month, 9), seed=scene.title, months=2, rungs=rungs)
    mail = live(_script(scene, council), scene.steps(fine, coarse), beats=BEATS)
    given = _reminders(scene, fine, coarse)
    return [
        at_least(f"{NAME} {scene.title}: reminders given", given.total(), TEAMS * len(scene.reminders)),
        at_most(f"{NAME} {scene.title}: reminders missed, twice or at a wrong time", _wrong(scene, given), 0),
        at_most(f"{NAME} {scene.title}: e-mails with a reminder missed or twice", _wrong_mail(scene, mail), 0),
        at_most(f"{NAME} {scene.title}: deadlines wrong in London", _wrong_deadlines(scene), 0),
        at_least(f"{NAME} {scene.title}: audits allocated for two months", _allocated(), 2 * TEAMS),
        at_most(f"{NAME} {scene.title}: allocations missing or twice", _wrong_allocations(scene), 0),
    ]


def _script(scene: Scene, council) -> Script:
    """The next month's list is drawn, and three people press at once to send it out; then one again."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    from allocations.models import Round
    from programmes.models import ProgrammeVersion

    def publish(now: datetime) -> None:
        try:
            send_out(Round.objects.get(month=scene.next_month), by=council.lead, at=now)
        finally:
            connection.close()

    def press(now: datetime) -> None:
        draw_list(ProgrammeVersion.objects.get(), month=scene.next_month, by=council.lead, at=now, seed=scene.title)
        with ThreadPoolExecutor(3) as three:
            pressed = [three.submit(publish, now) for _ in range(3)]
        refused = [str(each.exception()) for each in pressed if each.exception()]
        if len(refused) != 2:
            raise AssertionError(f"Of three who pressed, these were refused: {refused}")

    return [(max(_at(scene.next_month, 9), scene.down[1] if scene.down else _at(scene.next_month, 9)), press)]


def _reminders(scene: Scene, fine: timedelta, coarse: timedelta) -> Counter:
    """Duty, reminder, and whether it came at its time: at the first look after its moment.

    Where the clock of the server jumps its time is another one; then it only has to come once.
    """
    from duties.models import RungFired

    due = {reminder.name: reminder.moment(scene.deadline) for reminder in scene.reminders}
    rows = RungFired.objects.filter(duty__kind="audit.complete", duty__due_at=scene.deadline)
    return Counter((duty, name, bool(scene.jumps) or due[name] <= at <= _latest(scene, due[name], fine, coarse))
                   for duty, name, at in rows.values_list("duty", "rung", "fired_at"))


def _latest(scene: Scene, moment: datetime, fine: timedelta, coarse: timedelta) -> datetime:
    if scene.down and scene.down[0] < moment < scene.down[1]:
        return scene.down[1]
    closely = _at(scene.closely[0], 0) <= moment <= _at(scene.closely[1], 0)
    return moment + (fine if closely else coarse)


def _wrong(scene: Scene, given: Counter) -> int:
    from duties.models import Duty

    duties = Duty.objects.filter(kind="audit.complete", due_at=scene.deadline).values_list("pk", flat=True)
    wanted = Counter((duty, reminder.name, True) for duty in duties for reminder in scene.reminders)
    return (wanted - given).total() + (given - wanted).total()


def _wrong_mail(scene: Scene, mail: Mail) -> int:
    """Each auditor has each reminder once; of those that fell into one downtime only the newest."""
    from audits.models import Audit

    told = list(scene.reminders)
    if scene.down:
        missed = [each for each in told if scene.down[0] < each.moment(scene.deadline) < scene.down[1]]
        told = [each for each in told if each not in missed[:-1]]
    auditors = Audit.objects.filter(due_at=scene.deadline).values_list("auditor__email", flat=True)
    wanted = Counter((email, reminder.name) for email in auditors for reminder in told)
    found = Counter((message.to[0], reminder.name) for _, message in mail.sent for reminder in scene.reminders
                    if f". {reminder.name}" in message.body)
    return (wanted - found).total() + (found - wanted).total()


def _wrong_deadlines(scene: Scene) -> int:
    from audits.models import Audit

    next_last = (scene.next_month + 31 * DAY).replace(day=1) - DAY
    right = {scene.month: scene.deadline, scene.next_month: datetime.combine(next_last, LAST_SECOND, LONDON)}
    rows = Audit.objects.values_list("allocation__round__month", "due_at")
    return sum(due_at != right[month].astimezone(UTC) for month, due_at in rows)


def _allocated() -> int:
    from audits.models import Audit

    return Audit.objects.count()


def _wrong_allocations(scene: Scene) -> int:
    """For each auditor one allocation a month; one audit, one number and one message for each; each list out once."""
    from allocations.models import Allocation
    from duties.models import Notice
    from people.models import Auditor
    from trail.models import Event

    wanted = Counter((auditor, month) for auditor in Auditor.objects.values_list("staff", flat=True)
                     for month in (scene.month, scene.next_month))
    found = Counter(Allocation.objects.filter(status="allocated").values_list("auditor", "round__month"))
    opened = Notice.objects.filter(channel="email", duty__kind="audit.complete", event_key__endswith=":opened").count()
    published = Event.objects.filter(verb="round.published").count()
    return ((wanted - found).total() + (found - wanted).total() + abs(opened - wanted.total()) + abs(published - 2))
