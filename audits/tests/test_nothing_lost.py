"""Nothing typed is lost (T-R9): random histories of windows, devices, people and a bad line, judged by a model.

A history opens windows, types, sends, and lets requests come late, in another order, twice, or their answers get lost.
The model knows only what each window was shown; it knows nothing of sittings and their numbers in the database.

    HISTORIES=1000 ./portal test audits/tests/test_nothing_lost.py

runs a thousand; without it fifty.
"""

import os
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from audit_portal.testing.factories import START, make_audit_at, make_auditor
from audits import workflow
from audits.models import Answer, AnswerRevision, KeptText

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FIELD, SLUG, RARE = "evidence", "relationships", 7
SETTINGS = settings(
    max_examples=int(os.environ.get("HISTORIES", "50")), stateful_step_count=30, deadline=None, database=None,
    suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink], print_blob=False,
)
SITTING = re.compile(r'name="sitting" value="([^"]+)"')
VERSION = re.compile(r'name="evidence-version" value="(\d+)"')
BOX = re.compile(r'<textarea[^>]* name="evidence"[^>]*>(.*?)</textarea>', re.DOTALL)
CHOICE = re.compile(r'name="settle" value="standing:(\d+):(\d+):(\d+)"')


def signed_in(person):
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


@dataclass
class Window:
    """A page as it was shown, what is typed on it, and which texts whoever sits there has seen or written."""

    client: Client
    sitting: str
    version: str
    text: str
    choices: list[tuple[str, str, str]]
    seen: set[str]
    sent: str = ""
    sequence: int = 0
    offline: bool = False
    came: int = 0
    kept: str | None = None


@dataclass
class Request:
    """One saving on its way, and the answer to it once it came."""

    window: Window
    sequence: int
    version: str
    value: str
    answer: object = None


@dataclass
class World:
    """The audit, who may write in it now, and the person who takes over."""

    audit: object
    cast: object
    taker: object
    clients: list[Client] = field(default_factory=list)


@pytest.fixture
def world(db, cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    return World(audit, cast, make_auditor("Marcus Bell", cast.other_team),
                 [signed_in(cast.auditor), signed_in(cast.auditor)])


class Histories(RuleBasedStateMachine):
    """One history; everything in it is undone at its end. `happened` counts what the histories came through."""

    happened: Counter[str] = Counter()

    def __init__(self, world):
        super().__init__()
        self.world, self.page = world, f"/audits/{world.audit.number}/domains/{SLUG}/"
        self.clients = list(world.clients)
        self.windows, self.line, self.acknowledged, self.handed_on = [], [], set(), False
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.open(0)
        self.open(1)

    @initialize(words=st.lists(st.sampled_from(["met", "not met", "seen"]), min_size=2, max_size=2))
    def begin(self, words):
        """Both windows write at once."""
        for number, word in enumerate(words):
            self.type_and_send(number, word, False, "heard")

    def teardown(self):
        self.happened["histories"] += 1
        self.happened["requests"] += len(self.line)
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # What is in the database, read for judging.

    def standing(self):
        answer = Answer.objects.filter(audit=self.world.audit, field=FIELD).first()
        return (answer.version, answer.value) if answer else (0, "")

    def texts(self):
        rows = [model.objects.filter(answer__audit=self.world.audit) for model in (AnswerRevision, KeptText)]
        return {"", self.standing()[1]} | {value for found in rows for value in found.values_list("value", flat=True)}

    # Windows.

    def open(self, device):
        client = self.clients[device % len(self.clients)]
        page = client.get(self.page)
        if page.status_code == 200 and SITTING.search(page.text):
            self.windows.append(self.shown(client, page.text))

    def shown(self, client, html):
        text = unescape(BOX.search(html).group(1))
        kept = KeptText.objects.open().filter(answer__audit=self.world.audit)
        return Window(client, SITTING.search(html).group(1), VERSION.search(html).group(1), text,
                      CHOICE.findall(html), {text, *kept.values_list("value", flat=True)}, sent=text)

    def window(self, number):
        return self.windows[number % len(self.windows)]

    numbers = st.integers(0, 50)

    @rule(device=numbers)
    @precondition(lambda self: len(self.windows) < 5)
    def open_a_window(self, device):
        self.open(device)

    @rule(number=numbers, word=st.sampled_from(["met", "not met", "", "seen alone"]), anew=st.booleans(),
          fate=st.sampled_from(["heard", "heard", "answer lost", "on its way", "on its way"]))
    def type_and_send(self, number, word, anew, fate):
        """What came, or did not, is sent again with the next words: as autosave.js does it."""
        window = self.window(number)
        window.text = word if anew else f"{window.text} {word}{len(self.acknowledged)}".strip()
        if not window.offline:
            self.send(window, fate)

    def send(self, window, fate):
        if window.text == window.sent:
            return
        window.sequence += 1
        request = Request(window, window.sequence, window.version, window.text)
        self.line.append(request)
        if fate != "on its way":
            self.receive(request)
        if fate == "heard":
            self.hear(request)

    @rule(number=numbers, is_back=st.booleans())
    def lose_the_line_or_have_it_back(self, number, is_back):
        window = self.window(number)
        window.offline = not is_back
        if is_back:
            self.send(window, "heard")

    @rule(back=st.integers(0, 6), heard=st.booleans(), again=st.booleans())
    @precondition(lambda self: self.line)
    def arrive(self, back, heard, again):
        """One of the last that are on their way, or one that came before: the line reorders and repeats."""
        line = [request for request in self.line if (request.answer is not None) == again] or self.line
        request = line[-1 - back % len(line)]
        self.receive(request)
        if heard:
            self.hear(request)

    def receive(self, request):
        window, before = request.window, self.standing()
        request.answer = self.save(request)
        if request.answer.status_code not in {200, 409}:
            assert self.handed_on and request.answer.status_code in {403, 404}
            self.happened["refused after the audit was handed on"] += 1
            return
        order = "late" if request.sequence < window.came else "again" if request.sequence == window.came else "in order"
        self.happened[f"came {order}: {request.answer.status_code}"] += 1
        self.acknowledged.add(request.value)
        self.judge(window, before, request.value, request.sequence)
        if request.sequence > window.came:  # a repeat opens nothing anew; and what stands need not wait
            window.kept = request.value if request.answer.status_code == 409 else None
        window.came = max(window.came, request.sequence)

    def save(self, request):
        return request.window.client.post(f"/audits/{self.world.audit.number}/answers/", {
            "field": FIELD, "domain": SLUG, "value": request.value, "version": request.version,
            "sitting": request.window.sitting, "sequence": request.sequence,
        })

    def judge(self, window, before, value, sequence=None):
        """Nothing was written over a text that this window did not know, nor by something older of its own."""
        after = self.standing()
        if after[0] != before[0]:
            assert before[1] in window.seen | {""}, f"{before[1]!r} was overwritten by {value!r}"
            assert sequence is None or sequence > window.came, f"{value!r} is older than what came"
        if after[1] == value:
            window.seen.add(value)

    def hear(self, request):
        """As autosave.js does: only the newest counts; a text that is kept is as safe as one that is saved."""
        window, answer = request.window, request.answer
        if request.sequence != window.sequence or answer.status_code not in {200, 409}:
            return
        window.sent = request.value
        if answer.status_code == 200:
            window.version = str(answer.json()["version"])

    # The button, choosing, putting back.

    def press(self, window, **more):
        before, value = self.standing(), window.text
        window.sequence += 1
        answer = window.client.post(self.page, {
            "evidence": value, "evidence-version": window.version, "evidence-sequence": window.sequence,
            "sitting": window.sitting, **more,
        })
        if answer.status_code == 404:
            assert self.handed_on
            return
        self.acknowledged.add(value)
        self.judge(window, before, value, window.sequence if not more else None)
        window.came = window.sequence
        window.kept = value if answer.status_code == 409 and self.standing()[1] != value else None
        if not more:
            html = window.client.get(self.page).text if answer.status_code == 302 else answer.text
            self.windows[self.windows.index(window)] = self.shown(window.client, html)

    @rule(number=numbers)
    def press_the_button(self, number):
        window = self.window(number)
        if not window.offline:
            self.press(window)

    @rule(number=numbers, which=numbers, take=st.sampled_from(["standing", "other", "both"]), anew=st.booleans())
    def choose(self, number, which, take, anew):
        """In a window as it was shown, perhaps long ago, or is shown now."""
        window = self.window(number)
        if anew:
            window = self.shown_again(window)
        if not window.choices or window.offline:
            return
        pk, kept, standing = window.choices[which % len(window.choices)]
        was_open = KeptText.objects.open().filter(pk=pk).values_list("sitting", "value").first()
        self.press(window, settle=f"{take}:{pk}:{kept}:{standing}")
        now = KeptText.objects.get(pk=pk)
        self.happened[f"chose {take}: {'done' if was_open and now.settled_at else 'shown again'}"] += 1
        if was_open and now.settled_at:
            assert now.value in window.seen | {window.text}, "a text was settled that nobody saw"
            for other in self.windows:
                other.kept = None if other.sitting == str(was_open[0]) else other.kept
        self.shown_again(window)

    def shown_again(self, window):
        page = window.client.get(self.page)
        if page.status_code != 200:
            return window
        again = self.windows[self.windows.index(window)] = self.shown(window.client, page.text)
        return again

    @rule(number=numbers, which=numbers, is_stale=st.booleans())
    def put_an_earlier_text_back(self, number, which, is_stale):
        keys = [f"version-{pk}" for pk in AnswerRevision.objects.filter(answer__audit=self.world.audit)
                .order_by("pk").values_list("pk", flat=True)]
        keys += [f"kept-{pk}" for pk in KeptText.objects.filter(answer__audit=self.world.audit)
                 .order_by("pk").values_list("pk", flat=True)]
        if not keys:
            return
        version, before = self.standing()
        answer = Answer.objects.get(audit=self.world.audit, field=FIELD)
        self.clients[number % len(self.clients)].post(
            f"/audits/{self.world.audit.number}/answers/{answer.pk}/put-back/",
            {"text": keys[which % len(keys)], "version": version - is_stale if version else 0})
        assert not (is_stale and version) or self.standing() == (version, before)
        self.happened["put back"] += 1

    @rule(chance=st.integers(0, 9))
    @precondition(lambda self: not self.handed_on)
    def hand_the_audit_on(self, chance):
        """Another person takes over, with windows of their own; the first one's are refused from now on."""
        if chance != RARE:
            return
        world, self.handed_on = self.world, True
        at = START + timedelta(days=3)
        audit = workflow.reallocate(audit=world.audit, auditor=world.taker, by=world.cast.pq_lead, at=at,
                                    because="Away until January")
        workflow.open_audit(audit=audit, by=world.taker, at=at)
        self.clients.append(signed_in(world.taker))
        self.open(len(self.clients) - 1)

    @invariant()
    def count(self):
        self.happened["steps"] += 1

    @invariant()
    def every_acknowledged_text_is_found(self):
        lost = self.acknowledged - self.texts()
        assert not lost, f"lost: {lost}"

    @invariant()
    def both_texts_of_a_conflict_wait(self):
        open_texts = {(str(row.sitting), row.value) for row in KeptText.objects.open()}
        waiting = {(window.sitting, window.kept) for window in self.windows if window.kept}
        assert waiting <= open_texts, waiting - open_texts


class LastWriteWins(Histories):
    """The control: a saving that asks nothing, as most forms do it."""

    def save(self, request):
        now, audit = timezone.now(), self.world.audit
        answer = Answer.objects.filter(audit=audit, field=FIELD).first() or Answer(
            audit=audit, field=FIELD, domain=audit.version.domains.get(slug=SLUG), version=0)
        answer.value, answer.version = request.value, answer.version + 1
        answer.saved_at, answer.saved_by = now, audit.auditor
        answer.save()
        return Plain(answer.version)


@dataclass
class Plain:
    """An answer of the control."""

    version: int
    status_code = 200

    def json(self):
        return {"version": self.version}


@pytest.mark.req("T-R9")
def test_no_history_loses_a_text_or_overwrites_one_silently(world):
    run_state_machine_as_test(lambda: Histories(world), settings=SETTINGS)
    print("\n".join(f"{count:>7} {what}" for what, count in sorted(Histories.happened.items())))


def test_the_histories_find_a_saving_that_overwrites(world):
    """The control: the same machine, against last write wins."""
    quick = settings(SETTINGS, max_examples=50, derandomize=True, phases=[Phase.generate])
    with pytest.raises(AssertionError, match="was overwritten by|older than what came"):
        run_state_machine_as_test(lambda: LastWriteWins(world), settings=quick)
