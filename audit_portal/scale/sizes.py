"""How large: everything follows from the number of services (DESIGN 2)."""

from dataclasses import dataclass

GROUPS_A_SERVICE, TEAMS_A_GROUP, CASES_A_TEAM, MONTHS = 3, 4, 167, 60


@dataclass(frozen=True)
class Size:
    """`cases` are open ones; `closed` are those of which only earlier audits are left."""

    services: int
    auditors: int
    cases: int
    audits: int
    months: int = MONTHS

    @property
    def groups(self) -> int:
        """Three to a service."""
        return self.services * GROUPS_A_SERVICE

    @property
    def teams(self) -> int:
        """Four to a group."""
        return self.groups * TEAMS_A_GROUP

    @property
    def closed(self) -> int:
        """One for each audit of a case that is closed by now: three in four."""
        return self.months * (self.a_month - self.a_month // 4)

    @property
    def a_month(self) -> int:
        """Audits in each month."""
        return -(-self.audits // self.months)


COUNTY = Size(services=5, auditors=500, cases=10_000, audits=20_000)
NATIONAL = Size(services=50, auditors=5_000, cases=100_000, audits=200_000)
SIZES = {"county": COUNTY, "national": NATIONAL}
