"""What a page saves is numbered, what cannot be written is kept, and each earlier text comes back (T-R9)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit_portal.testing.factories import START, load_s1, make_audit_at, make_cast
from audits import workflow
from audits.differences import differences
from audits.models import Answer, AnswerRevision, KeptText
from audits.workflow import AnswerChanged, NotSeen, Seen, Sitting, Take
from duties.tests.together import at_once
from trail.models import AccessEvent, Event

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LATER = START + timedelta(days=5)
MOST_QUERIES = 8


@pytest.fixture
def audit(cast, s1):
    return make_audit_at("in_progress", cast, s1)


class Page:
    """A page as it was shown: saves with its sitting, its number and the version it knows."""

    def __init__(self, audit, version=0, field="strengths", at=LATER):
        self.audit, self.version, self.field, self.at = audit, version, field, at
        self.id, self.sequence = uuid4(), 0

    def save(self, value, sequence=None):
        self.sequence = self.sequence + 1 if sequence is None else self.sequence
        return workflow.save_answer(
            audit=self.audit, field=self.field, value=value, version=self.version, by=self.audit.auditor, at=self.at,
            sitting=Sitting(self.id, sequence or self.sequence),
        )


def standing(audit, field="strengths"):
    return audit.answers.get(field=field).value


def conflict(audit):
    """Two pages: the first one's text stands, the other's is kept."""
    first, second = Page(audit), Page(audit)
    first.save("First")
    with pytest.raises(AnswerChanged):
        second.save("Second")
    return first, second, KeptText.objects.get()


@pytest.mark.req("T-R9")
def test_an_answer_that_got_lost_on_the_line_is_no_conflict(audit):
    page = Page(audit)
    page.save("One")
    page.save("One two")  # still on version 0: the answer to the first never came
    assert standing(audit) == "One two" and not KeptText.objects.exists()


@pytest.mark.req("T-R9")
def test_a_late_request_is_acknowledged_kept_and_never_on_top(audit):
    page = Page(audit)
    page.save("Newer", sequence=5)
    page.save("Older", sequence=4)
    assert standing(audit) == "Newer"
    assert KeptText.objects.get().value == "Older" and not KeptText.objects.open().exists()


@pytest.mark.req("T-R9")
def test_a_repeat_tells_the_window_of_no_version_that_it_does_not_know(audit):
    page = Page(audit)
    page.save("Mine")
    workflow.save_answer(audit=audit, field="strengths", value="Theirs", version=1, by=audit.auditor, at=LATER)
    assert page.save("Mine", sequence=1).version == 0
    assert standing(audit) == "Theirs"


@pytest.mark.req("T-R9")
def test_what_was_typed_and_taken_back_does_not_come_back_late(audit):
    page = Page(audit)
    page.save("", sequence=2)
    page.save("A slip", sequence=1)
    assert standing(audit) == ""


@pytest.mark.req("T-R9")
def test_the_other_text_is_kept_though_the_saving_is_refused(audit):
    _, second, kept = conflict(audit)
    assert (standing(audit), kept.value, kept.base_version, kept.sitting) == ("First", "Second", 0, second.id)
    with pytest.raises(AnswerChanged):
        second.save("Second, and more")
    assert KeptText.objects.open().get().value == "Second, and more"
    assert set(KeptText.objects.values_list("value", flat=True)) == {"Second", "Second, and more"}


@pytest.mark.req("T-R9")
def test_a_repeat_that_comes_after_its_text_was_written_over_waits_beside_it(audit):
    first, second, _ = conflict(audit)
    first.save("Agreed")
    second.save("Agreed")  # the same text: nothing to write
    text = AnswerRevision.objects.get(value="First")
    workflow.put_back(text=text, version=2, by=audit.auditor, at=LATER)
    with pytest.raises(AnswerChanged):
        second.save("Agreed", sequence=2)
    assert standing(audit) == "First"
    assert KeptText.objects.open().get().value == "Agreed"
    assert set(KeptText.objects.values_list("value", flat=True)) == {"Second", "Agreed"}


@pytest.mark.req("T-R9")
@pytest.mark.parametrize(("take", "text"), [
    (Take.STANDING, "First"), (Take.OTHER, "Second"), (Take.BOTH, "First\n\nSecond"),
])
def test_choosing_leaves_both_texts_in_the_history(take, text, audit):
    _, _, kept = conflict(audit)
    for _ in range(2):  # the second press does nothing
        workflow.settle(kept=kept, take=take, seen=Seen(1, 1), by=audit.auditor, at=LATER)
    answer = audit.answers.get(field="strengths")
    assert answer.value == text and answer.version == 1 + (take != Take.STANDING)
    assert answer.revisions.filter(value="First").exists() and answer.kept_texts.get().settled_by == audit.auditor


@pytest.mark.req("T-R9")
def test_nobody_chooses_over_a_text_that_they_did_not_see(audit):
    first, second, kept = conflict(audit)
    with pytest.raises(AnswerChanged):
        second.save("Second, typed on")
    for seen in (Seen(1, 1), Seen(0, 2)):
        with pytest.raises(NotSeen):
            workflow.settle(kept=kept, take=Take.OTHER, seen=seen, by=audit.auditor, at=LATER)
    assert standing(audit) == "First" and KeptText.objects.open().exists()
    own = Sitting(second.id, second.sequence)
    workflow.settle(kept=kept, take=Take.OTHER, seen=Seen(1, 1), by=audit.auditor, at=LATER, sitting=own)
    assert standing(audit) == "Second, typed on"


@pytest.mark.req("T-R9")
def test_an_earlier_text_stands_again_as_a_new_version_and_only_over_what_was_seen(audit):
    page = Page(audit)
    page.save("One")
    page.save("Two")
    text = AnswerRevision.objects.get(value="One")
    with pytest.raises(NotSeen):
        workflow.put_back(text=text, version=1, by=audit.auditor, at=LATER)
    assert workflow.put_back(text=text, version=2, by=audit.auditor, at=LATER).version == 3
    assert standing(audit) == "One"


def test_a_grade_that_is_chosen_or_put_back_is_the_grade_of_the_audit(audit, s1):
    slugs = [s1.grades.get(position=place).slug for place in (1, 2)]
    first, second = Page(audit, field="grade"), Page(audit, field="grade")
    first.save(slugs[0])
    with pytest.raises(AnswerChanged):
        second.save(slugs[1])
    workflow.settle(kept=KeptText.objects.get(), take=Take.OTHER, seen=Seen(1, 1), by=audit.auditor, at=LATER)
    audit.refresh_from_db()
    assert audit.grade.slug == slugs[1]
    workflow.put_back(text=AnswerRevision.objects.get(version=1), version=2, by=audit.auditor, at=LATER)
    audit.refresh_from_db()
    assert audit.grade.slug == slugs[0]


def test_only_who_may_write_chooses_or_puts_back(audit, cast):
    _, _, kept = conflict(audit)
    with pytest.raises(PermissionDenied):
        workflow.settle(kept=kept, take=Take.OTHER, seen=Seen(1, 1), by=cast.pq_lead, at=LATER)
    with pytest.raises(PermissionDenied):
        workflow.put_back(text=kept, version=1, by=cast.worker, at=LATER)


def test_the_trail_has_one_event_an_answer_and_sitting(audit):
    first, second = Page(audit), Page(audit, version=3)
    for text in ("a", "ab", "abc"):
        first.save(text)
    second.save("abcd")
    with pytest.raises(AnswerChanged):
        first.save("abc, otherwise")
    assert Event.objects.filter(verb="audit.answered").count() == 2


def test_the_database_keeps_each_text_that_stood_and_refuses_two_open_ones_of_a_sitting(audit):
    Page(audit).save("By the verb")
    Answer.objects.filter(field="strengths").update(value="By another way", version=2)
    assert list(AnswerRevision.objects.order_by("version").values_list("value", flat=True)) == [
        "By the verb", "By another way"]
    fields = {"answer": Answer.objects.get(field="strengths"), "sitting": uuid4(), "value": "x", "base_version": 0,
              "saved_at": LATER, "saved_by": audit.auditor}
    KeptText.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptText.objects.create(**fields)


@pytest.mark.req("T-R9")
@pytest.mark.django_db(transaction=True)
def test_of_many_who_write_in_the_same_moment_one_stands_and_all_are_kept():
    version = load_s1()
    audit = make_audit_at("in_progress", make_cast(), version)
    numbers = list(range(4))

    def work():
        number = numbers.pop()
        try:
            return Page(audit, at=timezone.now()).save(f"Text {number}")
        except AnswerChanged:
            return None

    assert sum(saved is not None for saved in at_once(4, work)) == 1
    texts = {standing(audit), *KeptText.objects.open().values_list("value", flat=True)}
    assert texts == {f"Text {number}" for number in range(4)}


# As pages and the script see it.


@pytest.fixture
def client(client, audit):
    client.force_login(audit.auditor, backend=BACKEND)
    client.get("/help/")
    return client


def sent(audit, **more):
    return {"field": "evidence", "domain": "relationships", "version": "0", "sitting": str(uuid4()), "sequence": "1",
            **more}


@pytest.mark.parametrize("box", [
    {"field": "evidence", "domain": "relationships", "value": ["Seen", "Seen alone", "Other"]},
    {"field": "strengths", "domain": "", "value": ["Seen", "Seen alone", "Other"]},
    {"field": "grade", "domain": "", "value": ["good", "outstanding", "inadequate"]},
])
def test_autosave_asks_at_most_eight_queries(box, audit, client):
    url, values, mine = f"/audits/{audit.number}/answers/", box["value"], sent(audit) | box
    saves = [
        (200, mine | {"value": values[0]}),  # the first of all
        (200, mine | {"value": values[1], "version": "1", "sequence": "2"}),  # later ones
        (200, mine | {"value": values[0], "version": "2", "sequence": "3"}),
        (200, mine | {"value": values[1], "version": "3", "sitting": str(uuid4())}),  # the first of another page
        (409, mine | {"value": values[2], "version": "1", "sitting": (other := str(uuid4()))}),  # a conflict
        (409, mine | {"value": values[1] + "?" if box["field"] != "grade" else values[0], "version": "1",
                      "sitting": other, "sequence": "2"}),  # typed on after it
        (409, mine | {"value": values[2], "version": "1", "sitting": other, "sequence": "1"}),  # come twice
    ]
    for status, fields in saves:
        with CaptureQueriesContext(connection) as asked:
            assert client.post(url, fields).status_code == status
        assert len(asked) <= MOST_QUERIES, [query["sql"][:120] for query in asked]


def test_autosave_is_no_reading_and_the_page_that_shows_both_texts_is_one(audit, client):
    url = f"/audits/{audit.number}/answers/"
    client.post(url, sent(audit, value="The standing words"))
    refused = client.post(url, sent(audit, value="Other"))
    assert refused.status_code == 409 and "standing words" not in refused.text
    assert not AccessEvent.objects.filter(target_id=str(audit.pk)).exists()
    page = client.get(f"/audits/{audit.number}/domains/relationships/")
    assert "The standing words" in page.text and "Keep the other text" in page.text
    assert AccessEvent.objects.filter(target_id=str(audit.pk), page="domain").count() == 1


def test_autosave_is_only_for_the_auditor_of_a_place_that_there_is(audit, cast, client):
    url = f"/audits/{audit.number}/answers/"
    for wrong, status in (({"domain": "no-such"}, 404), ({"field": "password", "domain": ""}, 404),
                          ({"field": "grade", "domain": "", "value": "superb"}, 400), ({"sitting": "x"}, 400),
                          ({"sequence": "-1"}, 400)):
        assert client.post(url, sent(audit, value="x") | wrong).status_code == status
    client.force_login(cast.pq_lead, backend=BACKEND)
    assert client.post(url, sent(audit, value="x")).status_code == 404
    assert not audit.answers.exists()


@pytest.mark.req("S1-33", "T-R9")
def test_a_button_that_chooses_saves_the_other_boxes_too(audit, client):
    conflict_in_evidence(audit, client)
    kept, page = KeptText.objects.get(), f"/audits/{audit.number}/domains/relationships/"
    answer = client.post(page, {
        "settle": f"both:{kept.pk}:1:1", "evidence": "First", "evidence-version": "1", "judgement": "met",
    })
    assert answer.status_code == 200 and "was changed somewhere else" not in answer.text
    assert (standing(audit, "evidence"), standing(audit, "judgement")) == ("First\n\nSecond", "met")
    again = client.post(page, {"settle": f"other:{kept.pk}:1:1"})
    assert again.status_code == 200 and standing(audit, "evidence") == "First\n\nSecond"
    for wrong in ("other", "other:1", "burn:1:1:1", "other:x:1:1"):
        assert client.post(page, {"settle": wrong}).status_code == 400
    assert client.post(page, {"settle": "other:999:1:1"}).status_code == 404


def conflict_in_evidence(audit, client):
    url = f"/audits/{audit.number}/answers/"
    assert client.post(url, sent(audit, value="First")).status_code == 200
    assert client.post(url, sent(audit, value="Second")).status_code == 409


def test_the_history_shows_where_somebody_stopped_or_every_saving(audit, client):
    conflict_in_evidence(audit, client)
    mine = sent(audit, version="1")
    for number in range(1, 15):
        client.post(f"/audits/{audit.number}/answers/", mine | {"value": f"Text {number}", "sequence": str(number),
                                                                "version": "1"})
    answer = audit.answers.get(field="evidence")
    page = f"/audits/{audit.number}/answers/{answer.pk}/"
    brief, every = client.get(page).text, client.get(f"{page}?show=every").text
    assert brief.count("Put this text back") == 2 and "Stands now" in brief and "Waits for your choice" in brief
    assert "Page 1 of 2" in every and "Page 1 of 1" not in brief
    assert "Put this text back" in client.get(f"{page}?show=every&page=2").text


def test_the_history_costs_the_same_for_two_texts_and_for_twenty(audit, client):
    conflict_in_evidence(audit, client)
    answer, costs = audit.answers.get(field="evidence"), []
    page = f"/audits/{audit.number}/answers/{answer.pk}/?show=every"
    for count in (1, 20):
        for number in range(count):
            Answer.objects.filter(pk=answer.pk).update(value=f"Text {count} {number}", version=100 * count + number)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 20


def test_a_text_of_another_answer_is_not_put_back(audit, client):
    conflict_in_evidence(audit, client)
    Page(audit).save("Strong")
    other = AnswerRevision.objects.get(value="Strong")
    page = f"/audits/{audit.number}/answers/{audit.answers.get(field='evidence').pk}/put-back/"
    for text in (f"version-{other.pk}", "version-x", "kept-999", "nonsense", ""):
        assert client.post(page, {"text": text, "version": "1"}).status_code == 404


def test_differences_are_found_word_by_word():
    assert differences("Seen on 14 October.", "Seen alone on 14 October.") == [
        ("same", "Seen "), ("in", "alone "), ("same", "on 14 October.")]
    assert differences("", "") == []
    long = "word " * 6000 + "\n"
    assert differences(long, long + "end") == [("same", long), ("in", "end")]
