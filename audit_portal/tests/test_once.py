"""Two posts that wait for each other: the database lets one go, and it begins again by itself (T-R8)."""

from threading import Barrier, BrokenBarrierError

import pytest
from django.http import HttpResponseRedirect
from django.test import RequestFactory

from audit_portal.testing.factories import make_staff
from duties.tests.together import at_once
from people.models import Staff
from trail.models import Submission
from trail.once import once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("T-R8")]


def test_a_post_that_was_let_go_begins_again_and_counts_once():
    first, second = make_staff("First Row"), make_staff("Second Row")
    orders = [(first, second), (second, first)]
    meet, begun = Barrier(2), []

    @once
    def take_both(request, mine, theirs):
        begun.append(mine)
        _lock(mine)
        try:
            meet.wait(5)  # each has the row that the other wants
        except BrokenBarrierError:
            pass  # begun again: the other has gone on
        _lock(theirs)
        return HttpResponseRedirect("/done/")

    def post():
        mine, theirs = orders.pop()
        request = RequestFactory().post("/")
        request.user = mine
        answer = take_both(request, mine, theirs)
        meet.abort()
        return answer.url

    assert at_once(2, post) == ["/done/", "/done/"]
    assert len(begun) == 3 and Submission.objects.count() == 2


def _lock(row):
    Staff.objects.select_for_update().get(pk=row.pk)
