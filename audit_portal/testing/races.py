"""Twenty ask at once over HTTP for the last places of a month, while others leave: who got one, and was it right.

Each round begins with all places but one taken. Afterwards the trail says in which order things were done: whoever
counts the pool and whoever makes it smaller wait for each other, so the order of their events is the order of the
facts. It is replayed: no grant above the limit of the pool as it was then, nobody waiting while a place was free.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from http.client import HTTPConnection
from threading import Barrier, Thread
from urllib.parse import urlencode, urlsplit

from django.db import connection

from allocations.break_models import Break, BreakMonth
from allocations.breaks.rules import places
from allocations.breaks.workflow import ask
from calendars.rules import add_months_clamped, today_in_london
from duties.models import Delivery, Notice
from people.models import Auditor, Staff
from trail.models import Event

POOL, ASKING, LEAVING = 30, 20, 3
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GRANTED, WAITS, LEFT = "granted", "waits", "left"


@dataclass
class Outcome:
    """What one round came to: answers by status, what was wrong, how many got a place."""

    answers: Counter[int]
    granted: int
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in, with the cookies of a browser."""

    staff: Staff
    cookies: str
    token: str

    @classmethod
    def of(cls, staff: Staff) -> "Visitor":
        """Signed in as the tests do it; the token is that of the form on the page."""
        from django.test import Client

        client = Client(SERVER_NAME="localhost")
        client.force_login(staff, backend=BACKEND)
        client.get("/")
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        return cls(staff, "; ".join(f"{name}={value}" for name, value in cookies.items()), cookies["csrftoken"])

    def post(self, url: str, path: str, **fields: str) -> int:
        """The status of the answer."""
        server = HTTPConnection(urlsplit(url).netloc, timeout=60)
        try:
            server.request("POST", path, urlencode({"csrfmiddlewaretoken": self.token} | fields), {
                "Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded", "Host": "localhost"})
            return server.getresponse().status
        finally:
            server.close()


def next_month() -> date:
    """The month that everybody asks for: it is open until this one ends."""
    return add_months_clamped(today_in_london().replace(day=1), 1)


@dataclass
class Race:
    """The people of a race: so many auditors, the P&Q lead who writes down who leaves the pool."""

    url: str
    lead: Visitor
    taken: list[Staff]
    asking: list[Visitor]
    leaving: list[Staff]

    @classmethod
    def at(cls, url: str, lead: Staff, pool: list[Staff]) -> "Race":
        """`pool` are the auditors, at least POOL; all places but one are taken in each round."""
        first = places(len(pool)) - 1
        return cls(url, Visitor.of(lead), pool[:first], [Visitor.of(each) for each in pool[first:first + ASKING]],
                   pool[first + ASKING:first + ASKING + LEAVING])

    def round(self) -> Outcome:
        """One race, judged."""
        self._begin()
        pool, since = self._pool(), Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        answers = self._run()
        return Outcome(answers, Break.objects.granted().count(), [
            *(f"an answer {status}" for status in answers if status != 302),
            *judge(self._story(since), pool, len(self.taken)), *_untold()])

    def _begin(self) -> None:
        """As it was: the leavers are back, nobody has asked but those who have their places."""
        for model in (Delivery, Notice, Break, BreakMonth):
            connection.cursor().execute(f'TRUNCATE "{model._meta.db_table}" CASCADE')
        Auditor.objects.update(left_on=None)
        for person in self.taken:
            ask(auditor=person, month=next_month(), by=person, at=_now())

    def _pool(self) -> int:
        return Auditor.objects.on_duty(next_month(), next_month()).count()

    def _run(self) -> Counter[int]:
        """Everybody at the same moment."""
        start, answers = Barrier(len(self.asking) + len(self.leaving)), []
        works = [lambda visitor=visitor: visitor.post(self.url, "/rounds/my-year/ask/", month=f"{next_month():%Y-%m}")
                 for visitor in self.asking]
        works += [lambda person=person: self._leave(person) for person in self.leaving]

        def run(work) -> None:
            start.wait(60)
            answers.append(work())

        threads = [Thread(target=run, args=[work]) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        return Counter(answers)

    def _leave(self, person: Staff) -> int:
        """The entry of the register gets its last day: not in the pool next month."""
        today = today_in_london()
        return self.lead.post(self.url, f"/people/{person.pk}/auditor/", **{
            "capacity": "1", "basis": "role", "experience": "some", "joined_on_0": "1", "joined_on_1": "4",
            "joined_on_2": "2024", "left_on_0": f"{today.day}", "left_on_1": f"{today.month}",
            "left_on_2": f"{today.year}", "trained_on_0": "1", "trained_on_1": "4", "trained_on_2": "2024"})

    def _story(self, since: int) -> list[str]:
        """What was done, in order."""
        granted = {str(pk) for pk in Break.objects.granted().values_list("pk", flat=True)}
        words = {"break.asked": lambda event: GRANTED if str(event.target_id) in granted else WAITS,
                 "auditor.changed": lambda event: LEFT}
        events = Event.objects.filter(pk__gt=since, verb__in=words).order_by("pk")
        return [words[event.verb](event) for event in events]


def judge(story: Iterable[str], pool: int, taken: int) -> list[str]:
    """What is wrong with a story: a grant above the limit of the pool as it then was, or a free place not given."""
    problems = []
    for happened in story:
        if happened == LEFT:
            pool -= 1
        elif happened == GRANTED:
            taken += 1
            problems += [f"{taken} granted with {pool} in the pool"] if taken > places(pool) else []
        elif taken < places(pool):
            problems.append(f"made to wait with {taken} granted and {pool} in the pool")
    return problems


def _untold() -> list[str]:
    """The limit is told once to each (S1-08)."""
    told = Counter(Notice.objects.filter(event_key__endswith=":limit", channel="inbox").values_list("recipient"))
    return [] if told and set(told.values()) == {1} else ["the limit was not told once"]


def _now():
    from django.utils import timezone

    return timezone.now()
