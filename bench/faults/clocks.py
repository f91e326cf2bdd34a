"""T-R7: both clock changes, the leap day, ends of months, a clock that jumps, three days of downtime.

Each monthly list goes out once, each reminder is given once and at its time, deadlines are right in London.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta

from bench.faults import product, redelivery
from bench.faults.council import draw_list, found_council, send_out
from bench.faults.scenes import DAY, LAST_SECOND, LONDON, SCENES, Scene, at_london
from bench.faults.simulated import Mail, Script, live, start_again
from bench.faults.site import Row, Site, at_least, at_most

NAME, KIND = "T-R7", "audit.complete"
BEATS, TEAMS = 3, 3
FINE, COARSE = timedelta(minutes=15), timedelta(hours=6)  # between two looks of beat
SHORT_FINE, SHORT_COARSE = timedelta(hours=2), timedelta(days=1)


def run(site: Site) -> list[Row]:
    """Every scene on an empty database; then what happens to messages when the clock of a worker jumps."""
    rows = []
    for scene in SCENES if not site.short else SCENES[:1]:
        if scene.title not in site.notes:
            pauses = (SHORT_FINE, SHORT_COARSE) if site.short else (FINE, COARSE)
            site.note(**{scene.title: played(scene, *pauses)})
        rows += site.notes[scene.title]
    start_again()
    return rows if site.short else [*rows, *redelivery.run(site.part("redelivery"))]


def played(scene: Scene, fine: timedelta, coarse: timedelta) -> list[Row]:
    """Live through one scene and look at what it left."""
    start_again()
    rungs = [reminder.row() for reminder in scene.reminders]
    council = found_council(TEAMS, month=scene.month, at=at_london(scene.month, 9), seed=scene.title, months=2,
                            rungs=rungs)
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
    """The next month's list is drawn, and three people press at once to send it out."""
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

    morning = at_london(scene.next_month, 9)
    return [(max(morning, scene.down[1]) if scene.down else morning, press)]


def _reminders(scene: Scene, fine: timedelta, coarse: timedelta) -> Counter:
    """Duty, reminder, and whether it came at its time: at the first look after its moment.

    Where the clock of the server jumps its time is another one; then it only has to come once.
    """
    due = {reminder.name: reminder.moment(scene.deadline) for reminder in scene.reminders}
    return Counter((duty, name, bool(scene.jumps) or due[name] <= at < _latest(scene, due[name], fine, coarse))
                   for duty, name, at in product.rungs_fired(KIND, scene.deadline))


def _latest(scene: Scene, moment: datetime, fine: timedelta, coarse: timedelta) -> datetime:
    if scene.down and scene.down[0] < moment < scene.down[1]:
        return scene.down[1] + fine
    closely = at_london(scene.closely[0], 0) <= moment <= at_london(scene.closely[1], 0)
    return moment + (fine if closely else coarse)


def _wrong(scene: Scene, given: Counter) -> int:
    wanted = Counter((duty, reminder.name, True) for duty in product.duties_due(KIND, scene.deadline)
                     for reminder in scene.reminders)
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
    from people.models import Auditor
    from trail.models import Event

    wanted = Counter((auditor, month) for auditor in Auditor.objects.values_list("staff", flat=True)
                     for month in (scene.month, scene.next_month))
    found = Counter(Allocation.objects.filter(status="allocated").values_list("auditor", "round__month"))
    opened = product.told_of_opening(KIND)
    published = Event.objects.filter(verb="round.published").count()
    return ((wanted - found).total() + (found - wanted).total() + abs(opened - wanted.total()) + abs(published - 2))
