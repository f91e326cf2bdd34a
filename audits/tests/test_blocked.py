"""Every refusal to share or to make final names the field and leads to it (issue 6)."""

from datetime import date, timedelta

import pytest

from audit_portal.testing.factories import START, fill_in, load_programme, make_audit_at
from audits import workflow
from audits.models import ProposedAction
from audits.views.workspace import problems_of

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
AT = START + timedelta(days=2)


def emptied(audit, field, domain=None, value=""):
    row = audit.answers.get(field=field, domain__slug=domain) if domain else audit.answers.get(field=field, domain=None)
    workflow.save_answer(audit=audit, field=field, value=value, version=row.version, by=audit.auditor, at=AT,
                         domain=row.domain)


def check_leads_there(problem, audit, client):
    """The one problem leads to an element that the page has."""
    address, _, place = problem["url"].partition("#")
    client.force_login(audit.auditor, backend=BACKEND)
    page = client.get(address)
    assert page.status_code == 200 and place and f'id="{place}"' in page.text, problem


@pytest.mark.req("S1-32", "S1-33", "S1-34", "S1-39", "S1-42", "S1-43")
@pytest.mark.parametrize(("field", "domain", "value", "said"), [
    ("evidence", "safety", "", "5 Harm, neglect and safety: You chose “Met”. Say what evidence shows it."),
    ("judgement", "safety", "", "5 Harm, neglect and safety: Evidence written, no judgement yet."),
    ("judgement", "safety", "not_applicable", "Say why it does not apply."),
    ("earlier_records", None, "", "Period and documents: Say whether you read earlier records."),
    ("earlier_records", None, "yes", "Say which earlier records you read, and why."),
    ("outcomes", None, "", "Overall judgement: Say whether the outcomes are met, or on the way."),
    ("outcomes", None, "not", "How do they go together?"),
    ("grade", None, "", "Overall judgement: No grade chosen yet."),
    ("grade_evidence", None, "", "Overall judgement: Say what the grade rests on."),
    ("strengths", None, "", "Strengths and learning: Still to write: strengths."),
    ("organisational_learning", None, "", "Strengths and learning: Still to write: learning."),
])
def test_what_blocks_sharing_is_named_and_linked(field, domain, value, said, cast, s1, client):
    audit = make_audit_at("in_progress", cast, s1)
    fill_in(audit, AT)
    emptied(audit, field, domain, value)
    with pytest.raises(workflow.NotComplete) as refused:
        workflow.share(audit=audit, by=cast.auditor, at=AT)
    problems = problems_of(audit, refused.value)
    assert len(problems) == 1 and problems[0]["text"].endswith(said)
    check_leads_there(problems[0], audit, client)


@pytest.mark.req("S1-44")
@pytest.mark.parametrize(("change", "said"), [
    ({"owner": None, "owner_outside": ""}, "Action 1 has no owner"), ({"due_on": None}, "Action 1 has no date"),
    ({"measure": ""}, "Action 1 has no measure"),
    ({"change_for_child": " "}, "Action 1 has no word on what changes for the child"),
])
def test_what_an_action_lacks_is_named_and_linked(change, said, cast, s1, client):
    audit = make_audit_at("in_progress", cast, s1)
    fill_in(audit, AT)
    ProposedAction.objects.filter(audit=audit).update(**change)
    with pytest.raises(workflow.NotComplete) as refused:
        workflow.share(audit=audit, by=cast.auditor, at=AT)
    problems = problems_of(audit, refused.value)
    assert [problem["text"] for problem in problems] == [f"Improvement plan: {said}."]
    check_leads_there(problems[0], audit, client)


@pytest.mark.req("S1-18", "S1-24", "S1-25", "S2-19", "S1-46")
def test_what_blocks_making_final_is_named_and_linked(cast, s1, client):
    audit = make_audit_at("shared", cast, s1)
    for response in audit.responses.select_related("staff"):
        workflow.respond(audit=audit, verdict="agrees", by=response.staff, at=START + timedelta(days=4))
    emptied(audit, "worker_said")
    emptied(audit, "manager_said")
    audit.family_heard.update(removed_at=AT)
    with pytest.raises(workflow.NotComplete) as refused:
        workflow.finalise(audit=audit, by=cast.auditor, at=START + timedelta(days=5))
    problems = problems_of(audit, refused.value)
    assert len(problems) == 3
    for problem in problems:
        check_leads_there(problem, audit, client)


@pytest.mark.req("S2-37", "S2-51")
def test_a_barred_grade_and_an_unsafe_child_are_named_and_linked(cast, client):
    audit = make_audit_at("in_progress", cast, load_programme("s2"))
    fill_in(audit, AT)
    emptied(audit, "outcomes", value="not")
    with pytest.raises(workflow.NotComplete, match="“Good” cannot be given") as refused:
        workflow.share(audit=audit, by=cast.auditor, at=AT)
    check_leads_there(problems_of(audit, refused.value)[0], audit, client)
    emptied(audit, "outcomes", value="met")
    emptied(audit, "safe_now", value="no")
    with pytest.raises(workflow.NotComplete, match="The child is not safe now") as refused:
        workflow.share(audit=audit, by=cast.auditor, at=AT)
    check_leads_there(problems_of(audit, refused.value)[0], audit, client)


def test_a_plan_without_a_date_is_asked_for_one(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    fill_in(audit, AT)
    workflow.add_action(audit=audit, by=cast.auditor, at=AT, what="Second", due_on=date(2026, 12, 4))
    with pytest.raises(workflow.NotComplete, match="Action 2 has no owner"):
        workflow.share(audit=audit, by=cast.auditor, at=AT)
