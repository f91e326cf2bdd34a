"""1,500 open case files with their people and their history. No name of a child or family anywhere."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from audit_portal.demo_council import names
from casefiles.models import CaseFile, Involvement
from people.models import Staff, Unit

Category, Subject, Capacity = CaseFile.Category, CaseFile.SubjectKind, Involvement.Capacity

# How many open case files of which category each team has: 1,500 in all, with the ones below.
LOADS = {
    "assessment-north": {Category.ASSESSMENT: 96, Category.CONTACT: 20},
    "assessment-south": {Category.ASSESSMENT: 93, Category.CONTACT: 20},
    "early-help-team": {Category.EARLY_HELP: 156},
    "in-need-east-1": {Category.IN_NEED: 88, Category.PROTECTION: 44},
    "in-need-east-2": {Category.IN_NEED: 96, Category.PROTECTION: 48},
    "in-need-west-1": {Category.IN_NEED: 88, Category.PROTECTION: 44},
    "in-need-west-2": {Category.IN_NEED: 86, Category.PROTECTION: 42},
    "in-care-1": {Category.IN_CARE: 152},
    "in-care-2": {Category.IN_CARE: 148},
    "leaving-care": {Category.CARE_LEAVER: 150},
    "fostering-support": {Category.FOSTERING: 72},
    "permanence": {Category.IN_CARE: 45},
}
WITHOUT_TEAM = 12
RESTRICTED = 14
HAS_IRO = {Category.IN_CARE}
HAS_ADVISER = {Category.PROTECTION}
BANDS = ("1 to 4", "5 to 9", "10 to 15", "16 and 17")
OLDER = {Category.CARE_LEAVER: ("18 to 20", "21 to 25"), Category.FOSTERING: ("",)}
SUBJECTS = {Category.CARE_LEAVER: Subject.CARE_LEAVER, Category.FOSTERING: Subject.FOSTER_CARER}
LONGEST_OPEN = {Category.CONTACT: 20, Category.ASSESSMENT: 60, Category.EARLY_HELP: 300}


@dataclass
class Posts:
    """Who can work on what: the workers of each team, the reviewing officers and advisers."""

    units: dict[str, Unit]
    workers: dict[str, list[Staff]] = field(default_factory=dict)
    iros: list[Staff] = field(default_factory=list)
    advisers: list[Staff] = field(default_factory=list)

    @classmethod
    def found(cls) -> "Posts":
        """As the people were loaded."""
        staff = {person.name: person for person in Staff.objects.working()}
        teams = {team: [*people, names.ADVANCED.get(team)] for team, people in names.WORKERS.items()}
        return cls(
            units={unit.reference: unit for unit in Unit.objects.select_related("manager")},
            workers={team: [staff[name] for name in people if name] for team, people in teams.items()},
            iros=[staff[name] for name in names.IROS],
            advisers=[staff[name] for name in names.CP_ADVISERS],
        )


def make_case_files(rng: random.Random, first_month: date) -> None:
    """All case files, opened before the first round of the demo, and who worked on them."""
    posts = Posts.found()
    references = iter(sorted(rng.sample(range(3_000_000, 3_900_000), 1_500)))
    files = [
        _file(rng, posts, team, category, f"{next(references)}", first_month)
        for team, load in LOADS.items()
        for category, count in load.items()
        for _ in range(count)
    ]
    files += [_without_team(rng, f"{reference}", first_month) for reference in references]
    _tie_siblings(rng, files)
    for file in rng.sample([file for file in files if file.team], RESTRICTED):
        file.is_restricted = True
    CaseFile.objects.bulk_create(files)
    Involvement.objects.bulk_create(row for file in files for row in _history(rng, posts, file))


def _file(rng: random.Random, posts: Posts, team: str, category: str, reference: str, before: date) -> CaseFile:
    opened = before - timedelta(days=rng.randint(3, LONGEST_OPEN.get(category, 1_100)))
    return CaseFile(
        reference=reference,
        category=category,
        subject_kind=SUBJECTS.get(category, Subject.CHILD),
        is_care_leaver=category == Category.CARE_LEAVER,
        team=posts.units[team],
        worker=None if rng.random() < 0.01 else rng.choice(posts.workers[team]),
        iro=rng.choice(posts.iros) if category in HAS_IRO else None,
        cp_adviser=rng.choice(posts.advisers) if category in HAS_ADVISER else None,
        age_band=rng.choice(OLDER.get(category, BANDS)),
        has_disability=None if category == Category.FOSTERING else rng.random() < 0.09,
        referral_on=opened,
        plan_started_on=opened + timedelta(days=2) if category in HAS_ADVISER else None,
        opened_on=opened,
    )


def _without_team(rng: random.Random, reference: str, before: date) -> CaseFile:
    """A row of the list whose team nobody knows: it waits for Performance and Quality to say whose it is."""
    return CaseFile(
        reference=reference,
        category=Category.ASSESSMENT,
        team_as_given="Duty and Advice",
        age_band=rng.choice(BANDS),
        opened_on=before - timedelta(days=rng.randint(3, 40)),
    )


def _tie_siblings(rng: random.Random, files: list[CaseFile]) -> None:
    """Brothers and sisters share a worker and a group; about a quarter of the files of families have some."""
    families = [file for file in files if file.category in {Category.IN_NEED, Category.PROTECTION, Category.IN_CARE}]
    place = group = 0
    while place < len(families) - 4:
        size = rng.choice((1, 1, 1, 1, 1, 2, 2, 3))
        together = [file for file in families[place : place + size] if file.team == families[place].team]
        if len(together) > 1:
            group += 1
            for file in together:
                file.sibling_group, file.worker = f"S{group:04}", together[0].worker
        place += size


def _history(rng: random.Random, posts: Posts, file: CaseFile) -> Iterator[Involvement]:
    """Everyone on the file now, from the day it opened, and about a third of the files' earlier workers."""
    manager = file.team.manager if file.team else None
    now = {
        Capacity.WORKER: file.worker,
        Capacity.TEAM_MANAGER: manager,
        Capacity.IRO: file.iro,
        Capacity.CP_ADVISER: file.cp_adviser,
    }
    for capacity, person in now.items():
        if person:
            yield Involvement(case_file=file, staff=person, capacity=capacity, from_on=file.opened_on)
    if file.team and rng.random() < 0.33:
        team = rng.choice([*posts.workers])
        earlier = rng.choice([person for person in posts.workers[team] if person != file.worker])
        began = file.opened_on - timedelta(days=rng.randint(60, 500))
        yield Involvement(
            case_file=file, staff=earlier, capacity=Capacity.WORKER, from_on=began, until_on=file.opened_on
        )
