""""To file": what P&Q copy to the child's record by hand; as a ZIP, and confirmed many at once (B14)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits import workflow
from audits.filing_filters import STATES, FilingFilter
from audits.models import Filing
from audits.record_forms import FiledForm
from audits.zipping import ABOUT, AT_MOST, JOB, audits_of
from calendars.rules import london_date, today_in_london
from calendars.words import count
from jobs import workflow as jobs
from jobs.documents import kept
from jobs.models import Job
from people.files import csv_file
from people.permissions import check_is_pq
from trail.once import once
from trail.writing import record, record_reading

A_PAGE = 25
COLUMNS = ("Audit", "Case", "What", "Service", "Month", "To file since", "Copied on", "Where", "Confirmed by")
NOTHING = "Nothing was chosen. Tick what you mean, then press again."


def _state(request: HttpRequest) -> str:
    return "filed" if request.GET.get("state") == "filed" else "waiting"


def _found(request: HttpRequest) -> FilingFilter:
    filings = Filing.objects.visible_to(request.user)
    filings = filings.filed().order_by("-filed_at") if _state(request) == "filed" else filings.open()
    return FilingFilter(request.GET, filings.select_related("audit__case_file", "filed_by"), request=request)


@require_safe
def to_file(request: HttpRequest) -> HttpResponse:
    """What waits, or what was copied; `export=csv` gives what is shown as a file."""
    check_is_pq(request.user)
    if request.GET.get("export") == "csv":
        return _export(request)
    return _page(request, FiledForm(initial={"on": today_in_london()}))


def _page(request: HttpRequest, form: FiledForm, ticked: list[int] | None = None) -> HttpResponse:
    found, seen = _found(request), Filing.objects.visible_to(request.user)
    counts = {"waiting": seen.open().count(), "filed": seen.filed().count()}
    page = Paginator(found.qs, A_PAGE).get_page(request.GET.get("page"))
    problems = [{"text": text, "url": f"#id_{name}"} for name, texts in form.errors.items() for text in texts]
    return render(request, "audits/to_file.html", {
        "page": page, "filter": found, "form": form, "ticked": ticked or [], "problems": problems, "most": AT_MOST,
        "state": _state(request), "tabs": [(slug, title, counts[slug]) for slug, title in STATES],
    }, status=422 if form.errors else 200)


@transaction.atomic
def _export(request: HttpRequest) -> HttpResponse:
    rows = [row_of(filing) for filing in _found(request).qs]
    record("filings.exported", target=request.user, by=request.user, at=timezone.now(), changes={"rows": len(rows)})
    return csv_file("to-file.csv", COLUMNS, rows)


def row_of(filing: Filing) -> list[str]:
    """One line of the file."""
    audit = filing.audit
    return [audit.number, audit.case_file.reference, filing.get_what_display(), audit.service_name,
            f"{audit.month:%Y-%m}", f"{london_date(filing.opened_at):%d/%m/%Y}",
            f"{filing.filed_on:%d/%m/%Y}" if filing.filed_on else "", filing.place,
            filing.filed_by.name if filing.filed_by else ""]


def _chosen(request: HttpRequest) -> list[int]:
    """What was ticked, or all that waits and that the filter in the address finds; only what one may see."""
    seen = Filing.objects.visible_to(request.user)
    if request.POST.get("everything"):
        return list(_found(request).qs.values_list("pk", flat=True)[: AT_MOST + 1])
    ticked = [pk for pk in request.POST.getlist("filing")[: AT_MOST + 1] if pk.isdecimal() and len(pk) < 19]
    return list(seen.filter(pk__in=ticked).order_by("pk").values_list("pk", flat=True))


def _refused(request: HttpRequest, chosen: list[int]) -> bool:
    """Nothing, or too much at once: never a part of it without a word."""
    if not chosen:
        messages.error(request, NOTHING)
    elif len(chosen) > AT_MOST:
        messages.error(request, f"These are more than {AT_MOST}, which is the most at once. Nothing was done: choose "
                                "fewer, such as one service or one month.")
    return not 0 < len(chosen) <= AT_MOST


def _back(request: HttpRequest) -> HttpResponse:
    """To the same list, at the same filter."""
    query = request.GET.urlencode()
    return redirect(f"/audits/to-file/{'?' if query else ''}{query}")


@require_POST
@once
def confirm(request: HttpRequest) -> HttpResponse:
    """Say that what is ticked is on the child's record since a day."""
    check_is_pq(request.user)
    chosen, form = _chosen(request), FiledForm(request.POST)
    if not form.is_valid():
        return _page(request, form, chosen)
    if _refused(request, chosen):
        return _page(request, form, chosen) if chosen else _back(request)
    done = form.carry_out(workflow.confirm_filed, filings=chosen, by=request.user, at=timezone.now())
    if done is None:
        return _page(request, form, chosen)
    _say(request, done)
    return _back(request)


def _say(request: HttpRequest, done) -> None:
    if done["confirmed"]:
        messages.success(request, f"{count(done['confirmed'], 'record')} copied to the child’s record, you confirmed.")
    if done["before"]:
        messages.info(request, f"{count(done['before'], 'record')} had been confirmed before: that stays.")
    if done["replaced"]:
        messages.error(request, f"To {count(done['replaced'], 'audit')} something was added in the meantime. Download "
                                "the record again: it is still to be copied.")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def zip_file(request: HttpRequest) -> HttpResponse:
    """Ask for the records of what is ticked as a ZIP; when the job is done, the ZIP, for whoever asked."""
    check_is_pq(request.user)
    if request.method != "POST":
        return _download(request)
    chosen = _chosen(request)
    if _refused(request, chosen):
        return _back(request)
    job = jobs.ask(kind=JOB, title=f"{count(len(chosen), 'record')} as a ZIP", by=request.user, at=timezone.now(),
                   arguments={"filings": chosen, "by": request.user.pk})
    return redirect("jobs:job-detail", job.pk)


def _download(request: HttpRequest) -> HttpResponse:
    token = request.GET.get("made", "")
    job = Job.objects.visible_to(request.user).filter(kind=JOB, outcome_url__endswith=f"?made={token}").first()
    content = kept(ABOUT, token) if job else None
    if content is None:
        if job is None:
            raise Http404("No such ZIP.")
        messages.info(request, "The ZIP was kept for an hour and is gone. Ask for it again.")
        return redirect("audits:filing-list")
    for audit in audits_of(job.arguments):
        record_reading(target=audit, by=request.user, page="record-zip")
    headers = {"Content-Disposition": f'attachment; filename="records-{today_in_london():%Y-%m-%d}.zip"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)
