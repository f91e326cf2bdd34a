"""Units and people of a council of a size, by the verb that an import of people uses. All names are invented."""

from dataclasses import dataclass, field
from datetime import date, time
from itertools import count

from audit_portal.scale.sizes import GROUPS_A_SERVICE, TEAMS_A_GROUP, Size
from calendars.rules import at_london
from people.lines import system_actor
from people.loading import Rows, load_people
from people.models import Auditor, Staff, Unit
from people.roles import Role

FIRST = ("Amira Beth Callum Dilys Edwin Freya Gita Harold Ivy Jonas Kavita Leon Mabel Nikhil Orla Percy Quentin Rosa "
         "Sunil Tessa Umar Violet Wesley Yasmin Zoltan").split()
LAST = ("Ashdown Birchall Cawthorne Dunmore Elverson Fenwright Garside Holloway Inskip Jessop Kettle Lathom Marchbank "
        "Nettleton Oakden Pemble Quarmby Rushworth Stansfield Thackley Underhill Verity Wainscott Yardley").split()
KINDS = ("Assessment", "Children in Need", "Child Protection", "Children in Care", "Leaving Care")
WORKERS_A_TEAM, SENIORS_A_TEAM = 10, 3
QUALITY, REVIEWING, IMPROVEMENT, CARE = "scale-quality", "scale-reviewing", "scale-improvement", "scale-care"
JOINED = date(2021, 4, 1)
ON_THE_PAGE = {"Director": "demo-director", "Assistant director": "demo-assistant-director",
               "P&Q lead": "demo-pq-lead", "P&Q officer": "demo-pq-officer", "Head of service": "demo-head-of-service",
               "Group manager": "demo-group-manager", "Team manager": "demo-team-manager",
               "Social worker": "demo-worker", "Practice lead": "demo-auditor"}


@dataclass
class Council:
    """The rows as they are made up, and the references that were given."""

    size: Size
    units: Rows = field(default_factory=list)
    people: Rows = field(default_factory=list)
    numbers: count = field(default_factory=lambda: count(1))
    on_the_page: set[str] = field(default_factory=set)

    def person(self, job: str, unit: str, *roles: str, audits: bool = False) -> str:
        """Somebody in a post; gives their reference. The first in a post is who the demo's sign-in page shows."""
        number = next(self.numbers)
        name = f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]}"
        known = ON_THE_PAGE.get(job, "")
        reference = known if known and known not in self.on_the_page else f"SC{number:06}"
        self.on_the_page.add(reference)
        self.people.append({
            "reference": reference, "name": f"{name} {number}", "email": f"{reference.lower()}@scale.example",
            "job_title": job, "phone": "", "unit": unit, "line_manager": "", "roles": [str(role) for role in roles],
            "auditor": audits, "trained_on": JOINED.isoformat() if audits else None})
        return reference

    def unit(self, reference: str, kind: str, name: str, parent: str, manager: str, quality: bool = False) -> None:
        """A unit with its manager."""
        self.units.append({"reference": reference, "kind": kind, "name": name, "parent": parent, "manager": manager,
                           "phone": "", "out_of_hours_phone": "", "is_quality_service": quality})


def make_people(size: Size) -> None:
    """Directorates, services, groups, teams; managers, workers, reviewing officers, quality; so many auditors."""
    council = Council(size)
    _top(council)
    for number in range(size.services):
        _service(council, number)
    missing = size.auditors - sum(row["auditor"] for row in council.people)
    for place in range(missing):
        council.person("Service manager", f"scale-service-{place % size.services}", audits=True)
    load_people(units=council.units, people=council.people, by=system_actor(), at=at_london(JOINED, time(9)))
    Staff.objects.working().update(is_demo=True)
    Auditor.objects.update(training_expires_on=None)


def _top(council: Council) -> None:
    """Two directorates; reviewing officers and advisers, one in ten of the auditors; Performance and Quality."""
    kind = Unit.Kind
    council.unit(CARE, kind.DIRECTORATE, "Children’s Social Care", "", council.person("Assistant director", CARE))
    council.unit(IMPROVEMENT, kind.DIRECTORATE, "Improvement", "", council.person("Strategic lead", IMPROVEMENT), True)
    lead = council.person("P&Q lead", QUALITY, Role.QA_LEAD)
    council.unit(QUALITY, kind.SERVICE, "Performance and Quality", IMPROVEMENT, lead, True)
    council.unit(REVIEWING, kind.GROUP, "Reviewing and Conferences", QUALITY, "", True)
    council.person("Director", CARE, Role.DIRECTOR)
    for _ in range(max(council.size.auditors // 50, 1)):
        council.person("P&Q officer", QUALITY, Role.QA_OFFICER)
        for _ in range(4):
            council.person("Independent reviewing officer", REVIEWING, Role.IRO, audits=True)
            council.person("Child protection adviser", REVIEWING, Role.CP_ADVISER, audits=True)


def _service(council: Council, number: int) -> None:
    service = f"scale-service-{number}"
    kind = KINDS[number % len(KINDS)]
    name = f"{kind} {number // len(KINDS) + 1}"
    council.unit(service, Unit.Kind.SERVICE, name, CARE, council.person("Head of service", service, audits=True))
    for place in range(GROUPS_A_SERVICE):
        group = f"{service}-{place}"
        council.unit(group, Unit.Kind.GROUP, f"{name} group {place + 1}", service,
                     council.person("Group manager", group, audits=True))
        for seat in range(TEAMS_A_GROUP):
            _team(council, f"{group}-{seat}", f"{name} team {place + 1}.{seat + 1}", group)


def _team(council: Council, team: str, name: str, group: str) -> None:
    manager = council.person("Team manager", team, audits=True)
    council.unit(team, Unit.Kind.TEAM, name, group, manager)
    for _ in range(SENIORS_A_TEAM):
        council.person("Practice lead", team, Role.WORKER, audits=True)
    for _ in range(WORKERS_A_TEAM):
        council.person("Social worker", team, Role.WORKER)
