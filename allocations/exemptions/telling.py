"""Who hears of exemptions besides those whose duty they are. The note stays on the page: no free text in a notice."""

from datetime import datetime

from allocations.exemption_models import Exemption
from allocations.months import month_name
from calendars.rules import london_date
from duties.notices import notify
from people.lines import line_manager, pq_lead
from people.models import Staff

Status = Exemption.Status


def tell_of_request(exemption: Exemption, at: datetime) -> None:
    """P&Q and the line manager; the auditor where somebody else asked for them (B6)."""
    auditor = exemption.allocation.auditor
    people = (line_manager(auditor), pq_lead(london_date(at)), auditor)
    _tell(exemption, "asked", people, f"An exemption was asked for: {_what(exemption)}", exemption.asked_by, at)


def tell_of_outcome(exemption: Exemption, by: Staff, at: datetime) -> None:
    """The auditor, who asked, and the line manager: agreed, refused or withdrawn."""
    people = (exemption.allocation.auditor, exemption.asked_by, line_manager(exemption.allocation.auditor))
    words = exemption.get_status_display().lower()
    _tell(exemption, exemption.status, people, f"The exemption was {words}: {_what(exemption)}", by, at)


def _what(exemption: Exemption) -> str:
    return f"{exemption.allocation.auditor}, {month_name(exemption.allocation.round.month)}"


def _tell(exemption: Exemption, event: str, people: tuple[Staff | None, ...], title: str, by: Staff,
          at: datetime) -> None:
    """Each living person once; nobody is told of what they did themselves."""
    told = [person for person in dict.fromkeys(people) if person and person.is_active and person != by]
    notify(f"exemption:{exemption.pk}:{event}", told, event=f"exemption.{event}", subject=exemption, title=title[:200],
           at=at, url=exemption.get_absolute_url(), meta=exemption.allocation.number)
