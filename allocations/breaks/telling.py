"""Who hears of breaks: head of service and P&Q of each request (S1-05), all heads of service of the limit (S1-08)."""

from datetime import date, datetime

from allocations.break_models import Break, BreakMonth
from allocations.breaks.rules import SMALL_POOL
from allocations.months import month_name
from calendars.rules import london_date
from calendars.words import count
from duties.notices import notify
from people.lines import holders_of, manager_of_kind, pq_lead
from people.models import Staff, Unit
from people.roles import Role

MY_YEAR, INBOX = "/rounds/my-year/", "/inbox/"


def tell_of_request(wish: Break, at: datetime) -> None:
    """The auditor's head of service and P&Q, with how it went; whoever asks for themselves is not told."""
    outcome = "granted" if wish.status == Break.Status.GRANTED else "in the waiting list"
    title = f"{wish.auditor} asked for a break in {month_name(wish.month)}: {outcome}"[:200]
    people = (_head_of_service(wish.auditor), pq_lead(london_date(at)))
    told = [each for each in people if each not in (None, wish.auditor)]
    notify(f"break:{wish.pk}:asked", told, event="break.asked", subject=wish, title=title,
           url=wish.auditor.get_absolute_url(), at=at)


def _head_of_service(auditor: Staff) -> Staff | None:
    return manager_of_kind(auditor.unit, Unit.Kind.SERVICE) if auditor.unit else None


def tell_of_grant(wish: Break, at: datetime) -> None:
    """Who waited hears that the break is theirs (A7)."""
    notify(f"break:{wish.pk}:granted", [wish.auditor], event="break.granted", subject=wish,
           title=f"You have a break in {month_name(wish.month)}: no audit in that month", url=MY_YEAR, at=at)


def tell_of_withdrawal(wish: Break, by: Staff, at: datetime) -> None:
    """Whose break somebody else withdrew."""
    if by != wish.auditor:
        notify(f"break:{wish.pk}:withdrawn", [wish.auditor], event="break.withdrawn", subject=wish,
               title=f"{by} withdrew your break in {month_name(wish.month)}"[:200], url=MY_YEAR, at=at)


def tell_of_limit(locked: BreakMonth, places: int, at: datetime) -> None:
    """All heads of service, once a month and not twice (S1-08)."""
    if locked.limit_told_at:
        return
    locked.limit_told_at = at
    locked.save(update_fields=["limit_told_at"])
    people = heads_of_service(london_date(at))
    notify(f"breaks:{locked.month:%Y-%m}:limit", people, event="break.limit", subject=locked,
           title=limit_words(locked.month, places), url=INBOX, at=at)


def limit_words(month: date, places: int) -> str:
    """The limit in a sentence."""
    if not places:
        return f"No break can be given in {month_name(month)}: fewer than {SMALL_POOL} auditors are in the pool"
    return f"Breaks in {month_name(month)}: the limit is reached, {places} of {count(places, 'place')} taken"


def heads_of_service(on: date) -> list[Staff]:
    """Everyone who manages a service, or holds the role, each once."""
    services = Unit.objects.open(on).filter(kind=Unit.Kind.SERVICE, manager__is_active=True).select_related("manager")
    found = [unit.manager for unit in services.order_by("folded_name", "pk")]
    return list(dict.fromkeys([*found, *holders_of(Role.HEAD_OF_SERVICE, on)]))
