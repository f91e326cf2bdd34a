"""The arithmetic of breaks, in whole numbers: the limit, the year, and pools too small for both rules (A4, A5)."""

MONTHS = 12
SMALL_POOL = 5


def allows(granted: int, pool: int, percent: int = 20) -> bool:
    """Whether so many breaks are within the share of the pool: granted*100 <= 20*N, never floating point (A5)."""
    return granted * 100 <= percent * pool


def places(pool: int, percent: int = 20) -> int:
    """How many breaks a month has: a fifth of the pool, rounded down (S1-07, A5)."""
    return percent * pool // 100


def is_too_small(pool: int, breaks: int = 2, percent: int = 20) -> bool:
    """Whether a pool cannot give every auditor their breaks within the limit, over twelve months (A4)."""
    return pool * breaks > MONTHS * places(pool, percent)


def must_break(months_left: int, breaks_left: int) -> bool:
    """Whether somebody has no month to spare: as many breaks to take as months to take them in, or more (A4)."""
    return 0 < breaks_left and months_left <= breaks_left
