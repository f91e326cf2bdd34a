"""The house in order: imports in one direction, no lint, no model without its migration."""

import subprocess
import sys
from pathlib import Path

import pytest
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
