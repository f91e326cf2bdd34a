"""The house in order: imports in one direction, no lint, no model without its migration."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_an_app_imports_only_apps_below_it():
    ended = run(BIN / "lint-imports", "--no-cache")
    assert ended.returncode == 0, ended.stdout


def test_ruff_finds_nothing():
    ended = run(BIN / "ruff", "check", "--no-cache", ".")
    assert ended.returncode == 0, ended.stdout


@pytest.mark.django_db
def test_every_model_has_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# Records that are only ever reached through another, whose door counts.
REACHED_THROUGH = {
    "programmes.tag": "programmes.programmeversion",
    "allocations.teamoverride": "allocations.round",
    "allocations.theme": "allocations.round",
    "allocations.draw": "allocations.round",
    "audits.addendum": "audits.audit",
    "audits.answer": "audits.audit",
    "audits.answerrevision": "audits.audit",
    "audits.auditversion": "audits.audit",
    "audits.contactattempt": "audits.audit",
    "audits.familyattempt": "audits.audit",
    "audits.familydecision": "audits.audit",
    "audits.familyview": "audits.audit",
    "audits.parentalconsent": "audits.audit",
    "audits.preparation": "audits.audit",
    "audits.presence": "audits.audit",
    "audits.session": "audits.audit",
    "audits.withoutworker": "audits.audit",
    "audits.concern": "audits.audit",
    "audits.concerncall": "audits.audit",
    "audits.hold": "audits.audit",
    "audits.taggedas": "audits.audit",
    "audits.kepttext": "audits.audit",
    "audits.participation": "audits.audit",
    "audits.proposedaction": "audits.audit",
    "audits.qualitycheck": "audits.audit",
    "audits.remark": "audits.audit",
    "audits.response": "audits.audit",
    "audits.return": "audits.audit",
    "casefiles.involvement": "casefiles.casefile",
    "casefiles.upload": "casefiles.import",
    "duties.rungfired": "duties.duty",
    "people.absence": "people.staff",
    "programmes.domain": "programmes.programmeversion",
    "programmes.grade": "programmes.programmeversion",
    "programmes.programme": "programmes.programmeversion",
    "programmes.prompt": "programmes.programmeversion",
}
# Records of the portal itself, shown on no page as they are.
SHOWN_NOWHERE = {
    "allocations.breakmonth",
    "allocations.monthcounter",
    "calendars.localclosure",
    "duties.heartbeat",
    "trail.accessevent",
    "trail.detail",
    "trail.event",
    "trail.submission",
}
OURS = {
    "trail",
    "calendars",
    "people",
    "duties",
    "jobs",
    "casefiles",
    "programmes",
    "allocations",
    "audits",
    "challenges",
    "followup",
    "reporting",
}


def test_every_record_has_a_door():
    """Each model has `visible_to`, is reached through one that has, or is shown on no page."""
    models = {model._meta.label_lower: model for model in apps.get_models() if model._meta.app_label in OURS}
    doors = {label for label, model in models.items() if hasattr(model._default_manager, "visible_to")}
    assert set(REACHED_THROUGH.values()) <= doors
    assert set(models) == doors | set(REACHED_THROUGH) | SHOWN_NOWHERE
    assert not doors & (set(REACHED_THROUGH) | SHOWN_NOWHERE)


@pytest.mark.parametrize("path", sorted(ROOT.glob("*/views*")) + sorted(ROOT.glob("*/views/*.py")), ids=str)
def test_no_view_goes_around_the_doors(path):
    """A view that loads a record names its door: `.objects.get(` is not one."""
    if path.is_file():
        assert ".objects.get(" not in path.read_text(encoding="utf-8")
