"""A case that is missing from a list is closed; its open audit stays whole."""

from datetime import timedelta

import pytest

from audit_portal.testing.factories import START, make_audit_at, make_case, walk
from audit_portal.testing.liveness import missing_duties
from audits.models import Audit
from casefiles import workflow
from casefiles.models import CaseFile, Import
from duties.models import Duty

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=1)


@pytest.mark.parametrize("status", ["allocated", "in_progress", "shared", "quality_check", "with_team_manager"])
def test_a_list_with_half_its_rows_missing_closes_them_and_leaves_their_audits_whole(status, cast, s1):
    audit = make_audit_at(status, cast, s1)
    for number in range(20, 24):
        make_case(str(number), cast.team, cast.worker, category="protection")
    before = content_of(audit)
    lines = [f"{number},CP,{cast.team.name},Tomasz Nowak" for number in (20, 21)]
    imported = load(["reference,category,team,worker", *lines], cast)
    assert imported.counts["closed"] == CaseFile.objects.open().count() + 1 == 3
    assert any("closes 60% of all open cases" in note["text"] for note in imported.notes)
    assert rows_of(imported, "closed") == sorted([audit.case_file.reference, "22", "23"])
    assert not CaseFile.objects.get(pk=audit.case_file_id).is_open
    *kept, owed = content_of(audit)
    new = [duty for duty in owed if duty["kind"] == "audit.substitute"]
    assert [*kept, [duty for duty in owed if duty not in new]] == list(before) and missing_duties() == []
    assert len(new) == (status in {"allocated", "in_progress"})


def load(lines, cast) -> Import:
    imported = workflow.preview(kind="case_files", file_name="half.csv", content="\n".join(lines).encode(),
                                by=cast.pq_lead, at=LATER)
    return workflow.confirm(imported=imported, by=cast.pq_lead, at=LATER)


def rows_of(imported, title):
    return sorted(row[0] for part in imported.plan["parts"] if part["title"] == title for row in part["rows"])


def content_of(audit):
    """Everything that an audit is, has and owes."""
    row = Audit.objects.filter(pk=audit.pk).values().get()
    answers = list(audit.answers.order_by("pk").values())
    people = list(audit.participations.order_by("pk").values())
    duties = Duty.objects.open().filter(audit_number=audit.number).order_by("pk").values("kind", "holder", "due_at")
    return row, answers, people, list(duties)


def test_an_audit_of_a_closed_case_is_finished_as_any_other(cast, s1):
    audit = make_audit_at("in_progress", cast, s1)
    load(["reference,category,team,worker", f"99,CP,{cast.team.name},Tomasz Nowak"], cast)
    audit.refresh_from_db()
    walk(audit, ["write", "share"], cast)
    assert Audit.objects.get().status == Audit.Status.SHARED
