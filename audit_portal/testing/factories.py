"""Builders for tests. They walk the real verbs, so no test starts from an impossible state."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from allocations import workflow as rounds
from allocations.exemptions import workflow as exemptions
from allocations.models import Allocation, Exemption, Round
from audit_portal.testing.writing import agree as agree
from audit_portal.testing.writing import decide as decide
from audit_portal.testing.writing import fill_in as fill_in
from audit_portal.testing.writing import hear as hear
from audit_portal.testing.writing import invite as invite
from audit_portal.testing.writing import meet as meet
from audit_portal.testing.writing import write_view as write_view
from audits import workflow as audits
from audits.models import Audit, Escalation
from audits.quality import ALL_IN_ORDER
from casefiles.models import CaseFile
from duties.models import Delivery
from followup import workflow as followup
from people.models import Auditor, RoleGrant, Staff, Unit
from people.roles import Role
from people.workflow import place_unit
from programmes.loading import load_common_ladders, load_preset
from programmes.models import ProgrammeVersion
from programmes.preset import FOLDER, read_preset

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MONTH = date(2026, 11, 1)
LONG_AGO = date(2024, 4, 1)


def load_s1() -> ProgrammeVersion:
    """The default programme, published long ago."""
    load_common_ladders(at=START - timedelta(days=400))
    return load_programme("s1")


def load_s2() -> ProgrammeVersion:
    """The managers' guide, published beside the default programme."""
    return load_programme("s2")


def load_programme(slug: str) -> ProgrammeVersion:
    """A preset, published long ago."""
    return load_preset(read_preset(FOLDER / f"{slug}.yaml"), at=START - timedelta(days=400), effective_from=LONG_AGO)


def make_unit(name: str, kind: str, parent: Unit | None = None, manager: Staff | None = None, **fields) -> Unit:
    """A unit in its place in the tree."""
    unit = Unit.objects.create(
        name=name, kind=kind, parent=parent, manager=manager, reference=name.lower().replace(" ", "-"), **fields
    )
    place_unit(unit)
    return unit


def make_staff(name: str, unit: Unit | None = None, *, roles: tuple[str, ...] = (), **fields) -> Staff:
    """A person with their roles."""
    handle = name.lower().replace(" ", ".")
    staff = Staff(name=name, email=f"{handle}@northbrook.example", reference=handle, unit=unit, **fields)
    staff.set_password("correct horse battery")
    staff.save()
    for role in roles:
        RoleGrant.objects.create(staff=staff, role=role, starts_on=LONG_AGO, granted_by=staff)
    return staff


def make_auditor(name: str, unit: Unit | None = None, **fields) -> Staff:
    """A person in the auditor register, trained."""
    staff = make_staff(name, unit, **fields)
    Auditor.objects.create(staff=staff, joined_on=LONG_AGO, trained_on=LONG_AGO)
    return staff


def make_case(reference: str, team: Unit, worker: Staff | None = None, **fields) -> CaseFile:
    """An open case file."""
    fields.setdefault("category", CaseFile.Category.IN_NEED)
    return CaseFile.objects.create(reference=reference, team=team, worker=worker, opened_on=LONG_AGO, **fields)


def make_email(recipient: Staff, state: str, at: datetime = START, **fields) -> Delivery:
    """An e-mail as the sender leaves it; a dead one was tried in vain for a day."""
    facts = {
        Delivery.State.SENT: {"sent_at": at, "attempts": 1},
        Delivery.State.LEASED: {"leased_until": at + timedelta(minutes=2), "attempts": 1},
        Delivery.State.DEAD: {"attempts": 13, "last_error": "SMTPRecipientsRefused"},
    }
    fields = {"address": recipient.email, "subject": "Audit Portal: a notice", **facts.get(state, {}), **fields}
    return Delivery.objects.create(
        recipient=recipient, state=state, body="A notice", created_at=at, tried_since=at, next_attempt_at=at, **fields
    )


@dataclass
class Cast:
    """Everybody who has a part, and where they belong."""

    care: Unit
    service: Unit
    group: Unit
    team: Unit
    other_team: Unit
    quality: Unit
    director: Staff
    assistant_director: Staff
    strategic_lead: Staff
    head_of_service: Staff
    group_manager: Staff
    team_manager: Staff
    worker: Staff
    iro: Staff
    other_worker: Staff
    other_manager: Staff
    auditor: Staff
    pq_lead: Staff
    pq_officer: Staff
    administrator: Staff
    board_viewer: Staff
    leader: Staff
    leaver: Staff

    def everyone(self) -> dict[str, Staff]:
        """Persona by name."""
        return {name: value for name, value in vars(self).items() if isinstance(value, Staff)}


def make_cast() -> Cast:
    """A small council: two services, two teams, P&Q, and one person for each role."""
    care = make_unit("Social Care", "directorate")
    service = make_unit("Children in Need", "service", care)
    group = make_unit("Children in Need East", "group", service)
    team = make_unit("Children in Need East 2", "team", group)
    other_service = make_unit("Fostering", "service", care)
    other_group = make_unit("Fostering Group", "group", other_service)
    other_team = make_unit("Fostering Team", "team", other_group)
    improvement = make_unit("Improvement", "directorate", is_quality_service=True)
    quality = make_unit("Performance and Quality", "service", improvement, is_quality_service=True)
    cast = Cast(
        care,
        service,
        group,
        team,
        other_team,
        quality,
        director=make_staff("Diana Prior", care, roles=(Role.DIRECTOR,)),
        assistant_director=make_staff("Simon Hartley", care),
        strategic_lead=make_staff("Stella Lead", improvement),
        head_of_service=make_staff("Ruth Okafor", service),
        group_manager=make_staff("Colin Beckett", group),
        team_manager=make_staff("Farah Siddiqui", team),
        worker=make_staff("Tomasz Nowak", team, roles=(Role.WORKER,)),
        iro=make_staff("Maureen Doyle", quality, roles=(Role.IRO,)),
        other_worker=make_staff("Amy Lowther", other_team, roles=(Role.WORKER,)),
        other_manager=make_staff("Owen Pritchard", other_team),
        auditor=make_auditor("Grace Adeyemi", other_team),
        pq_lead=make_staff("Naomi Clarke", quality, roles=(Role.QA_LEAD,)),
        pq_officer=make_staff("Chidi Eze", quality, roles=(Role.QA_OFFICER,)),
        administrator=make_staff("Ada Admin", None, roles=(Role.SYSTEM_ADMIN,)),
        board_viewer=make_staff("Bo Board", None, roles=(Role.BOARD_VIEWER,)),
        leader=make_staff("Leo Leader", care, roles=(Role.SLT_VIEWER,)),
        leaver=make_staff("Lee Leaver", team, is_active=False, left_on=date(2026, 1, 31)),
    )
    _appoint(cast, improvement, other_service)
    return cast


def _appoint(cast: Cast, improvement: Unit, other_service: Unit) -> None:
    managers = {
        cast.care: cast.assistant_director,
        cast.service: cast.head_of_service,
        cast.group: cast.group_manager,
        cast.team: cast.team_manager,
        cast.other_team: cast.other_manager,
        improvement: cast.strategic_lead,
        cast.quality: cast.pq_lead,
    }
    for unit, manager in managers.items():
        Unit.objects.filter(pk=unit.pk).update(manager=manager)
        unit.manager = manager


def plan_round(cast: Cast, version: ProgrammeVersion, month: date = MONTH, at: datetime = START) -> Round:
    """A planned round."""
    return rounds.plan_round(version=version, month=month, by=cast.pq_lead, at=at)


def publish_round(cast: Cast, version: ProgrammeVersion, month: date = MONTH, at: datetime = START) -> Round:
    """A round that was frozen, drawn, reviewed and published."""
    round = plan_round(cast, version, month, at)
    rounds.freeze_frame(round=round, by=cast.pq_lead, at=at)
    rounds.draw_round(round=round, by=cast.pq_lead, at=at)
    rounds.review(round=round, by=cast.pq_lead, at=at)
    return rounds.publish(round=round, by=cast.pq_lead, at=at)


def ended(by: Staff) -> dict:
    """What an allocation that has ended says."""
    return {"ended_at": START, "ended_by": by, "ended_because": "Sickness"}


def make_audit(
    cast: Cast, version: ProgrammeVersion, reference: str = "3071846", at: datetime = START, month: date = MONTH
) -> Audit:
    """An audit that was drawn and published for the cast's auditor."""
    make_case(reference, cast.team, cast.worker, iro=cast.iro, category=CaseFile.Category.PROTECTION)
    publish_round(cast, version, month, at)
    return Audit.objects.get(case_file__reference=reference)


def make_audit_at(status: str, cast: Cast, version: ProgrammeVersion, **options) -> Audit:
    """An audit in `status`, walked there through the real verbs."""
    place = {name: options.pop(name) for name in ("reference", "month") if name in options}
    return walk(make_audit(cast, version, **place), PATHS[status], cast, **options)


def walk(audit: Audit, steps: list[str], cast: Cast, **options) -> Audit:
    """Take the audit through steps of its life, each by the real verb."""
    for step in steps:
        STEPS[step](audit, cast, options)
        audit.refresh_from_db()
    return audit


def _open(audit, cast, options):
    audits.open_audit(audit=audit, by=audit.auditor, at=START + timedelta(days=1))


def _write(audit, cast, options):
    fill_in(audit, START + timedelta(days=2), options.get("grade"), options.get("judgement", "met"))


def _share(audit, cast, options):
    audits.share(audit=audit, by=audit.auditor, at=START + timedelta(days=3))


def _respond(audit, cast, options):
    for response in audit.responses.filter(verdict="waiting").select_related("staff").order_by("pk"):
        audits.respond(audit=audit, verdict="agrees", by=response.staff, at=START + timedelta(days=4))


def _finalise(audit, cast, options):
    audits.finalise(audit=audit, by=audit.auditor, at=START + timedelta(days=5))


def _return(audit, cast, options):
    audits.return_to_auditor(
        audit=audit, reasons="Say how action 1 is measured.", checklist={}, by=cast.pq_officer,
        at=START + timedelta(days=6),
    )  # fmt: skip


def _accept(audit, cast, options):
    audits.accept(audit=audit, checklist=ALL_IN_ORDER, by=cast.pq_officer, at=START + timedelta(days=7))


def _complete_part_b(audit, cast, options):
    at = START + timedelta(days=10)
    for action in audit.part_b.actions.all():
        followup.confirm_action(
            action=action, done_on=at.date(), evidence="Plan of 10 November", by=cast.team_manager, at=at
        )
    followup.record_supervision(
        part_b=audit.part_b, on=at.date(), discussion="We read it together.", by=cast.team_manager, at=at
    )
    followup.return_part_b(part_b=audit.part_b, by=cast.team_manager, at=at)


def _dispute(audit, cast, options):
    audits.dispute(audit=audit, by=cast.pq_lead, at=START + timedelta(days=5))


def _substitute(audit, cast, options):
    audits.substitute(audit=audit, why="connection", text="Knows the family", by=cast.pq_lead, at=START)


def _cancel(audit, cast, options):
    audits.cancel(audit=audit, reason="Case moved away", by=cast.assistant_director, at=START)


def ask_exemption(allocation: Allocation, by: Staff | None = None, at: datetime = START, **fields) -> Exemption:
    """A request, as a rule by the auditor."""
    fields = {"reason": "sickness", "explanation": "Off sick until the end of the month", **fields}
    return exemptions.ask(allocation=allocation, by=by or allocation.auditor, at=at, **fields)


@contextmanager
def line_manager_first(version: ProgrammeVersion) -> Iterator[None]:
    """For a while the programme lets the line manager speak first on an exemption, as S2-33 has it."""
    roles = version.policy["roles"]
    roles = {**roles, "exempt": {**roles["exempt"], "line_manager_first": True}}
    found = ProgrammeVersion.objects.filter(pk=version.pk)
    found.update(policy={**version.policy, "roles": roles})
    yield
    found.update(policy=version.policy)


def has_workers_prepare(version: ProgrammeVersion, working_days: int = 3) -> None:
    """From now on the programme has workers prepare for an audit day so many working days before it (S4-05)."""
    timescales = {**version.policy["timescales"], "prepare_working_days_before": working_days}
    ProgrammeVersion.objects.filter(pk=version.pk).update(policy={**version.policy, "timescales": timescales})


@contextmanager
def prepared_before(version: ProgrammeVersion, working_days: int = 3) -> Iterator[None]:
    """The same for a while."""
    has_workers_prepare(version, working_days)
    yield
    ProgrammeVersion.objects.filter(pk=version.pk).update(policy=version.policy)


def make_audit_on(day: date, cast: Cast, version: ProgrammeVersion, reference: str = "3071846", at: datetime = START,
                  *, is_no_notice: bool = False) -> Audit:
    """An audit that is done on one day, from a list that was published `at`."""
    make_case(reference, cast.team, cast.worker, iro=cast.iro)
    round = rounds.plan_round(version=version, month=day.replace(day=1), audit_day=day, is_no_notice=is_no_notice,
                              by=cast.pq_lead, at=at)
    for verb in (rounds.freeze_frame, rounds.draw_round, rounds.review, rounds.publish):
        verb(round=round, by=cast.pq_lead, at=at)
    return Audit.objects.get(case_file__reference=reference)


def try_twice(audit: Audit, person: Staff) -> None:
    """Two attempts on two days to reach somebody, without an answer."""
    for days, outcome in ((1, "no_answer"), (2, "left_message")):
        at = START + timedelta(days=days)
        audits.record_attempt(audit=audit, person=person, made_on=at.date(), method="phone", outcome=outcome,
                              by=audit.auditor, at=at)


def escalated(audit: Audit, person: Staff, at: datetime = START + timedelta(days=2)) -> Escalation:
    """Somebody who did not answer twice is the group manager's matter now."""
    try_twice(audit, person)
    return audits.escalate(audit=audit, person=person, by=audit.auditor, at=at)


def _ask(audit, cast, options):
    ask_exemption(audit.allocation, at=START + timedelta(days=1))


def _exempt(audit, cast, options):
    _ask(audit, cast, options)
    exemption = audit.allocation.exemptions.get()
    exemptions.decide(
        exemption=exemption, agrees=True, note="", by=cast.assistant_director, at=START + timedelta(days=2)
    )


def _reallocate(audit, cast, options):
    taker = Staff.objects.filter(reference="marcus.bell").first() or make_auditor("Marcus Bell", cast.other_team)
    audits.reallocate(
        audit=audit, auditor=taker, by=cast.pq_lead, at=START + timedelta(days=3), because="Away until January"
    )


STEPS = {
    "open": _open,
    "write": _write,
    "share": _share,
    "respond": _respond,
    "finalise": _finalise,
    "return": _return,
    "accept": _accept,
    "part_b": _complete_part_b,
    "dispute": _dispute,
    "substitute": _substitute,
    "cancel": _cancel,
    "ask": _ask,
    "exempt": _exempt,
    "reallocate": _reallocate,
}
_SHARED = ["open", "write", "share"]
_CHECK = [*_SHARED, "respond", "finalise"]
PATHS = {
    "allocated": [],
    "in_progress": ["open"],
    "shared": _SHARED,
    "in_dispute": [*_SHARED, "dispute"],
    "quality_check": _CHECK,
    "returned": [*_CHECK, "return"],
    "with_team_manager": [*_CHECK, "accept"],
    "closed": [*_CHECK, "accept", "part_b"],
    "substituted": ["substitute"],
    "cancelled": ["cancel"],
}
