"""What the frame page shows: as things stand, or as they were frozen."""

from collections import Counter
from typing import Any

from django.db.models import Count

from allocations import drawn
from allocations.frame import auditors_on_duty, frame_counts
from allocations.models import Draw, Round
from allocations.sampling import facts
from allocations.sampling.workflow import BEFORE_THE_LIST
from allocations.strata import SPREADS, in_order, labels_of


def open_context(round: Round, last: None) -> dict[str, Any]:
    """Before the frame is frozen."""
    counts, reasons = frame_counts(round)
    on_duty, cases = auditors_on_duty(round), sum(counts.values())
    capacity = sum(entry.capacity for entry in on_duty)
    labels = labels_of(counts.keys() | round.version.rules.sampling.floors.keys())
    size = facts.size_of(round, capacity, cases)
    return _settled(round) | {
        "cases": cases, "on_duty": len(on_duty), "capacity": capacity, "left_out": sorted(reasons.items()),
        "size": size, "strata": [(labels[name], counts[name]) for name in in_order(counts)],
        "warnings": facts.warnings(round, size, capacity, counts, labels),
        "nobody": facts.without_an_auditor(round, on_duty) if cases and on_duty else 0,
    }


def frozen_context(round: Round, last: Draw) -> dict[str, Any]:
    """As it was frozen; what was changed since does not count yet."""
    counts = Counter(row["stratum"] for row in last.frame["cases"])
    labels = labels_of(counts.keys() | round.version.rules.sampling.floors.keys())
    size = sum(last.quotas.values())
    capacity = sum(row["capacity"] for row in last.frame["auditors"])
    return _settled(round) | {
        "strata": drawn.strata_of(last), "left_out": drawn.left_out_of(last), "size": size,
        "warnings": facts.warnings(_as_frozen(round, size), size, capacity, counts, labels),
        "nobody": facts.without_an_auditor_frozen(last), "changed": facts.changed_since(round),
        "frozen_overrides": drawn.overrides_of(last),
    }


def _as_frozen(round: Round, size: int) -> Round:
    """The round with the size that its frozen frame has, whatever was wanted since. Never saved."""
    return Round(version=round.version, month=round.month, is_no_notice=round.is_no_notice, wanted=size)


def _settled(round: Round) -> dict[str, Any]:
    """How many, for whom, on what: settled before the draw."""
    rules = round.version.rules.sampling
    return {
        "can_change": round.status in BEFORE_THE_LIST, "target": facts.target_of(round.version, round.is_no_notice),
        "team_overrides": list(round.team_overrides.select_related("auditor", "case_file", "made_by")),
        "themes": list(round.themes.annotate(cases=Count("case_files")).select_related("made_by")),
        "spread": SPREADS[rules.strata], "same_team": rules.same_team_forbidden,
        "no_history": facts.nothing_was_audited(round), "months": rules.not_audited_within_months,
    }
