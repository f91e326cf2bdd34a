"""The certificate and the distribution list on paper: what stands in them, who may have them, long ones by a job."""

import json
from datetime import date

import pytest
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import timezone

from allocations import documents, workflow
from allocations.models import Allocation, Draw, Round
from allocations.sampling import workflow as sampling
from audit_portal.testing.factories import START, make_auditor, make_case, plan_round, publish_round
from audit_portal.testing.pdf import is_tagged, text_of
from jobs.documents import pdf_of
from jobs.models import Job
from jobs.workflow import claim, run

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HERE = "/rounds/2026-11/"


@pytest.fixture
def pq(client, cast):
    client.force_login(cast.pq_officer, backend=BACKEND)
    return client


@pytest.fixture
def round(cast, s1):
    """Drawn twice, with an exception, a case left out, cases in reserve."""
    for number in range(5):
        make_case(f"307000{number}", cast.team, cast.worker)
    make_case("3079001", cast.team, is_restricted=True)
    colleague = make_auditor("Ines Duarte", cast.team)
    round = plan_round(cast, s1)
    sampling.allow_same_team(round=round, auditor=colleague, reason="No other free auditor signs", by=cast.pq_lead,
                             at=START)
    sampling.set_theme(round=round, name="Neglect", reason="Research", wanted=1, cases="3070001", by=cast.pq_lead,
                       at=START)
    workflow.freeze_frame(round=round, by=cast.pq_officer, at=START)
    workflow.freeze_frame(round=round, by=cast.pq_lead, at=START, reason="A team was missing")
    workflow.draw_round(round=round, by=cast.pq_lead, at=START)
    return round


@pytest.mark.req("S2-03", "A30")
def test_the_certificate_on_paper_says_what_was_drawn_from_what(round, pq):
    answer = pq.get(f"{HERE}certificate.pdf")
    assert answer["Content-Type"] == "application/pdf" and is_tagged(answer.content)
    text, last = text_of(answer.content), round.draws.last()
    for words in ("Certificate of the draw, November 2026", "Draw 2, drawn on Monday 2 November 2026 at 9am",
                  "by Naomi Clarke", "again because: “A team was missing”", "1: Restricted", "Child in need 4 1.00 1",
                  "Theme: Neglect 1 As asked for 1", "Neglect 1 Research Naomi Clarke",
                  "The list (2)",
                  "Own-team cases allowed before the draw (1)",
                  "Ines Duarte 5 cases 30700", "No other free auditor signs",
                  "Passed over (0)", "Reserves, the next in order", "Substitutions since (0)",
                  "Earlier draws of this round (1)", "holds the whole frame as well", "manage.py replay_draw FILE"):
        assert words in text, words
    for digest in (last.seed, last.frame_digest, round.draws.first().seed):
        assert digest in text.replace(" ", "")
    for row in last.certificate["result"]:
        assert row["case"] in text


def test_the_demo_council_says_so_on_paper_and_another_does_not(round, pq):
    assert "Every person, case and figure here is invented" in text_of(pq.get(f"{HERE}certificate.pdf").content)
    with override_settings(DEMO_LOGINS=False):
        assert "invented" not in text_of(documents.certificate_pdf(Round.objects.get()))


def test_a_substitution_stands_on_the_paper(round, pq, cast):
    last = round.draws.last()
    out = last.certificate["result"][0]
    last.certificate["substitutions"] = [{
        "out": out["case"], "taken": "3070009", "auditor": out["auditor"], "stratum": "in_need",
        "reason": "Closed since the draw", "by": cast.pq_lead.reference, "at": "2026-11-03T09:00:00Z",
        "unavailable": [], "siblings": []}]
    Draw.objects.filter(pk=last.pk).update(certificate=last.certificate)
    text = text_of(pq.get(f"{HERE}certificate.pdf").content)
    assert f"Substitutions since (1) Out In its place Auditor Why By {out['case']} 3070009" in text
    assert "Closed since the draw Naomi Clarke" in text


@pytest.mark.req("S1-02", "S2-04")
def test_the_distribution_list_is_there_once_it_is_out(cast, s1, pq):
    make_case("3070001", cast.team, cast.worker)
    round = plan_round(cast, s1)
    for verb in (workflow.freeze_frame, workflow.draw_round, workflow.review):
        verb(round=round, by=cast.pq_lead, at=START)
        assert {pq.get(f"{HERE}list.{kind}").status_code for kind in ("pdf", "csv")} == {404}
    workflow.publish(round=round, by=cast.pq_lead, at=START)
    answer = pq.get(f"{HERE}list.pdf")
    assert is_tagged(answer.content)
    text = text_of(answer.content)
    assert "Auditor Audit Case Category Team Worker Due" in text
    assert ("Grace Adeyemi A-2026-11-0001 3070001 Child in need Children in Need East 2 Tomasz Nowak "
            "Monday 30 November") in text
    assert "Open the distribution list (PDF)" in pq.get(f"{HERE}publish/").text


@pytest.mark.req("S1-01")
@pytest.mark.parametrize("who", ["auditor", "team_manager", "head_of_service", "director", "leader", "administrator"])
def test_papers_are_for_performance_and_quality_alone(who, cast, s1, client):
    make_case("3070001", cast.team, cast.worker)
    publish_round(cast, s1)
    client.force_login(getattr(cast, who), backend=BACKEND)
    papers = ("list.pdf", "list.csv", "certificate.pdf", "draw/list.csv")
    assert {client.get(f"{HERE}{name}").status_code for name in papers} == {404}


@pytest.mark.parametrize("kind", ["list", "certificate"])
def test_a_long_paper_is_made_by_a_job_and_kept_for_its_owner(kind, cast, s1, pq, monkeypatch):
    make_case("3070001", cast.team, cast.worker)
    publish_round(cast, s1)
    monkeypatch.setattr(documents, "AT_ONCE", 0)
    tab = {"list": "publish", "certificate": "draw"}[kind]
    assert "as a PDF" in pq.get(f"{HERE}{tab}/").text
    assert pq.get(f"{HERE}{kind}.pdf").url == f"{HERE}{tab}/"
    asked = pq.post(f"{HERE}{kind}.pdf")
    job = Job.objects.get()
    assert asked.url == f"/jobs/{job.pk}/"
    run(claim(timezone.now()))
    paper = pq.get(pq.get(asked.url).url)
    assert paper["Content-Type"] == "application/pdf" and "3070001" in text_of(paper.content)
    job.refresh_from_db()
    assert pq.get(job.outcome_url[:-1] + "x").status_code == 302
    pq.force_login(cast.team_manager, backend=BACKEND)
    assert pq.get(job.outcome_url).status_code == 404


def test_what_a_job_made_for_one_paper_is_not_given_for_another(cast, s1, pq):
    make_case("3070001", cast.team, cast.worker)
    round = publish_round(cast, s1)
    other = documents.make({"round": round.pk, "kind": "certificate"}).split("=")[1]
    assert "Distribution list" in text_of(pq.get(f"{HERE}list.pdf?made={other}").content)
    assert pq.get(f"{HERE}list.pdf?made=../../etc").status_code == 200


def test_a_paper_fetches_nothing(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda *given, **more: asked.append(given))
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    page = f'<img src="file://{secret}" alt=""><img src="http://127.0.0.1:9/x.png" alt=""><p>There</p>'
    monkeypatch.setattr("jobs.documents.render_to_string", lambda *given: page)
    assert "There" in text_of(pdf_of("x", {}))
    assert asked == []


def test_a_formula_or_markup_in_a_name_stays_text(cast, s1):
    make_case("3070001", cast.team, cast.worker)
    round = publish_round(cast, s1)
    Allocation.objects.get().auditor.__class__.objects.filter(pk=cast.auditor.pk).update(name="<b>Grace</b> & Co")
    html = render_to_string("documents/round_list.html",
                            {"round": round, "rows": documents.rows_of_list(round), "auditors": 1})
    assert "&lt;b&gt;Grace&lt;/b&gt; &amp; Co" in html


def test_the_certificate_page_and_file_agree(round, pq):
    record = json.loads(pq.get(f"{HERE}certificate.json").content)
    page = pq.get(f"{HERE}draw/").text
    assert all(row["case"] in page for row in record["result"])
    assert Round.objects.get(month=date(2026, 11, 1)).status == Round.Status.DRAWN
