"""The policy document of a programme version: timescales, who decides what, caps, ladders.

It is stored as JSON with its `schema_version`. A round is pinned to a version and its document, so
documents outlive this code: `read` brings an old one up to date before checking it, and unknown keys
are refused. A timescale that is None does not exist under that programme.
Field names carry their unit: working days, calendar days, months or hours.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from people.roles import Role
from programmes.problems import sentences

CURRENT_VERSION = 1

Positive = Annotated[int, Field(strict=True, ge=1)]
Flag = Annotated[bool, Field(strict=True)]
Roles = Annotated[tuple[Role, ...], Field(min_length=1)]
Kind = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$")]
RELATIONS = ("holder", "line_manager", "managers_manager", "unit_manager", "pq", "people_of_case", "slt_digest")


def _known_recipient(name: str) -> str:
    """Whom a rung tells: a relation to the duty, or a role in the line above its unit."""
    if name not in RELATIONS and name not in Role.values:
        raise ValueError(f"nobody is called “{name}”; use {', '.join(RELATIONS)} or a role such as group_manager")
    return name


Recipient = Annotated[str, AfterValidator(_known_recipient)]


class PolicyError(ValueError):
    """A document that cannot be used. `str()` names each place and what to do about it."""


class Part(BaseModel):
    """A part of the document: nothing unknown in it, and nobody changes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ConcernHours(Part):
    """After how many hours, round the clock, an unanswered concern reaches whom (S1-27)."""

    group_manager: Positive
    head_of_service: Positive
    assistant_director: Positive


class Timescales(Part):
    """How long each step may take."""

    complete_by: Literal["last_calendar_day", "given_date"]
    notice_days: Annotated[int, Field(strict=True, ge=0)] | None = None
    late_reallocation_working_days: Positive | None = None
    exemption_working_days: Positive = 2  # to speak or decide on a request; older documents do not say
    first_contact_working_days: Positive | None = None
    escalation_prompt_working_days: Positive | None = None
    escalation_resolve_working_days: Positive = 3  # for the group manager; older documents do not say
    prepare_working_days_before: Positive | None = None  # record and attendance, before an audit day (S4-05)
    challenge_window_working_days: Positive | None = None
    challenge_extension_limit_working_days: Positive | None = None
    challenge_refer_working_days: Positive | None = None
    moderation_working_days: Positive | None = None
    finalise_working_days: Positive | None = None
    quality_check_working_days: Positive | None = None
    return_working_days: Positive | None = None
    reshare_working_days: Positive | None = None
    filing_working_days: Positive = 5  # to copy it to the child's record (B14); older documents do not say
    supervision_discussion_days: Positive | None = None
    supervision_date_prompt_working_days: Positive | None = None
    part_b_inadequate_working_days: Positive | None = None
    confirmation_working_days: Positive | None = None
    reopen_working_days: Positive | None = None
    reflection_meeting_working_days: Positive | None = None
    review_days: Positive | None = None
    re_audit_months: Positive | None = None
    re_audit_allocate_days: Positive | None = None
    head_of_service_meeting_working_days: Positive | None = None
    concern_confirm_hours: Positive | None = None
    concern_hours: ConcernHours


class ExemptionRoutes(Part):
    """Who decides on an exemption: by the auditor's service, and for deciders themselves (S1-10, S1-11)."""

    social_care: Roles
    quality: Roles
    own_request: Roles
    line_manager_first: Flag = False  # S2-33


class DecidingRoles(Part):
    """Which roles may take which decision."""

    allocate: Roles
    check: Roles
    exempt: ExemptionRoutes
    moderate: Roles
    cancel: Roles
    override_break_cap: Roles
    waive_re_audit: Roles


class Range(Part):
    """How many cases a round should have; outside it P&Q are warned (S0-07, S0-14)."""

    at_least: Positive
    at_most: Positive


class Sampling(Part):
    """How many audits, how many breaks, which cases are left out, and how the list is spread over strata."""

    audits_per_auditor: Positive
    yearly_cap: Positive
    breaks_per_year: Annotated[int, Field(strict=True, ge=0)]
    break_percent: Annotated[int, Field(strict=True, ge=0, le=100)]
    year_starts_month: Annotated[int, Field(strict=True, ge=1, le=12)]
    not_audited_within_months: Positive
    re_audits_count: Flag
    moderations_count: Flag
    same_team_forbidden: Flag
    training_required: Flag = True  # S4-34; documents written before it was a choice mean yes
    strata: Literal["category", "team", "service"] = "category"
    floors: dict[str, Positive] = Field(default_factory=dict)  # by stratum; a stratum without cases is named
    target: Range | None = None
    no_notice_target: Range | None = None


class AuditedPeriod(Part):
    """How far back an audit looks (S1-30), and whether the latest referral shortens it (S2-34)."""

    months: Positive
    since_latest_referral: Flag


class Contacts(Part):
    """When unanswered attempts to meet become the group manager's matter (S1-22)."""

    attempts_before_escalation: Positive
    on_different_days: Flag


class Judging(Part):
    """What is asked beside domains and grade. `outcomes_question`: not asked, a warning, or a bar to good (S2-37)."""

    at_least_one_judged: Flag
    outcomes_question: Literal["none", "warn", "block"]
    safety_question: Flag
    inadequate_notice: Literal["confirmed", "same_day"] = "confirmed"  # when worker and managers are told (A24)


class Sharing(Part):
    """Who reads a finished audit before it becomes final (S1-45)."""

    readers: Roles


class NonCompletion(Part):
    """When an audit counts as not completed (S1-65), and what a request for exemption does to that."""

    counts_from: Literal["due"]
    pending_request_shown_apart: Flag
    later_exemption_clears: Flag
    repeated_times: Positive = 2  # so many within the rolling months reach the manager's manager (S2-32)
    repeated_months: Positive = 6


class Policy(Part):
    """The whole document at the current version."""

    schema_version: Literal[1]
    timescales: Timescales
    roles: DecidingRoles
    sampling: Sampling
    audited_period: AuditedPeriod
    contacts: Contacts
    judging: Judging
    sharing: Sharing
    non_completion: NonCompletion


class Rung(Part):
    """One step of a ladder: `offset` units before or after a duty's due time, who is told."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    offset: Annotated[int, Field(strict=True, ge=0)]
    unit: Literal["working_days", "calendar_days", "hours"]
    when: Literal["before", "on", "after"]
    tell: Annotated[tuple[Recipient, ...], Field(min_length=1)]
    says: Annotated[str, StringConstraints(max_length=100)] = ""  # a sentence after the title, such as what helps now
    repeat: Positive | None = None  # again each so many units, until it is done (S4-21)

    @model_validator(mode="after")
    def _on_means_no_offset(self) -> "Rung":
        """`on` stands at the due time itself, `before` and `after` away from it."""
        if (self.when == "on") != (self.offset == 0):
            raise ValueError(f"the rung “{self.name}” needs an offset of 0 with “on”, and 1 or more otherwise")
        return self

    @model_validator(mode="after")
    def _repeats_after_the_due_time(self) -> "Rung":
        """What repeats goes on until the duty is done, so it begins at the due time or after it."""
        if self.repeat and self.when == "before":
            raise ValueError(f"the rung “{self.name}” repeats, so it stands “on” or “after” the due time")
        return self


def _named_once(rungs: tuple[Rung, ...]) -> tuple[Rung, ...]:
    """A rung fires once under its name, so a name stands once in a ladder."""
    names = [rung.name for rung in rungs]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"the rung “{twice[0]}” stands there twice")
    return rungs


Ladders = dict[Kind, Annotated[tuple[Rung, ...], Field(min_length=1), AfterValidator(_named_once)]]
LADDERS: TypeAdapter[dict[str, tuple[Rung, ...]]] = TypeAdapter(Ladders)

Document = dict[str, Any]
Upgrade = Callable[[Document], Document]
_upgrades: dict[int, Upgrade] = {}


def upgrades_from(version: int) -> Callable[[Upgrade], Upgrade]:
    """Registers a function that turns a document of `version` into one of the next version."""

    def register(function: Upgrade) -> Upgrade:
        if version in _upgrades:
            raise ValueError(f"There is an upgrade from version {version} already.")
        _upgrades[version] = function
        return function

    return register


def upgrade(document: Document, to: int = CURRENT_VERSION) -> Document:
    """The document at the current schema version, a copy. Raises PolicyError where that cannot be.

    Upgrade functions get a copy and need not set `schema_version`.
    """
    version = _version_of(document)
    if version > to:
        raise PolicyError(f"The policy is of schema version {version}, and this portal knows {to}. Update the portal.")
    upgraded = deepcopy(document)
    for step in range(version, to):
        if step not in _upgrades:
            raise PolicyError(f"The policy is of schema version {version}; nothing leads from {step} to {step + 1}.")
        upgraded = _upgrades[step](upgraded) | {"schema_version": step + 1}
    return upgraded


def read(document: Document) -> Policy:
    """The policy of a stored document, brought up to date and checked. Raises PolicyError."""
    try:
        return Policy.model_validate(upgrade(document))
    except ValidationError as error:
        raise PolicyError(sentences(error, Policy)) from None


def read_ladders(document: Document) -> dict[str, tuple[Rung, ...]]:
    """The ladders by kind of duty, checked. Raises PolicyError."""
    try:
        return LADDERS.validate_python(document)
    except ValidationError as error:
        raise PolicyError(sentences(error, Rung)) from None


def _version_of(document: Document) -> int:
    """The schema version that a document names. Raises PolicyError where it names none."""
    version = document.get("schema_version") if isinstance(document, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise PolicyError("The policy needs a schema_version, a whole number from 1.")
    return version
