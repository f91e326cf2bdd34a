"""Reading the auditor register: by which role people audit, the mix of the pool, who is missing (S2-02, S4-09)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from people.hats import role_of_unit
from people.models import Auditor, RoleGrant, Staff, Unit
from people.roles import Role

OTHER = "Other roles"
ADVANCED = "Advanced practitioner"
BY_ROLE = {
    Role.ASSISTANT_DIRECTOR: "Assistant director",
    Role.TEAM_MANAGER: "Team manager",
    Role.IRO: "Independent reviewing officer",
    Role.CP_ADVISER: "Child protection adviser",
}


def with_roles(staff: QuerySet[Staff], on: date) -> QuerySet[Staff]:
    """With the grants and units of a day, in two queries whatever the number."""
    return staff.prefetch_related(
        Prefetch("role_grants", RoleGrant.objects.on(on), to_attr="roles_now"),
        Prefetch("managed_units", Unit.objects.open(on), to_attr="units_now"),
    )


def roles_of(person: Staff) -> set[str]:
    """The roles of somebody loaded `with_roles`, from grants and from the units they manage."""
    roles = {grant.role for grant in person.roles_now}
    return roles | {str(role_of_unit(unit.kind, unit.is_quality_service)) for unit in person.units_now}


def role_words(person: Staff) -> list[str]:
    """Their roles in words, each once."""
    roles = roles_of(person)
    return [str(role.label) for role in Role if role.value in roles]


def audits_as(person: Staff) -> str:
    """By which of the policy's roles somebody audits (S2-02); another where it is none of them.

    A role that was given for a time, such as a delegation, makes nobody an auditor.
    """
    roles = roles_of(person) - {grant.role for grant in person.roles_now if grant.ends_on}
    for role, words in BY_ROLE.items():
        if role in roles:
            return words
    return ADVANCED if ADVANCED.casefold() in person.job_title.casefold() else OTHER


@dataclass(frozen=True)
class Share:
    """How many of the pool."""

    name: str
    count: int
    of: int


@dataclass(frozen=True)
class Mix:
    """The pool by role, experience and basis."""

    size: int
    roles: list[Share]
    experience: list[Share]
    basis: list[Share]


def mix_of(entries: Iterable[Auditor]) -> Mix:
    """Counts of entries whose staff were loaded `with_roles`."""
    entries = list(entries)
    roles = Counter(audits_as(entry.staff) for entry in entries)
    names = [*BY_ROLE.values(), ADVANCED, OTHER]
    return Mix(
        len(entries),
        [Share(name, roles[name], len(entries)) for name in names],
        _shares(entries, "experience", Auditor.Experience.choices),
        _shares(entries, "basis", Auditor.Basis.choices),
    )


def _shares(entries: list[Auditor], field: str, choices: list[tuple[str, str]]) -> list[Share]:
    counts = Counter(getattr(entry, field) for entry in entries)
    return [Share(label, counts[value], len(entries)) for value, label in choices]


def missing_by_role(on: date) -> list[Staff]:
    """Everyone who audits by role and is not in the register (S2-02), by name."""
    here = Auditor.objects.in_register().values("staff")
    staff = with_roles(Staff.objects.working().exclude(pk__in=here).select_related("unit"), on)
    return [person for person in staff.order_by("folded_name", "pk")
            if audits_as(person) != OTHER and not person.is_over(on)]
