"""Case files of a size, with who works on them and who did: open ones, and closed ones that were audited once."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from audit_portal.scale.people import REVIEWING
from audit_portal.scale.sizes import Size
from casefiles.models import CaseFile, Involvement
from people.models import Staff, Unit

Category, Capacity = CaseFile.Category, Involvement.Capacity
BY_KIND = {
    "Assessment": (Category.ASSESSMENT, Category.ASSESSMENT, Category.CONTACT, Category.EARLY_HELP),
    "Children in Need": (Category.IN_NEED, Category.IN_NEED, Category.PROTECTION),
    "Child Protection": (Category.PROTECTION, Category.IN_NEED),
    "Children in Care": (Category.IN_CARE,),
    "Leaving Care": (Category.CARE_LEAVER, Category.CARE_LEAVER, Category.IN_CARE),
}
FIRST_REFERENCE, A_BATCH = 5_000_000, 5_000
SIBLINGS, WORKED_BEFORE, RESTRICTED = 0.3, 0.5, 0.01


@dataclass
class Posts:
    """Who can work on what."""

    teams: list[Unit]
    staff: dict[int, list[int]]
    iros: list[int]
    advisers: list[int]

    @classmethod
    def found(cls) -> "Posts":
        """As the people were loaded."""
        teams = list(Unit.objects.filter(kind=Unit.Kind.TEAM).order_by("reference"))
        staff: dict[int, list[int]] = {team.pk: [] for team in teams}
        for unit, pk in Staff.objects.filter(unit__in=teams).order_by("pk").values_list("unit_id", "pk"):
            staff[unit].append(pk)
        reviewing = Staff.objects.filter(unit__reference=REVIEWING).order_by("pk")
        return cls(teams, staff, *(list(reviewing.filter(job_title=job).values_list("pk", flat=True))
                                   for job in ("Independent reviewing officer", "Child protection adviser")))


def make_cases(size: Size, rng: random.Random, today: date) -> None:
    """Open and closed files in batches, and their histories."""
    posts = Posts.found()
    for first in range(0, size.cases + size.closed, A_BATCH):
        numbers = range(first, min(first + A_BATCH, size.cases + size.closed))
        files = CaseFile.objects.bulk_create([_file(size, rng, posts, number, today) for number in numbers])
        Involvement.objects.bulk_create([row for file in files for row in _history(rng, posts, file)])


def _file(size: Size, rng: random.Random, posts: Posts, number: int, today: date) -> CaseFile:
    team = posts.teams[number % len(posts.teams)]
    category = rng.choice(BY_KIND[next(kind for kind in BY_KIND if team.name.startswith(kind))])
    closed = number >= size.cases
    opened = today - timedelta(days=rng.randint(40, 1_000) + (900 if closed else 0))
    tied = rng.random() < SIBLINGS and not closed
    return CaseFile(
        reference=f"{FIRST_REFERENCE + number}", category=category, team=team, opened_on=opened,
        worker_id=rng.choice(posts.staff[team.pk]),
        iro_id=rng.choice(posts.iros) if category == Category.IN_CARE else None,
        cp_adviser_id=rng.choice(posts.advisers) if category == Category.PROTECTION else None,
        sibling_group=f"S{number // (2 * len(posts.teams))}-{number % len(posts.teams)}" if tied else "",
        is_restricted=not closed and rng.random() < RESTRICTED, is_care_leaver=category == Category.CARE_LEAVER,
        closed_on=opened + timedelta(days=rng.randint(60, 800)) if closed else None,
    )


def _history(rng: random.Random, posts: Posts, file: CaseFile) -> Iterator[Involvement]:
    """The worker now and often one before, of any team; the reviewing officer or adviser."""
    now = {Capacity.WORKER: file.worker_id, Capacity.IRO: file.iro_id, Capacity.CP_ADVISER: file.cp_adviser_id}
    for capacity, staff in now.items():
        if staff:
            yield Involvement(case_file=file, staff_id=staff, capacity=capacity, from_on=file.opened_on,
                              until_on=file.closed_on)
    if rng.random() < WORKED_BEFORE:
        before = rng.choice(posts.staff[rng.choice(posts.teams).pk])
        yield Involvement(case_file=file, staff_id=before, capacity=Capacity.WORKER, until_on=file.opened_on,
                          from_on=file.opened_on - timedelta(days=200))
