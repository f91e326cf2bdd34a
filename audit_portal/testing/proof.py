"""Which rules there are (docs/requirements.md) and which tests prove them. Standard library only.

A test proves a rule when it bears `@pytest.mark.req("S1-02")`, itself, by its class, by its
module's `pytestmark` or by a parameter's marks. A test that is skipped or expected to fail proves nothing.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REGISTER = Path("docs/requirements.md")
ROW = re.compile(r"^\| (S\d-\d\d|[AB]\d{1,2}|T-[SR]\d{1,2}) \| (.+) \|$", re.MULTILINE)
Function = ast.FunctionDef | ast.AsyncFunctionDef


class BadMark(Exception):
    """A `req` mark that cannot count, or no list of rules. `str()` says what to change, and where."""


def rules(root: Path = ROOT) -> dict[str, str]:
    """Every rule by its id, in the order of docs/requirements.md. Raises BadMark for a missing page or an id twice."""
    path = root / REGISTER
    if not path.exists():
        raise BadMark(f"{REGISTER} is missing, so no rule can be proven.")
    rows = ROW.findall(path.read_text(encoding="utf-8"))
    found = dict(rows)
    if len(found) != len(rows):
        twice = sorted({name for name, _ in rows if [row[0] for row in rows].count(name) > 1})
        raise BadMark(f"{REGISTER} lists {', '.join(twice)} more than once.")
    return found


def check_ids(ids: Iterable[object], known: Iterable[str], where: str) -> None:
    """Raises BadMark unless `ids` are one or more known rules."""
    given = list(ids)
    if not given:
        raise BadMark(f'{where}: a req mark names no rule. Write, for example, @pytest.mark.req("S1-02").')
    unknown = [str(name) for name in given if name not in set(known)]
    if unknown:
        raise BadMark(f"{where}: {', '.join(unknown)} is not a rule in {REGISTER}. Correct the mark or add the rule.")


def proofs(root: Path = ROOT) -> dict[str, list[str]]:
    """The tests that prove each rule, as pytest would name them. Raises BadMark for an unknown id."""
    known = rules(root)
    found: dict[str, list[str]] = {name: [] for name in known}
    for path in test_files(root):
        for test, ids in marked_tests(path, path.relative_to(root).as_posix()):
            check_ids(ids, known, test)
            for name in dict.fromkeys(ids):
                found[name].append(test)
    return found


def test_files(root: Path) -> list[Path]:
    """Every test module that lies under a folder tests/, in alphabetical order."""
    tops = (top for top in root.iterdir() if top.is_dir() and not _is_foreign(top.name))
    paths = (path.relative_to(root) for top in tops for path in top.glob("**/test_*.py"))
    return [root / path for path in sorted(paths) if "tests" in path.parts]


def _is_foreign(name: str) -> bool:
    """Folders that hold other people's code or data."""
    return name.startswith(".") or name == "node_modules"


def marked_tests(path: Path, name: str) -> Iterator[tuple[str, list[str]]]:
    """Each test of a module that bears a `req` mark, with the ids it names."""
    module = ast.parse(path.read_text(encoding="utf-8"), str(path))
    yield from _tests_in(module.body, name, _module_marks(module.body))


def _tests_in(body: list[ast.stmt], name: str, marks: list[ast.expr]) -> Iterator[tuple[str, list[str]]]:
    """Walks functions and classes; the marks of what is around count for what is within."""
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            inner = marks + node.decorator_list + _module_marks(node.body)
            yield from _tests_in(node.body, f"{name}::{node.name}", inner)
        elif isinstance(node, Function) and node.name.startswith("test"):
            yield from _proof_of(node, name, marks + node.decorator_list)


def _proof_of(node: Function, name: str, marks: list[ast.expr]) -> Iterator[tuple[str, list[str]]]:
    """One test with its ids, unless it has none or does not count."""
    calls = [call for mark in marks for call in ast.walk(mark) if _mark_name(call) == "req"]
    dead = any(_mark_name(mark) in {"skip", "xfail"} for mark in marks)
    if calls and not dead:
        where = f"{name}::{node.name}"
        yield where, [text for call in calls for text in _literal_ids(call, where)]


def _literal_ids(call: ast.AST, where: str) -> list[str]:
    """The ids as written. Raises BadMark where they are not plain text in the mark itself."""
    arguments = call.args if isinstance(call, ast.Call) else []
    texts = [node.value for node in arguments if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    if not texts or len(texts) != len(arguments):
        raise BadMark(f'{where}: write the rules into the mark itself, for example @pytest.mark.req("S1-02").')
    return texts


def _module_marks(body: list[ast.stmt]) -> list[ast.expr]:
    """The marks in `pytestmark = …`, one or a list."""
    values = [
        node.value
        for node in body
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets)
    ]
    return [mark for value in values for mark in (value.elts if isinstance(value, ast.List | ast.Tuple) else [value])]


def _mark_name(node: ast.AST) -> str:
    """ "req" for `pytest.mark.req(...)`; a bare mark counts for skip and xfail, but req must be called."""
    function = node.func if isinstance(node, ast.Call) else node
    is_mark = (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Attribute)
        and function.value.attr == "mark"
    )
    if not is_mark or (function.attr == "req" and not isinstance(node, ast.Call)):
        return ""
    return function.attr
