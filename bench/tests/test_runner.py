"""`python -m bench`: which benchmarks run, what is printed, which exit code follows."""

import sys
from contextlib import contextmanager

import pytest

import bench
from bench import __main__ as runner

ROW = "{{'name': '{0}', 'value': {1}, 'unit': 's', 'target': {2}, 'met': {3}}}"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder in the place of bench/; what is imported from it is forgotten afterwards."""
    monkeypatch.setattr(bench, "__path__", [str(tmp_path)])
    before = set(sys.modules)
    yield tmp_path
    for name in {name for name in sys.modules if name.startswith("bench.made_")} - before:
        del sys.modules[name]
        delattr(bench, name.removeprefix("bench."))


def write(folder, name, *rows, head=""):
    """A benchmark that gives these rows."""
    (folder / f"{name}.py").write_text(f"{head}\ndef run():\n    return [{', '.join(rows)}]\n")


def row(name, value, target, met):
    """One row as source."""
    return ROW.format(name, value, target, met)


def test_everything_runs_and_the_table_has_value_and_target(folder, capsys):
    write(folder, "made_a", row("Draw", 0.25, 2, True))
    write(folder, "made_b", row("Replay of many", 12, None, True))
    assert runner.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["Benchmark", "Value", "Target"]
    assert lines[1].split() == ["Draw", "0.25", "s", "2", "s"]
    assert lines[2] == "Replay of many    12 s"


def test_a_missed_target_is_said_and_is_exit_code_1(folder, capsys):
    write(folder, "made_c", row("Slow", 3, 2, False), row("Quick", 1, 2, True))
    assert runner.main([]) == 1
    assert capsys.readouterr().out.count("missed") == 1


def test_only_what_is_named_runs(folder, capsys):
    write(folder, "made_d", row("Wanted", 1, 2, True))
    write(folder, "made_e", row("Unwanted", 9, 2, False))
    assert runner.main(["made_d"]) == 0
    assert "Unwanted" not in capsys.readouterr().out


def test_an_unknown_name_lists_the_known_ones_and_runs_nothing(folder, capsys):
    write(folder, "made_f", row("Wanted", 1, 2, True))
    assert runner.main(["made_f", "drawing"]) == 2
    said = capsys.readouterr()
    assert said.err == "There is no benchmark called drawing. There are: made_f.\n"
    assert said.out == ""


def test_a_package_runs_only_where_it_is_named_and_is_given_its_options(folder, capsys):
    write(folder, "made_i", row("Quick", 1, 2, True))
    (folder / "made_j").mkdir()
    head = "def run(words):\n    return [{'name': words[0], 'value': 1, 'unit': '', 'target': None, 'met': True}]\n"
    (folder / "made_j" / "__init__.py").write_text(head)
    assert runner.main([]) == 0
    assert "Quick" in capsys.readouterr().out
    assert runner.main(["made_j", "--short"]) == 0
    assert "--short" in capsys.readouterr().out
    assert runner.main(["made_i", "--short"]) == 2
    assert capsys.readouterr().err == "Only one of made_j, alone, takes options such as --short.\n"


def test_a_benchmark_that_needs_a_database_is_given_one_of_its_own(folder, monkeypatch):
    given = []

    @contextmanager
    def database():
        given.append("made")
        yield
        given.append("dropped")

    monkeypatch.setattr(runner, "database", database)
    write(folder, "made_g", row("Load", 1, 2, True), head="NEEDS_DATABASE = True")
    write(folder, "made_h", row("Pure", 1, 2, True))
    assert runner.main([]) == 0
    assert given == ["made", "dropped"]


def test_the_benchmarks_of_this_project_are_known():
    assert "draw" in runner.names()
    assert runner.packages() == ["faults"]
    assert not [name for name in runner.names() if name.startswith("_")]
