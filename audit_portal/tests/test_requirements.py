"""The list of rules, the marks that prove them, the plugin and the command."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from audit_portal.testing import proof, requirements

REGISTER = "| id | rule |\n|---|---|\n| S1-01 | First. |\n| S1-02 | Second. |\n| S2-03 | Third. |\n"
MODULE = '''
import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.req("S2-03")]


@pytest.mark.req("S1-01", "S1-02")
def test_two():
    pass


@pytest.mark.req("S1-01")
@pytest.mark.skip(reason="later")
def test_skipped():
    pass


def helper():
    pass


@pytest.mark.req("S1-02")
class TestThings:
    @pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.req("S1-01"))])
    async def test_one(self, n):
        pass
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with three rules and one module of tests."""
    write(tmp_path, "docs/requirements.md", REGISTER)
    write(tmp_path, "things/tests/test_things.py", MODULE)
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    """One file of the little project."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_page_lists_all_rules_readings_and_promises_without_gaps():
    policies = {"S1": 67, "S2": 87, "S0": 26, "S3": 24, "S4": 37}
    rules = [f"{source}-{n:02}" for source, last in policies.items() for n in range(1, last + 1)]
    ours = {"A": 50, "B": 16, "T-S": 7, "T-R": 13}
    readings = [f"{letter}{n}" for letter, last in ours.items() for n in range(1, last + 1)]
    assert list(proof.rules()) == rules + readings
    assert (len(rules), len(readings)) == (241, 86)


def test_every_rule_is_one_sentence():
    for name, rule in proof.rules().items():
        assert rule.endswith((".", "].")) and ". " not in rule, name


def test_marks_are_gathered_from_functions_classes_modules_and_parameters(project):
    two, one = "things/tests/test_things.py::test_two", "things/tests/test_things.py::TestThings::test_one"
    assert proof.proofs(project) == {"S1-01": [two, one], "S1-02": [two, one], "S2-03": [two, one]}


@pytest.mark.parametrize("mark", ["skip", 'skip(reason="later")', "xfail"])
def test_a_test_that_does_not_run_proves_nothing(project, mark):
    body = f'import pytest\n\n\n@pytest.mark.{mark}\n@pytest.mark.req("S1-01")\ndef test_a():\n    pass\n'
    write(project, "things/tests/test_things.py", body)
    assert not any(proof.proofs(project).values())


def test_a_module_mark_need_not_be_a_list(project):
    body = 'import pytest\n\npytestmark = pytest.mark.req("S1-01")\n\n\ndef test_a():\n    pass\n'
    write(project, "things/tests/test_things.py", body)
    assert proof.proofs(project)["S1-01"] == ["things/tests/test_things.py::test_a"]


def test_only_test_modules_in_tests_folders_count(project):
    for name in ("things/test_x.py", "things/tests/cases.py", ".venv/lib/tests/test_x.py"):
        write(project, name, MODULE)
    write(project, "audit_portal/deep/tests/test_x.py", MODULE)
    assert len(proof.test_files(project)) == 2


@pytest.mark.parametrize(
    ("mark", "sentence"),
    [
        ('req("S1-99")', "S1-99 is not a rule in docs/requirements.md"),
        ("req(RULE)", "write the rules into the mark itself"),
        ("req()", "write the rules into the mark itself"),
    ],
)
def test_a_mark_that_cannot_count_is_refused(project, mark, sentence):
    write(project, "things/tests/test_things.py", f"@pytest.mark.{mark}\ndef test_a():\n    pass\n")
    with pytest.raises(proof.BadMark, match=f"things/tests/test_things.py::test_a: .*{sentence}"):
        proof.proofs(project)


def test_a_missing_list_of_rules_is_named(tmp_path):
    with pytest.raises(proof.BadMark, match=r"docs/requirements.md is missing"):
        proof.rules(tmp_path)


def test_a_rule_listed_twice_is_named(project):
    write(project, "docs/requirements.md", REGISTER + "| S1-02 | Again. |\n")
    with pytest.raises(proof.BadMark, match="lists S1-02 more than once"):
        proof.rules(project)


class Item:
    """As much of a collected test as the plugin asks for."""

    nodeid = "things/tests/test_things.py::test_a"

    def __init__(self, *ids: str) -> None:
        self.marks = [pytest.mark.req(*ids).mark]

    def iter_markers(self, name: str) -> list[pytest.Mark]:
        """The marks of that name."""
        return [mark for mark in self.marks if mark.name == name]


def test_the_plugin_lets_known_rules_through():
    requirements.pytest_collection_modifyitems([Item("S1-02", "S4-37")])
    requirements.pytest_collection_modifyitems([])


@pytest.mark.parametrize(
    ("ids", "sentence"),
    [(("S1-02", "S9-01"), "test_a: S9-01 is not a rule"), ((), "test_a: a req mark names no rule")],
)
def test_the_plugin_stops_a_run_with_an_unknown_rule(ids, sentence):
    with pytest.raises(pytest.UsageError, match=sentence):
        requirements.pytest_collection_modifyitems([Item(*ids)])


def test_the_command_lists_rules_tests_and_the_count(project, settings, capsys):
    settings.BASE_DIR = project
    write(project, "docs/requirements.md", REGISTER + "| S4-01 | Fourth. |\n")
    call_command("requirements")
    out = capsys.readouterr().out
    assert "S1-01  First.\n         things/tests/test_things.py::test_two\n" in out
    assert "S4-01  Fourth.\n         no test yet\n" in out
    assert out.endswith("3 of 4 proven\n")


def test_the_command_speaks_json(project, settings, capsys):
    settings.BASE_DIR = project
    call_command("requirements", as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert (document["total"], document["proven"]) == (3, 3)
    assert document["requirements"][0]["id"] == "S1-01"
    assert len(document["requirements"][0]["tests"]) == 2


def test_the_command_fails_for_an_unknown_rule(project, settings):
    settings.BASE_DIR = project
    write(project, "docs/requirements.md", "| S1-01 | Only. |\n")
    with pytest.raises(CommandError, match="is not a rule"):
        call_command("requirements")


def test_the_command_reads_this_project():
    call_command("requirements", as_json=True)
