"""The diagrams, their command, and the page in the repository."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from workflows.diagrams import diagram, page, section
from workflows.words import as_heading, in_sentence, joined

EXPECTED = """```mermaid
stateDiagram-v2
    [*] --> draft
    draft : Draft
    shared : Shared
    refused : Refused
    closed : Closed
    draft --> shared
    shared --> draft
    shared --> refused
    shared --> closed
    refused --> draft
    closed --> [*]
```"""


def test_a_table_is_drawn_in_the_order_of_its_statuses(letters):
    assert "\n".join(diagram(letters)) == EXPECTED


def test_a_section_names_the_statuses_that_owe_a_duty(letters):
    assert "holds an open duty: Draft (`draft`), Shared (`shared`)." in section(letters)


def test_the_page_says_that_it_is_generated(letters):
    assert "Generated from the transition tables" in page([letters])


def test_docs_workflows_is_not_stale(settings):
    """Fails when a table changed and docs/workflows.md did not."""
    call_command("workflow_diagrams", check=True)


def test_the_command_writes_a_page_that_then_passes_the_check(settings, tmp_path: Path, capsys):
    settings.BASE_DIR = tmp_path
    call_command("workflow_diagrams")
    call_command("workflow_diagrams", check=True)
    assert (tmp_path / "docs" / "workflows.md").read_text(encoding="utf-8").startswith("# Workflows")


@pytest.mark.parametrize("content", [None, "# Workflows\n"])
def test_the_check_fails_for_a_missing_or_stale_page(settings, tmp_path: Path, content):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    if content:
        (tmp_path / "docs" / "workflows.md").write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match="stale"):
        call_command("workflow_diagrams", check=True)


def test_words():
    assert [in_sentence(noun) for noun in ("Audit", "Part B", "P&Q check", "A thing")] == [
        "audit", "part B", "P&Q check", "a thing",
    ]
    assert as_heading("part B") == "Part B"
    assert [joined(list(letters)) for letters in ("", "a", "ab", "abc")] == ["", "a", "a or b", "a, b or c"]
