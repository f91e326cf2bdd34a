"""The papers of a round: the certificate of its draw, the distribution list. Long ones are made by a job."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from allocations import drawn
from allocations.draw import FORMAT
from allocations.frame import theme_stratum
from allocations.models import Allocation, Draw, Round, Theme
from allocations.strata import SPREADS, labels_of_draw
from jobs.documents import keep, pdf_of
from jobs.workflow import JobFailed

JOB = "allocations.document"
AT_ONCE = 150  # rows: more would hold a web worker for longer than a second
RESERVES, MOST_LISTED = 20, 200
TITLES = {"list": "Distribution list", "certificate": "Certificate of the draw"}


def rows_of_list(round: Round) -> QuerySet[Allocation]:
    """Who audits which case."""
    rows = round.allocations.filter(status=Allocation.Status.ALLOCATED)
    return rows.select_related("case_file__team", "case_file__worker", "auditor").order_by("number")


def last_drawn(round: Round) -> Draw | None:
    """The newest draw, with its documents, if it was drawn."""
    draw = round.draws.select_related("frozen_by", "drawn_by").order_by("-number").first()
    return draw if draw and draw.drawn_at else None


def is_long(round: Round, draw: Draw | None = None) -> bool:
    """Whether the list, or the certificate of a draw, is made by a job."""
    rows = round.allocations.count()
    if draw is not None:
        rows += min(len(draw.certificate["passed_over"]), MOST_LISTED)
    return rows > AT_ONCE


def list_pdf(round: Round) -> bytes:
    """Per auditor: audit, case, category, team, worker, due date (S1-02, S2-04)."""
    rows = list(rows_of_list(round).order_by("auditor__folded_name", "auditor_id", "number"))
    auditors = len({row.auditor_id for row in rows})
    return pdf_of("documents/round_list.html", {"round": round, "rows": rows, "auditors": auditors})


def certificate_pdf(round: Round) -> bytes:
    """The certificate in words, without the frame, which the JSON holds."""
    draw = last_drawn(round)
    if draw is None:
        raise JobFailed("Nothing is drawn yet.")
    return pdf_of("documents/certificate.html", {
        "round": round, "draw": draw, "format": FORMAT, "rows": _listed(draw),
        "capacity": sum(row["capacity"] for row in draw.frame["auditors"]), "left_out": drawn.left_out_of(draw),
        "spread": SPREADS[round.version.rules.sampling.strata], "strata": drawn.strata_of(draw),
        "short": drawn.speaker(draw)(draw.certificate["short"]),
        "overrides": drawn.overrides_of(draw), "themes": _themes(round, draw),
        "passed_over": drawn.passed_over_of(draw, MOST_LISTED),
        "all_passed_over": len(draw.certificate["passed_over"]), "reserves": drawn.reserves_of(draw, RESERVES),
        "substitutions": drawn.substitutions_of(draw), "earlier": drawn.earlier_of(round),
    })


def _listed(draw: Draw) -> list[dict[str, Any]]:
    """The list as it was drawn, in names."""
    labels, names = labels_of_draw(draw), drawn.names_of(row["auditor"] for row in draw.certificate["result"])
    strata = {row["reference"]: row["stratum"] for row in draw.frame["cases"]}
    second = set(draw.certificate["second_pass"])
    return [{"case": row["case"], "stratum": labels[strata[row["case"]]], "second_pass": row["case"] in second,
             "auditor": names.get(row["auditor"], row["auditor"])} for row in draw.certificate["result"]]


def _themes(round: Round, draw: Draw) -> list[Theme]:
    """The themes that were frozen, with why they were added."""
    return [theme for theme in round.themes.select_related("made_by") if theme_stratum(theme) in draw.quotas]


MAKERS = {"list": list_pdf, "certificate": certificate_pdf}


def about(round: Round, kind: str) -> str:
    """What a kept paper is about."""
    return f"round-{round.pk}-{kind}"


def make(arguments: dict[str, Any]) -> str:
    """The job: make the paper, keep it for an hour, give its address."""
    round = Round.objects.select_related("version__programme", "published_by").get(pk=arguments["round"])
    kind = arguments["kind"]
    token = keep(MAKERS[kind](round), about(round, kind))
    return f"{reverse(f'allocations:round-{kind}-pdf', args=[round.slug])}?made={token}"
