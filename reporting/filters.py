"""The list of audits not completed: the address is the state."""

import re

import django_filters

from allocations.months import MonthConverter
from audits.models import Audit
from audits.noncompletion import State


class NotCompletedFilter(django_filters.FilterSet):
    """By month, service of the auditor, state."""

    month = django_filters.CharFilter(label="Month", method="by_month")
    service = django_filters.CharFilter(label="Service of the auditor", field_name="service")
    state = django_filters.ChoiceFilter(label="State", choices=State.choices, empty_label="All", field_name="state")
    sort = django_filters.OrderingFilter(
        label="Order",
        fields=(("month", "month"), ("auditor__folded_name", "auditor"), ("service", "service"), ("state", "state")),
        choices=(("-month", "Month, newest first"), ("month", "Month, oldest first"), ("auditor", "Auditor"),
                 ("service", "Service"), ("state", "State")),
        empty_label=None,
    )

    class Meta:
        model = Audit
        fields = ["month"]

    def by_month(self, queryset, name, value):
        """A month as in addresses: 2026-11; anything else finds nothing."""
        if not re.fullmatch(MonthConverter.regex, value, re.ASCII):
            return queryset.none()
        return queryset.filter(month=MonthConverter().to_python(value))
