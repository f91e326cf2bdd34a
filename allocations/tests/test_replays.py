"""The replay page: the same list again, each difference in words, a sentence for whatever else is uploaded."""

import json
from time import monotonic

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from allocations import replays, workflow
from allocations.draw import Auditor, Case, DrawError, DrawInput, certificate, compare, draw, fingerprint, parse
from allocations.models import Draw
from audit_portal.testing.factories import START, make_case, plan_round

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def made(**more):
    """A certificate of another installation, with some parts as they should not be."""
    inputs = DrawInput("5" * 32, tuple(Case(f"c{number}", "CIN") for number in range(6)), {"CIN": 2},
                       (Auditor("a1"), Auditor("a2")))
    return certificate(inputs, draw(inputs), who="P-1", when=START) | more


def text_with(old, new):
    """The same as text, with something that no writer of JSON would write."""
    text = json.dumps(made())
    assert old in text
    return text.replace(old, new, 1).encode()


@pytest.fixture
def pq(client, cast):
    client.force_login(cast.pq_officer, backend=BACKEND)
    return client


def upload(client, content):
    if not isinstance(content, bytes):
        content = json.dumps(content).encode()
    return client.post("/rounds/replay/", {"file": SimpleUploadedFile("certificate.json", content)})


@pytest.mark.req("S2-03", "A30")
def test_a_certificate_of_another_installation_gives_the_same_list_again(pq):
    answer = upload(pq, made())
    assert answer.status_code == 200
    assert "The same list again: 2 cases." in answer.text


@pytest.mark.req("S2-03")
def test_a_changed_list_frame_or_seed_is_found_and_named(pq):
    changed = made()
    changed["result"].reverse()
    assert "In the list, number 1: the certificate says" in upload(pq, changed).text
    frame = made()
    frame["frame"][0]["forbidden"] = ["a1"]
    assert "The frame does not match its SHA-256" in upload(pq, frame).text
    seed = upload(pq, made(seed="6" * 32)).text
    assert "Not the same." in seed and "In the list, number 1" in seed


@pytest.mark.req("S2-03")
def test_the_draw_that_is_stored_replays_on_its_page(cast, s1, pq):
    make_case("3070001", cast.team)
    round = plan_round(cast, s1)
    assert pq.post("/rounds/2026-11/draw/replay/").status_code == 404
    workflow.freeze_frame(round=round, by=cast.pq_lead, at=START)
    workflow.draw_round(round=round, by=cast.pq_lead, at=START)
    assert "The same list again: 1 case." in pq.post("/rounds/2026-11/draw/replay/").text
    stored = Draw.objects.get()
    stored.certificate["result"][0]["case"] = "3079999"
    Draw.objects.filter(pk=stored.pk).update(certificate=stored.certificate)
    assert "the certificate says 3079999 to grace.adeyemi" in pq.post("/rounds/2026-11/draw/replay/").text


def nested(deep):
    return b"[" * deep + b"]" * deep


def frame_with(**row):
    return made() | {"frame": [{"reference": "c1", "stratum": "CIN", "siblings": [], "forbidden": []} | row]}


HOSTILE = {
    "nothing in it": b" ",
    "no JSON": b"reference,category\n1,2\n",
    "not text": b"\xff\xfe\x00{",
    "a NUL": b"{\"format\": \"\x00\"}",
    "deeply nested": nested(200_000),
    "deeply nested within": text_with('"overrides": []', '"overrides": ' + nested(90_000).decode()),
    "a list": [],
    "a number": 7,
    "NaN": text_with('"capacity": 1', '"capacity": NaN'),
    "Infinity": text_with('"capacity": 1', '"capacity": Infinity'),
    "a huge whole number": text_with('"capacity": 1', f'"capacity": {"9" * 5000}'),
    "a huge number": text_with('"capacity": 1', '"capacity": 1e999'),
    "another format": made(format="audit-portal/draw/2"),
    "a part that is missing": {key: value for key, value in made().items() if key != "quotas"},
    "a part twice": text_with('"seed":', '"seed": "x", "seed":'),
    "wrong types": made(frame="c1"),
    "rows that are none": made(frame=[1, 2]),
    "a seed that is none": made(seed="zz"),
    "references twice": made(frame=made()["frame"] * 2),
    "an auditor twice": made(auditors=made()["auditors"] * 2),
    "a capacity that is a word": made(auditors=[{"reference": "a1", "capacity": "two"}]),
    "a capacity that is true": made(auditors=[{"reference": "a1", "capacity": True}]),
    "no capacity": made(auditors=[{"reference": "a1", "capacity": 0}]),
    "a quota that is a list": made(quotas={"CIN": []}),
    "a quota above its cases": made(quotas={"CIN": 10**30}),
    "siblings that are lists": frame_with(siblings=[["c2"]]),
    "forbidden that are numbers": frame_with(forbidden=[1]),
    "half a sign": json.dumps(frame_with(stratum="\ud800")).encode(),
    "a reference that does not print": frame_with(reference="c\u202e1"),
    "reserves that are numbers": made(reserves={"CIN": 3}),
    "a second pass of rows": made(second_pass=[{"case": "c1"}]),
    "an unavailable reserve without a reason": made(substitutions=[{
        "out": "c1", "taken": None, "auditor": "a1", "stratum": "CIN", "reason": "x", "by": "x", "at": "x",
        "unavailable": [7], "siblings": []}]),
    "a moment that is none": made(substitutions=[{
        "out": made()["result"][0]["case"], "taken": None, "auditor": "a1", "stratum": "CIN", "reason": "x", "by": "x",
        "at": "0001-01-01T00:00:00+14:00", "unavailable": [], "siblings": []}]),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_gets_a_sentence(content, pq):
    answer = upload(pq, content)
    assert answer.status_code in (200, 422)
    assert "There is a problem" in answer.text or "Not the same." in answer.text
    assert "The same list again" not in answer.text


def test_a_great_capacity_does_no_harm(pq):
    """Every one of a person's places is looked at only while cases are left."""
    inputs = DrawInput("5" * 32, (Case("c1", "CIN"), Case("c2", "CIN")), {"CIN": 2}, (Auditor("a1", 10**15),))
    assert "The same list again" in upload(pq, certificate(inputs, draw(inputs), who="P-1", when=START)).text


def test_a_file_that_is_missing_or_too_large_is_said(pq, monkeypatch):
    assert "Choose the certificate" in pq.post("/rounds/replay/", {}).text
    assert "This file is empty" in upload(pq, b"").text
    monkeypatch.setattr("allocations.forms.MOST_BYTES", 100)
    answer = upload(pq, made())
    assert answer.status_code == 422 and "larger than 20 MB" in answer.text


def test_a_draw_that_is_too_long_names_the_command(pq, monkeypatch):
    monkeypatch.setattr(replays, "MOST_CASES", 5)
    answer = upload(pq, made())
    assert answer.status_code == 422 and "manage.py replay_draw FILE" in answer.text


def hard():
    """Small to send, long to draw: every case of a kind of its own, every auditor nearly everywhere in the way."""
    auditors = tuple(Auditor(f"a{number}") for number in range(500))
    cases = tuple(Case(f"c{number}", "CIN", frozenset(),
                       frozenset(f"a{each}" for each in range(500) if (number * 7 + each * 13) % 101 > 1))
                  for number in range(5000))
    return {"format": "audit-portal/draw/1", "seed": "5" * 32, "quotas": {"CIN": 500}, "short": "",
            "short_confirmed": False, "second_pass": [], "reserves": {}, "who": "x", "when": "x", "frame_sha256": "x",
            "frame": [{"reference": case.reference, "stratum": "CIN", "siblings": [],
                       "forbidden": sorted(case.forbidden)} for case in cases],
            "auditors": [{"reference": each.reference, "capacity": 1} for each in auditors],
            **dict.fromkeys(("exclusions", "overrides", "passed_over", "result", "substitutions", "earlier_draws"), [])}


def test_a_file_that_is_hard_to_draw_is_given_up_within_its_seconds(monkeypatch):
    monkeypatch.setattr(replays, "SECONDS", 1)
    began = monotonic()
    found = replays.replayed(json.dumps(hard()).encode())
    assert monotonic() - began < 30
    assert found.problem == replays.TOO_LONG


@pytest.mark.parametrize("who", ["auditor", "team_manager", "director", "administrator"])
def test_replaying_is_for_performance_and_quality(who, cast, client):
    client.force_login(getattr(cast, who), backend=BACKEND)
    assert client.get("/rounds/replay/").status_code == 403
    assert upload(client, made()).status_code == 403


def test_a_long_difference_is_cut():
    record = made()
    record["passed_over"] = [{"reference": "c" * 5000, "reason": "x", "auditors": [], "strata": []}]
    [line] = compare(record)
    assert len(line) < 700


def test_parsing_reads_what_was_written():
    assert fingerprint(parse(json.dumps(made()).encode())) == fingerprint(made())
    with pytest.raises(DrawError, match="twice"):
        parse(b'{"a": 1, "a": 1}')
