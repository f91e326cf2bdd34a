"""Breaks: an auditor's own year, the round's first tab, the year at a glance. Verbs are posted."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from allocations.breaks import workflow, year
from allocations.breaks.permissions import check_can_exceed, check_can_reorder
from allocations.breaks.places import places_of
from allocations.breaks.pool import rules_for
from allocations.forms import AskForm, GrantForm, MoveForm
from allocations.models import Allocation, Break
from allocations.months import RoundKey, month_name
from allocations.permissions import check_can_run_rounds
from allocations.pool import registered_between
from allocations.views.loading import frame, last_draw, visible_round
from calendars.rules import audit_year, audit_year_bounds, break_deadline, today_in_london
from people.models import Auditor
from people.permissions import allowed
from people.refusals import Refused
from programmes.policy import Sampling
from trail.once import once

A_PAGE = 25
SHOWN = {"": "All auditors", "soon": "Needs a break soon", "ten": "Reaches ten early"}
FIRST_YEAR, LAST_YEAR = 2020, 2097


def _own_entry(request: HttpRequest) -> Auditor:
    """One's own place in the register; who has only volunteered has no year yet."""
    entries = Auditor.objects.visible_to(request.user).in_register()
    return get_object_or_404(entries, staff=request.user, joined_on__isnull=False)


@require_safe
def my_year(request: HttpRequest) -> HttpResponse:
    """One's own twelve months, this year's or the next; each month that is open has its button."""
    _own_entry(request)
    today, is_next = today_in_london(), request.GET.get("year") == "next"
    rules = rules_for(today)
    chosen = audit_year(today, rules.year_starts_month) + is_next
    facts = year.facts_of(chosen, timezone.now(), rules, request.user)
    row = year.row_of(request.user, facts)
    return render(request, "allocations/my_year.html", {
        "row": row, "months": [_month(cell, facts, request.user.pk) for cell in row.cells], "rules": facts.rules,
        "bounds": (facts.months[0], facts.months[-1]), "is_next": is_next,
    })


def _month(cell: year.Cell, facts: year.Facts, staff: int) -> dict:
    """One line of one's own year: its word, the wish, until when one can ask."""
    is_open = facts.is_open(cell.month)
    wish = facts.wishes.get((staff, cell.month))
    can_ask = is_open and wish is None and cell.kind in {"open", "cap"}
    given = facts.given.get((staff, cell.month), ())
    owed = next((each.number for each in given if each.status == "allocated" and each.pk not in facts.completed), "")
    return {"cell": cell, "owed": "" if is_open else owed, "is_open": is_open, "can_ask": can_ask,
            "wish": wish if is_open or (wish and wish.granted_at) else None,
            "until": break_deadline(cell.month.year, cell.month.month)}


@require_POST
@once
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a break in a month."""
    _own_entry(request)
    form = AskForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["month"][0])
        return redirect("allocations:my-year")
    month = form.cleaned_data["month"]
    try:
        wish = workflow.ask(auditor=request.user, month=month, by=request.user, at=timezone.now())
    except Refused as refused:
        return _instead_of_a_break(request, month, refused)
    told = "Your head of service and Performance and Quality are told."
    if wish.status == Break.Status.GRANTED:
        messages.success(request, f"You have a break in {month_name(month)}. {told}")
    else:
        messages.warning(request, f"All places in {month_name(month)} are taken: you are number {wish.position} in the "
                                  f"waiting list. {told}")
    return redirect("allocations:my-year")


def _instead_of_a_break(request: HttpRequest, month: date, refused: Refused) -> HttpResponse:
    """Too late, or the audit is given: it is an exemption now, and the request goes on there (S1-06, A8)."""
    messages.error(request, str(refused))
    owed = Allocation.objects.owed().filter(auditor=request.user, round__month=month).first()
    if owed is None:
        return redirect("allocations:my-year")
    return redirect(f"{reverse('allocations:exemption-ask', args=[owed.number])}?reason=late_break")


@require_POST
@once
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a break back; the next in line gets the place."""
    wish = get_object_or_404(Break.objects.visible_to(request.user).select_related("auditor"), pk=pk)
    workflow.withdraw(wish=wish, by=request.user, at=timezone.now())
    whose = "Your break" if wish.auditor_id == request.user.pk else f"The break of {wish.auditor}"
    messages.success(request, f"{whose} in {month_name(wish.month)} is withdrawn.")
    return redirect("allocations:my-year" if wish.auditor_id == request.user.pk else _tab(wish.month))


def _tab(month: date) -> str:
    """The first tab of a month's round."""
    return f"/rounds/{month:%Y-%m}/breaks/"


@require_safe
def breaks(request: HttpRequest, key: RoundKey) -> HttpResponse:
    """The first tab of a round: places, who waits, who has a break."""
    return _tab_page(request, key)


def _tab_page(request: HttpRequest, key: RoundKey, problem: str = "", place: str = "#move-reason") -> HttpResponse:
    round = visible_round(request, key)
    month = key.month
    shown = places_of(month, timezone.now())
    return render(request, "allocations/round_breaks.html", frame(
        round, "breaks", last_draw(round), shown=shown, problem=problem,
        problems=[{"text": problem, "url": place}] if problem else [],
        page=Paginator(shown.granted, A_PAGE).get_page(request.GET.get("page")), year=_year_of(month),
        can_exceed=bool(shown.waiting) and allowed(check_can_exceed, request.user, shown.waiting[0].wish),
        soon=_soon(month) if shown.is_open else [],
    ), status=422 if problem else 200)


def _soon(month: date) -> list[year.Row]:
    """Who has no month to spare in the audit year of this month, fewest months left first (A4)."""
    rules = rules_for(month)
    number = audit_year(month, rules.year_starts_month)
    return sorted(_needing(number, rules)[2], key=lambda row: (row.months_left, row.staff.folded_name))


def _needing(number: int, rules: Sampling) -> tuple[year.Facts, list[year.Row], list[year.Row]]:
    """The facts of a year, everybody's row, and the rows of those who need a break soon."""
    entries = list(registered_between(*audit_year_bounds(number, rules.year_starts_month)))
    facts = year.facts_of(number, timezone.now(), rules)
    rows = [year.row_of(entry.staff, facts, entry.service or "") for entry in entries]
    return facts, rows, [row for row in rows if year.needs_break_soon(row, rules.yearly_cap)]


def _year_of(month: date) -> int:
    return audit_year(month, rules_for(month).year_starts_month)


@require_POST
@once
def move(request: HttpRequest) -> HttpResponse:
    """Another place in the waiting list, with a reason."""
    check_can_reorder(request.user)
    form = MoveForm(request.POST)
    is_valid = form.is_valid()
    wishes = Break.objects.visible_to(request.user).select_related("auditor")
    wish = get_object_or_404(wishes, pk=form.cleaned_data.get("wish", 0))
    if not is_valid:
        return _tab_page(request, RoundKey(wish.month), next(iter(form.errors.values()))[0])
    place, reason = form.cleaned_data["place"], form.cleaned_data["reason"]
    workflow.move_in_line(wish=wish, place=place, reason=reason, by=request.user, at=timezone.now())
    messages.success(request, f"{wish.auditor} is number {place} in the waiting list.")
    return redirect(_tab(wish.month))


@require_POST
@once
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Above the limit, with a reason."""
    wish = get_object_or_404(Break.objects.visible_to(request.user).select_related("auditor"), pk=pk)
    check_can_exceed(request.user, wish)
    form = GrantForm(request.POST)
    if not form.is_valid():
        return _tab_page(request, RoundKey(wish.month), form.errors["reason"][0], f"#grant-{wish.pk}")
    workflow.grant_above_the_limit(wish=wish, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, f"{wish.auditor} has a break in {month_name(wish.month)}, above the limit.")
    return redirect(_tab(wish.month))


@require_safe
def year_page(request: HttpRequest, number: int) -> HttpResponse:
    """Every auditor's twelve months, for P&Q."""
    check_can_run_rounds(request.user)
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise Http404("No such year.")
    found = _needing(number, rules_for(today_in_london()))
    return render(request, "allocations/year.html", _year_context(request, number, *found))


def _year_context(request: HttpRequest, number: int, facts: year.Facts, rows: list[year.Row],
                  soon: list[year.Row]) -> dict:
    columns = year.columns_of(facts)
    early = [row for row in rows if row.forced]
    to_take, places_left = year.still_to_take(rows, columns, facts)
    show, service = request.GET.get("show", ""), request.GET.get("service", "")
    chosen = {"soon": soon, "ten": early}.get(show, rows)
    chosen = [row for row in chosen if service in ("", row.service)]
    return {
        "number": number, "months": facts.months, "rules": facts.rules, "columns": columns, "soon": soon,
        "early": early, "to_take": to_take, "places_left": places_left, "too_small": year.too_small(facts),
        "total": len(rows), "page": Paginator(chosen, A_PAGE).get_page(request.GET.get("page")), "shown": SHOWN,
        "show": show, "service": service, "services": sorted({row.service for row in rows if row.service}),
        "over": [column for column in columns if column.over], "open": next(filter(facts.is_open, facts.months), None),
    }
