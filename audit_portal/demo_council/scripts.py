"""What happens in an audit, step by step with its moments: in a finished month by chance, in this month by plan."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from audit_portal.demo_council.clock import A_MINUTE, later, on_day, spread, working_days_before
from audit_portal.demo_council.tale import Tale
from calendars.rules import add_working_days, london_date

Step = Callable[[datetime], None]
Script = Iterator[tuple[datetime, Step]]

SHARED = ("open", "write", "share")
CHECKED = (*SHARED, "answer_all", "finalise")
ACCEPTED = (*CHECKED, "accept")
# By name: the steps of an audit of this month, and how many working days ago the last one was.
PLANS: dict[str, tuple[tuple[str, ...], int]] = {
    "not opened": ((), 0),
    "in progress": (("open", "make_contact", "begin_writing"), 0),
    "no answer": (("try_to_reach", "open", "begin_writing", "try_again"), 0),
    "escalated": (("try_to_reach", "open", "begin_writing", "try_again", "escalate"), 0),
    "immediate concern": (("open", "begin_writing", "raise_concern"), 0),
    "concern answered": (("open", "begin_writing", "raise_concern", "take_concern"), 0),
    "shared": (SHARED, 1),
    "worker's turn": ((*SHARED, "answer_beside_worker"), 0),
    "challenged": ((*SHARED, "challenge_first"), 1),
    "answered": ((*SHARED, "answer_all"), 1),
    "in dispute": ((*SHARED, "challenge_first", "dispute"), 1),
    "being checked": (CHECKED, 1),
    "returned": ((*CHECKED, "send_back"), 1),
    "with team manager": (ACCEPTED, 1),
    "actions begun": ((*ACCEPTED, "confirm_first"), 0),
    "closed": ((*ACCEPTED, "supervise", "confirm_all", "give_back"), 0),
    "substituted": (("substitute",), 2),
    "cancelled": (("cancel",), 1),
    "exemption asked": (("ask_exemption",), 1),
    "waits for an auditor": (("ask_exemption", "agree"), 0),
    "given to another": (("ask_exemption", "agree", "give_to_another"), 1),
}


def planned(tale: Tale, plan: str, now: datetime) -> Script:
    """The steps of a plan, evenly between the list's publication and now."""
    steps, ago = PLANS[plan]
    end = max(working_days_before(now, ago), tale.began)
    if "share" in steps and "answer_all" not in steps:  # somebody still has time to answer
        shared = steps.index("share")
        eve = max(working_days_before(now, 2), tale.began)
        moments = spread(tale.began, eve, shared) + spread(eve, max(end, eve), len(steps) - shared)
    else:
        moments = spread(tale.began, end, len(steps)) if steps else []
    if steps[-1:] == ("raise_concern",):
        moments[-1] = now - 20 * A_MINUTE  # whatever the hour: nobody has been told twice yet
    return ((at, getattr(tale, step)) for at, step in zip(moments, steps, strict=True))


def finished(tale: Tale, due_at: datetime) -> Script:
    """An audit of a finished month: most in time, some late, some returned, some with a concern or a challenge."""
    rng = tale.rng
    opened = later(tale.began, rng, 1, 8)
    yield opened, tale.open
    shared = _sharing(tale, due_at)
    written = max(opened, working_days_before(shared, 1))
    yield written, tale.write
    if rng.random() < 0.04:
        yield written, tale.raise_concern
        yield written + 25 * A_MINUTE, tale.take_concern
        yield written + timedelta(hours=3), tale.record_concern
    yield shared, tale.share
    final = yield from _answers(tale, shared)
    yield final, tale.finalise
    accepted = yield from _checks(tale, final)
    yield from _part_b(tale, accepted)


def _sharing(tale: Tale, due_at: datetime) -> datetime:
    """When it is complete: one in ten after the end of the month."""
    days = tale.rng.randint(1, 6) if tale.rng.random() < 0.1 else -tale.rng.randint(0, 8)
    return on_day(add_working_days(london_date(due_at), days or -1), tale.rng)


def _answers(tale: Tale, shared: datetime):
    """Each reader answers within the window; one in eight lets it pass, one audit in ten is challenged."""
    rng, last = tale.rng, shared
    asked = tale.waiting()
    silent = [response for response in asked if rng.random() < 0.12]
    times = sorted(later(shared, rng, 1, 4) for _ in asked)
    challenged = rng.random() < 0.1
    for at, response in zip(times, [row for row in asked if row not in silent], strict=False):
        yield at, _with(tale.challenge if challenged else tale.answer, response)
        challenged, last = False, at
    if tale.audit.challenges.exists():
        last = later(last, rng, 1, 2)
        yield last, tale.settle
    if silent:
        last = max(last, tale.audit.respond_by + A_MINUTE)
        yield last, tale.lapse
    return later(last, rng, 1, 2)


def _checks(tale: Tale, final: datetime):
    """Performance and Quality check within days; one in seven goes back once."""
    checked = later(final, tale.rng, 1, 4)
    if tale.rng.random() < 0.14:
        yield checked, tale.send_back
        resubmitted = later(checked, tale.rng, 1, 3)
        yield resubmitted, tale.resubmit
        checked = later(resubmitted, tale.rng, 1, 3)
    yield checked, tale.accept
    return checked


def _part_b(tale: Tale, accepted: datetime) -> Script:
    """Supervision and each action by its date; some actions stay open beyond theirs."""
    rng, jobs, left = tale.rng, [], 0
    if rng.random() < 0.93 or tale.is_tidy:
        jobs.append((later(accepted, rng, 3, 4 if tale.is_tidy else 16), tale.supervise))
    for action in tale.audit.part_b.actions.all():
        if rng.random() < 0.12 and not tale.is_tidy:
            left += 1
            continue
        near = on_day(add_working_days(action.due_on, -rng.randint(1, 6)), rng)
        jobs.append((max(near, later(accepted, rng, 1, 3)), _with(tale.confirm, action)))
    jobs.append((later(accepted, rng, 2, 6), tale.copy_to_record))
    jobs.sort(key=lambda job: job[0])
    yield from jobs
    supervised = any(step == tale.supervise for _, step in jobs)
    if supervised and not left:
        returned = later(jobs[-1][0], rng, 1, 2)
        yield returned, tale.give_back
        yield later(returned, rng, 2, 6), tale.copy_to_record


def _with(step: Callable[..., None], record: object) -> Step:
    return lambda at: step(record, at)


def tell(script: Script, now: datetime) -> None:
    """Take the steps in order, as far as now."""
    for at, step in script:
        if at > now:
            return
        step(at)
