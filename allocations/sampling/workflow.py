"""Verbs on the sample of a round, before its list is out: how many, who may have their own team's cases, themes.

A frozen frame does not change: what is settled after freezing counts when the frame is frozen again.
"""

import re
from datetime import datetime

from django.db import transaction

from allocations.forbidden import PEOPLE, Forbidden
from allocations.frame import auditors_on_duty, reason_to_leave_out, recently_audited
from allocations.models import Round, TeamOverride, Theme
from allocations.permissions import check_can_run_rounds
from calendars.words import count
from casefiles.models import CaseFile
from people.models import Auditor as Registered
from people.models import Staff
from people.refusals import Refused
from trail.writing import record

Status = Round.Status
BEFORE_THE_LIST = frozenset({Status.PLANNED, Status.FROZEN, Status.DRAWN, Status.REVIEWED})
VERBS = ("round.wanted", "round.same_team_allowed", "round.same_team_forbidden", "round.theme_set",
         "round.theme_removed")
MOST_NAMED = 10
MOST_CASES = 2_000


def _open(round: Round, by: Staff) -> Round:
    """The round, locked, while its list is not out."""
    round = Round.objects.select_for_update(of=("self",)).select_related("version__programme").get(pk=round.pk)
    check_can_run_rounds(by)
    if round.status not in BEFORE_THE_LIST:
        raise Refused(f"The list of {round} is out, so its sample cannot change any more.")
    return round


@transaction.atomic
def want(*, round: Round, wanted: int | None, by: Staff, at: datetime) -> Round:
    """How many cases to draw; None for what the auditors on duty can take (S0-07)."""
    round = _open(round, by)
    before, round.wanted = round.wanted, wanted
    round.save(update_fields=["wanted"])
    record("round.wanted", target=round, by=by, at=at, changes={"wanted": [before, wanted]})
    return round


@transaction.atomic
def allow_same_team(*, round: Round, auditor: Staff, reason: str, by: Staff, at: datetime,
                    case: str = "") -> TeamOverride:
    """Let an auditor have a case of their own team or group, or every one of them, and say why (S2-05, A37).

    Raises Refused where nothing but the team must stand between them and does not: who works or worked on a case,
    or manages it, never audits it.
    """
    round = _open(round, by)
    entry = _on_duty(round, auditor)
    file = _open_cases([case], "case")[0] if case else None
    _check_only_the_team(round, entry, file)
    if not reason.strip():
        raise Refused("Say why: the reason is on the certificate.", "reason")
    row, is_new = TeamOverride.objects.get_or_create(
        round=round, auditor=auditor, case_file=file, defaults={"reason": reason.strip(), "made_at": at, "made_by": by})
    if not is_new:
        raise Refused(f"{auditor} may have {'this case' if file else 'these cases'} already.", "auditor")
    record("round.same_team_allowed", target=round, subject=round, by=by, at=at, changes=_in_the_trail(row))
    return row


def _in_the_trail(row: TeamOverride) -> dict:
    return {"auditor": row.auditor_id, "case_file": row.case_file_id, "reason": row.reason}


def _on_duty(round: Round, auditor: Staff) -> Registered:
    entry = next((each for each in auditors_on_duty(round) if each.staff_id == auditor.pk), None)
    if entry is None:
        raise Refused(f"{auditor} is not on duty in this round, so there is nothing to allow.", "auditor")
    return entry


def _check_only_the_team(round: Round, entry: Registered, file: CaseFile | None) -> None:
    """Something is in the way, and it is the team alone."""
    if not round.version.rules.sampling.same_team_forbidden:
        raise Refused("This programme lets auditors have cases of their own team, so there is nothing to allow.")
    forbidden, name = Forbidden([entry]), entry.staff.reference
    if file is None:
        _check_some_case(round, entry, forbidden)
    elif name in forbidden.personally(file):
        raise Refused(f"{why_never(entry.staff, file)}, and may never audit it.", "auditor")
    elif name not in forbidden.same_team(file):
        raise Refused(f"{entry.staff} is not of the team or group of this case, and may have it as it is.", "case")


def why_never(auditor: Staff, file: CaseFile) -> str:
    """Why somebody may never audit a case, which no exception changes."""
    works = auditor.pk in {getattr(file, name) for name in PEOPLE[:-1]}
    if works or file.involvements.filter(staff=auditor).exists():
        return f"{auditor} works or worked on this case"
    return f"{auditor} manages this case"


def _check_some_case(round: Round, entry: Registered, forbidden: Forbidden) -> None:
    """At least one case that can be drawn is opened by it."""
    recent, name = recently_audited(round), entry.staff.reference
    files = CaseFile.objects.open().exclude(team=None).order_by("pk")
    for file in files.iterator(chunk_size=1000):
        if name in forbidden.same_team(file) and name not in forbidden.personally(file) \
                and not reason_to_leave_out(file, recent):
            return
    raise Refused(f"{entry.staff}’s own team and group have no case that this would open: there is none, or "
                  f"{entry.staff} works on it or manages it.", "auditor")


@transaction.atomic
def forbid_again(*, override: TeamOverride, by: Staff, at: datetime) -> None:
    """Take an exception back."""
    round = _open(override.round, by)
    record("round.same_team_forbidden", target=round, by=by, at=at, changes=_in_the_trail(override))
    override.delete()


@transaction.atomic
def set_theme(*, round: Round, name: str, reason: str, wanted: int, cases: str, by: Staff, at: datetime,
              theme: Theme | None = None) -> Theme:
    """So many of the cases named are drawn, in a stratum of their own; a new theme, or a changed one (S4-07).

    `cases` are references with anything between them but letters and digits. Raises Refused, and names the
    references that are unknown, closed or in another theme.
    """
    round = _open(round, by)
    files = _open_cases(references_in(cases), "cases")
    _check_theme(round, theme, name, wanted, files)
    theme = theme or Theme(round=round)
    theme.name, theme.reason, theme.wanted, theme.made_at, theme.made_by = name, reason, wanted, at, by
    theme.save()
    theme.case_files.set(files)
    record("round.theme_set", target=round, by=by, at=at,
           changes={"theme": theme.pk, "name": name, "reason": reason, "wanted": wanted,
                    "case_files": [file.pk for file in files]})
    return theme


def references_in(text: str) -> list[str]:
    """References as they were typed or pasted: one a line, or with commas, semicolons or spaces between."""
    return list(dict.fromkeys(each for each in re.split(r"[\s,;]+", text) if each))


def _open_cases(references: list[str], field: str) -> list[CaseFile]:
    """The open case files of these references; those that are not there are named."""
    if len(references) > MOST_CASES:
        raise Refused(f"Name at most {MOST_CASES:,} cases.", field)
    found = CaseFile.objects.in_bulk(references, field_name="reference")
    unknown = [each for each in references if each not in found]
    closed = [each for each in references if each in found and found[each].closed_on]
    if unknown:
        raise Refused(f"No case file has the reference {_listed(unknown)}.", field)
    if closed:
        raise Refused(f"Closed, and cannot be drawn: {_listed(closed)}.", field)
    return [found[each] for each in references]


def _listed(references: list[str]) -> str:
    """References in a sentence, cut short where somebody pasted something else."""
    shown = [each if len(each) <= 40 else f"{each[:40]}…" for each in references[:MOST_NAMED]]
    more = len(references) - len(shown)
    return f"{', '.join(shown)}{f' and {more} more' if more else ''}"


def _check_theme(round: Round, theme: Theme | None, name: str, wanted: int, files: list[CaseFile]) -> None:
    others = round.themes.exclude(pk=theme.pk if theme else None)
    if any(each.name.casefold() == name.casefold() for each in others):
        raise Refused("This round has a theme of that name already.", "name")
    taken = set(others.values_list("case_files__reference", flat=True))
    twice = [file.reference for file in files if file.reference in taken]
    if twice:
        raise Refused(f"In another theme of this round already: {_listed(twice)}.", "cases")
    if wanted > len(files):
        raise Refused(f"{count(len(files), 'case')} cannot give {wanted}. Name more, or want fewer.", "cases")


@transaction.atomic
def remove_theme(*, theme: Theme, by: Staff, at: datetime) -> None:
    """The round is drawn without this theme; its cases stay in the frame like any other."""
    round = _open(theme.round, by)
    record("round.theme_removed", target=round, by=by, at=at, changes={"theme": theme.pk, "name": theme.name})
    theme.delete()
