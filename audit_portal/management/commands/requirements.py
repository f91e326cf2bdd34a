"""`manage.py requirements`: every rule of the policies with the tests that prove it, and how many are proven."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit_portal.testing import proof


class Command(BaseCommand):
    help = "Lists every rule of docs/requirements.md with the tests that prove it."

    def add_arguments(self, parser) -> None:
        """`--json` for machines."""
        parser.add_argument("--json", action="store_true", dest="as_json", help="Print JSON instead of lines.")

    def handle(self, *args, as_json: bool = False, **options) -> None:
        """Prints the list. Raises CommandError for a mark that names an unknown rule."""
        root = Path(settings.BASE_DIR)
        try:
            rules, proofs = proof.rules(root), proof.proofs(root)
        except proof.BadMark as bad:
            raise CommandError(str(bad)) from None
        self.stdout.write(as_document(rules, proofs) if as_json else as_lines(rules, proofs))


def as_lines(rules: dict[str, str], proofs: dict[str, list[str]]) -> str:
    """A rule a line with its tests beneath, and the count at the end."""
    lines: list[str] = []
    for name, rule in rules.items():
        lines.append(f"{name}  {rule}")
        lines += [f"         {test}" for test in proofs[name]] or ["         no test yet"]
    return "\n".join([*lines, "", f"{count_proven(proofs)} of {len(rules)} proven"])


def as_document(rules: dict[str, str], proofs: dict[str, list[str]]) -> str:
    """The same as JSON: total, proven, and the requirements with id, rule and tests."""
    rows = [{"id": name, "rule": rule, "tests": proofs[name]} for name, rule in rules.items()]
    document = {"total": len(rules), "proven": count_proven(proofs), "requirements": rows}
    return json.dumps(document, indent=2, ensure_ascii=False)


def count_proven(proofs: dict[str, list[str]]) -> int:
    """How many rules have a test at least."""
    return sum(bool(tests) for tests in proofs.values())
