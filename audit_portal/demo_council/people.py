"""The people of the demo council, loaded by the verb that an import of people uses."""

import random
from datetime import date, time
from typing import Any

from audit_portal.demo_council import names
from calendars.rules import at_london, last_day_of_month
from people.lines import system_actor
from people.loading import Rows, load_people
from people.models import Absence, Auditor, Staff, Unit
from people.roles import Role

FROM = date(2023, 9, 4)
TRAINED = date(2024, 3, 12)
AWAY, DEPUTY = "Alan Whitaker", "Nadia Petrov"
STEPPED_BACK = "Wendy Farrow"
PHONE = "01632 960{:03}"
Kind = Unit.Kind


def make_people(rng: random.Random, month: date) -> None:
    """Units, staff, roles and register; one auditor is away all of `month`, one has stepped back."""
    people = staff_rows(rng)
    load_people(units=unit_rows(people), people=people, by=system_actor(), at=at_london(FROM, time(9)))
    Staff.objects.working().update(is_demo=True)
    Staff.objects.filter(name="Miriam Castle").update(
        is_external=True, access_ends_on=date(month.year + 1, 3, 31))
    Auditor.objects.update(training_expires_on=date(month.year + 1, 3, 31))
    Auditor.objects.filter(staff__name=STEPPED_BACK).update(suspended_from=month)
    found = {person.name: person for person in Staff.objects.working()}
    Absence.objects.create(
        staff=found[AWAY],
        cover=found[DEPUTY],
        recorded_by=found["Naomi Clarke"],
        starts_on=month,
        ends_on=last_day_of_month(month.year, month.month),
    )


def unit_rows(people: Rows) -> Rows:
    """The tree: two directorates, four services with their groups and teams, Performance and Quality."""
    reference_of = {row["name"]: row["reference"] for row in people}
    tops = [
        (names.CARE, "Children’s Social Care", "", "Simon Hartley"),
        (names.IMPROVEMENT, "Improvement, Performance and Quality", "", "Stella Hargreaves"),
    ]
    services = [(reference, name, names.CARE, manager) for reference, name, manager in names.SERVICES]
    services.append((names.QUALITY, "Performance and Quality", names.IMPROVEMENT, "Naomi Clarke"))
    groups = [*names.GROUPS, (names.REVIEWING, "Reviewing and Conferences", names.QUALITY, "")]
    kinds = {Kind.DIRECTORATE: tops, Kind.SERVICE: services, Kind.GROUP: groups, Kind.TEAM: names.TEAMS}
    rows = [(kind, *unit) for kind, units in kinds.items() for unit in units]
    return [_unit_row(n, *row, reference_of) for n, row in enumerate(rows)]


def _unit_row(
    n: int, kind: str, reference: str, name: str, parent: str, manager: str, reference_of: dict[str, str]
) -> dict[str, Any]:
    return {
        "reference": reference,
        "name": name,
        "kind": kind,
        "parent": parent,
        "manager": reference_of.get(manager, ""),
        "phone": PHONE.format(100 + n),
        "out_of_hours_phone": PHONE.format(199),
        "is_quality_service": reference in {names.IMPROVEMENT, names.QUALITY, names.REVIEWING},
    }


def staff_rows(rng: random.Random) -> Rows:
    """Everybody, with job, unit, roles and whether they audit. Staff numbers are drawn, so that order says nothing."""
    posts = [*_leading(), *_in_teams(), *_in_quality()]
    numbers = rng.sample(range(1000, 9999), len(posts))
    return [
        _staff_row(place, f"NB{number}", *post) for place, (number, post) in enumerate(zip(numbers, posts, strict=True))
    ]


Post = tuple[str, str, str, tuple[str, ...], bool]


def _leading() -> list[Post]:
    """Single posts, heads of service, group managers: name, job, unit, roles, whether they audit."""
    singles = [
        (single.name, single.job, single.unit, single.roles, single.name in names.OTHER_AUDITORS)
        for single in names.SINGLES
    ]
    heads = [(manager, "Head of service", reference, (), False) for reference, _, manager in names.SERVICES]
    groups = [(manager, "Group manager", reference, (), True) for reference, _, _, manager in names.GROUPS]
    return singles + heads + groups


def _in_teams() -> list[Post]:
    """Team managers, advanced practitioners, workers."""
    managers = [(manager, "Team manager", reference, (), True) for reference, _, _, manager in names.TEAMS]
    advanced = [(name, "Advanced practitioner", team, (Role.WORKER,), True) for team, name in names.ADVANCED.items()]
    job = {"leaving-care": "Personal adviser", "early-help-team": "Early help practitioner"}
    workers = [
        (name, job.get(team, "Social worker"), team, (Role.WORKER,), False)
        for team, people in names.WORKERS.items()
        for name in people
    ]
    return managers + advanced + workers


def _in_quality() -> list[Post]:
    """Reviewing officers, child protection advisers, Performance and Quality officers."""
    reviewing = [(name, "Independent reviewing officer", names.REVIEWING, (Role.IRO,), True) for name in names.IROS]
    advisers = [
        (name, "Child protection adviser", names.REVIEWING, (Role.CP_ADVISER,), True) for name in names.CP_ADVISERS
    ]
    officers = [
        (name, "Performance and Quality officer", names.QUALITY, (Role.QA_OFFICER,), name in names.OTHER_AUDITORS)
        for name in names.OFFICERS
    ]
    return reviewing + advisers + officers


def _staff_row(
    place: int, number: str, name: str, job: str, unit: str, roles: tuple[str, ...], audits: bool
) -> dict[str, Any]:
    return {
        "reference": names.ON_THE_PAGE.get(name, number),
        "name": name,
        "email": f"{name.lower().replace(' ', '.')}@northbrook.example",
        "job_title": job,
        "phone": PHONE.format(200 + place),
        "unit": unit,
        "line_manager": "",
        "roles": [str(role) for role in roles],
        "auditor": audits,
        "trained_on": TRAINED.isoformat() if audits else None,
    }
