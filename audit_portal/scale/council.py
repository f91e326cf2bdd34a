"""A whole council of a size in one transaction."""

import random
from datetime import date

from django.db import transaction

from audit_portal.demo_council.council import analyse
from audit_portal.scale.cases import make_cases
from audit_portal.scale.history import make_history
from audit_portal.scale.people import make_people
from audit_portal.scale.sizes import Size
from programmes.models import ProgrammeVersion

SEED = "scale"


@transaction.atomic
def make_scale(size: Size, today: date, contents: bool = True) -> None:
    """People, cases, and months of audits up to the one of `today`; always the same for a size and a day."""
    rng = random.Random(SEED)
    month = today.replace(day=1)
    make_people(size)
    make_cases(size, rng, today)
    make_history(size, rng, ProgrammeVersion.objects.current("s1", month), month, contents)
    analyse()
