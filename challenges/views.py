"""Reading a shared audit and answering it; settling a challenge with the auditor."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from audits.models import Audit
from audits.permissions import check_can_respond
from audits.views.loading import frame, readable_audit
from challenges import workflow
from challenges.forms import AnswerForm, SettleForm
from challenges.models import Challenge
from challenges.permissions import check_can_settle, check_can_withdraw
from people.permissions import allowed
from trail.once import once


@require_http_methods(["GET", "HEAD", "POST"])
@once
def read(request: HttpRequest, number: str) -> HttpResponse:
    """The audit as a document, as it was last shared or made final; a POST answers it."""
    audit = readable_audit(request, number, "read")
    if audit.is_past and request.method != "POST":
        return redirect("audits:audit-detail", number)
    version = audit.versions.order_by("-number").first()
    if version is None:
        raise Http404
    form = AnswerForm(request.POST or None, content=version.content)
    can_respond = allowed(check_can_respond, request.user, audit)
    if request.method == "POST" and can_respond and form.is_valid():
        return _answer(request, audit, form)
    too_late = why_too_late(request, audit) if request.method == "POST" and not can_respond else ""
    return render(
        request,
        "challenges/read.html",
        frame(
            audit,
            version=version,
            grade=version.grade or audit.grade,
            points=points_with_words(audit, version, form),
            form=form,
            can_respond=can_respond or bool(too_late),
            problems=[{"text": too_late, "url": ""}] if too_late else problems_of(form),
            responses=list(audit.responses.select_related("staff").order_by("pk")),
            content=version.content,
            addenda=list(audit.addenda.select_related("added_by")),
        ),
        status=403 if too_late else 422 if form.errors else 200,
    )


def why_too_late(request: HttpRequest, audit: Audit) -> str:
    """For somebody who was asked and comes too late, so that the page keeps what they typed; else refused."""
    try:
        check_can_respond(request.user, audit)
    except PermissionDenied as refused:
        if not audit.responses.filter(staff=request.user).exists():
            raise
        return f"{refused} What you wrote is below and was not sent: copy it, and ring {audit.auditor}."
    return ""


def _answer(request: HttpRequest, audit: Audit, form: AnswerForm) -> HttpResponse:
    verdict, said = form.cleaned_data["verdict"], form.said()
    challenges = said if verdict == "challenges" else {}
    workflow.answer(
        audit=audit,
        verdict=verdict,
        by=request.user,
        at=timezone.now(),
        text=form.cleaned_data["text"],
        remarks={} if challenges else said,
        challenges=challenges,
    )
    messages.success(request, f"Your answer was sent to {audit.auditor}.")
    return redirect("challenges:read", audit.number)


def points_with_words(audit: Audit, version, form: AnswerForm) -> list[dict]:
    """Each point with its text, what was said on it, and what is typed just now."""
    content = version.content
    domains = {f"domain:{row['slug']}": row for row in content["domains"]}
    actions = {f"action:{number}": row for number, row in enumerate(content["actions"], start=1)}
    remarks, challenges = {}, {}
    for response in audit.responses.select_related("staff").prefetch_related("remarks"):
        for remark in response.remarks.all():
            remarks.setdefault(remark.point, []).append((response.staff, remark))
    for row in audit.challenges.select_related("raised_by"):
        challenges.setdefault(row.point, []).append(row)
    return [
        {
            "key": point.key,
            "title": point.title,
            "domain": domains.get(point.key),
            "action": actions.get(point.key),
            "remarks": remarks.get(point.key, []),
            "challenges": challenges.get(point.key, []),
            "typed": form.data.get(form.name_of(point.key), ""),
            "name": form.name_of(point.key),
        }
        for point in form.points
    ]


def problems_of(form: AnswerForm) -> list[dict[str, str]]:
    """The error summary: each problem with the way to it."""
    return [{"text": text, "url": f"#{name}"} for name, texts in form.errors.items() for text in texts]


@require_http_methods(["GET", "HEAD", "POST"])
def challenge(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A challenge and how it stands; a POST by the auditor settles it."""
    audit = readable_audit(request, number, "challenge")
    row = get_object_or_404(
        Challenge.objects.visible_to(request.user).select_related("raised_by", "settled_by", "audit__auditor"),
        audit=audit,
        pk=pk,
    )
    form = SettleForm(request.POST or None)
    if request.method == "POST":
        check_can_settle(request.user, row)
        if form.is_valid():
            workflow.settle(challenge=row, by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, f"Settled. {row.raised_by} is told.")
            return redirect("audits:audit-check", number)
    titles = {
        point.key: point.title
        for point in AnswerForm(content=audit.versions.order_by("-number").first().content).points
    }
    is_open = row.status == Challenge.Status.OPEN
    return render(
        request,
        "challenges/challenge.html",
        frame(
            audit,
            challenge=row,
            form=form,
            point=titles.get(row.point, row.point),
            can_settle=is_open and allowed(check_can_settle, request.user, row),
            can_withdraw=is_open and allowed(check_can_withdraw, request.user, row),
        ),
        status=422 if form.errors else 200,
    )


@require_POST
def withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take a challenge back."""
    audit = readable_audit(request, number, "challenge")
    row = get_object_or_404(Challenge.objects.visible_to(request.user), audit=audit, pk=pk)
    workflow.withdraw(challenge=row, by=request.user, at=timezone.now())
    messages.success(request, "Your challenge is withdrawn.")
    return redirect("challenges:read", number)
