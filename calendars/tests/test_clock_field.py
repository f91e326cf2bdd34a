"""A time of day as people write it."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError

from calendars.fields import ClockField


@pytest.mark.parametrize(("given", "means"), [
    ("10:30am", time(10, 30)), ("2pm", time(14)), ("2 PM", time(14)), ("14:00", time(14)), ("9.15", time(9, 15)),
    ("12am", time(0)), ("12pm", time(12)), ("12:05 am", time(0, 5)), ("00:00", time(0)), (" 7:45pm ", time(19, 45))])
def test_a_time_is_read_as_it_is_written(given, means):
    assert ClockField().clean(given) == means


@pytest.mark.parametrize("given", ["10", "25:00", "10:60", "13pm", "0am", "ten", "1:2", "10:30:15", "٣pm", "x" * 30])
def test_nonsense_gets_one_sentence(given):
    with pytest.raises(ValidationError) as refused:
        ClockField().clean(given)
    assert refused.value.messages == ["This is not a time. For example, 10:30am"]


def test_nothing_is_missed_only_where_it_is_needed():
    assert ClockField(required=False).clean("") is None
    with pytest.raises(ValidationError, match="Give the time"):
        ClockField().clean("")
