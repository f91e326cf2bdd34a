"""The list of exemptions: the address is the state."""

import re

import django_filters
from django.db.models import F

from allocations.exemption_models import Exemption
from allocations.months import MonthConverter
from people.models import Unit

STATES = (("pending", "Awaiting decision"), ("agreed", "Agreed"), ("refused", "Refused"), ("withdrawn", "Withdrawn"))
SORTS = (("-asked", "Asked, latest first"), ("asked", "Asked, first first"), ("-lag", "Longest after allocation"),
         ("auditor", "Auditor"), ("number", "Audit"))


class ExemptionFilter(django_filters.FilterSet):
    """By state, service of the auditor, month of the audit."""

    state = django_filters.ChoiceFilter(label="State", choices=STATES, empty_label="All", method="by_state")
    service = django_filters.ModelChoiceFilter(
        label="Service of the auditor", queryset=Unit.objects.filter(kind=Unit.Kind.SERVICE), empty_label="All",
        method="by_service")
    month = django_filters.CharFilter(label="Month, such as 2026-11", method="by_month")
    sort = django_filters.OrderingFilter(
        label="Order", choices=SORTS, empty_label=None,
        fields=(("asked_at", "asked"), ("waited", "lag"), ("allocation__auditor__folded_name", "auditor"),
                ("allocation__number", "number")))

    class Meta:
        model = Exemption
        fields = ["state", "service", "month"]

    def by_state(self, queryset, name, value):
        """The two kinds of waiting are one to whoever looks."""
        return queryset.pending() if value == "pending" else queryset.filter(status=value)

    def by_service(self, queryset, name, value):
        """The service and everything under it."""
        return queryset.filter(allocation__auditor__unit__path__startswith=value.path)

    def by_month(self, queryset, name, value):
        """A month as in addresses: 2026-11; anything else finds nothing."""
        if not re.fullmatch(MonthConverter.regex, value, re.ASCII):
            return queryset.none()
        return queryset.filter(allocation__round__month=MonthConverter().to_python(value))


def with_waiting(exemptions):
    """With the time from allocation to request, by which the list can be sorted."""
    return exemptions.annotate(waited=F("asked_at") - F("allocation__allocated_at"))
