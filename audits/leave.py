"""A reader who is on leave while an audit is shared has longer to answer, once (B10)."""

from datetime import datetime

from calendars.calendar import local_extra_days
from calendars.rules import add_working_days, end_of_day, london_date
from people.models import Absence, Staff
from programmes.policy import Timescales


def answer_by(reader: Staff, shared_at: datetime, respond_by: datetime, timescales: Timescales) -> datetime:
    """Until when a reader can answer: the window, or as many working days after their return, ten after the sharing at
    most. Leave that ends before the window, or begins after it, changes nothing. At most two queries.
    """
    limit, days = timescales.challenge_extension_limit_working_days, timescales.challenge_window_working_days
    if limit is None or days is None:
        return respond_by
    first, last = london_date(shared_at), london_date(respond_by)
    away = Absence.objects.filter(staff=reader, starts_on__lte=last, ends_on__gte=first).order_by("-ends_on").first()
    if away is None:
        return respond_by
    extra = local_extra_days()
    back = end_of_day(add_working_days(away.ends_on, days, extra))
    return max(respond_by, min(back, end_of_day(add_working_days(first, limit, extra))))
