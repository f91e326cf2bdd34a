"""The list of audits: the address is the state."""

import re

import django_filters

from allocations.months import MonthConverter
from audits.models import Audit
from casefiles.models import CaseFile

TABS = {
    "in-progress": ("In progress", ["allocated", "in_progress", "returned"]),
    "shared": ("Shared", ["shared", "in_dispute", "finalised", "quality_check"]),
    "with-team-manager": ("With team manager", ["with_team_manager"]),
    "closed": ("Closed", ["closed", "substituted", "cancelled"]),
}


class AuditFilter(django_filters.FilterSet):
    """By month, category, auditor."""

    month = django_filters.CharFilter(label="Month", method="by_month")
    category = django_filters.ChoiceFilter(label="Category", choices=CaseFile.Category.choices, empty_label="All")
    auditor = django_filters.CharFilter(label="Auditor", field_name="auditor__folded_name", lookup_expr="icontains")
    sort = django_filters.OrderingFilter(
        label="Sort",
        fields=(("due_at", "due"), ("number", "number"), ("auditor__folded_name", "auditor")),
        choices=(
            ("due", "Due, soonest first"),
            ("-due", "Due, latest first"),
            ("number", "Number"),
            ("auditor", "Auditor"),
        ),
        empty_label=None,
    )

    class Meta:
        model = Audit
        fields = ["month", "category", "auditor"]

    def by_month(self, queryset, name, value):
        """A month as in addresses: 2026-11; anything else finds nothing."""
        if not re.fullmatch(MonthConverter.regex, value, re.ASCII):
            return queryset.none()
        return queryset.filter(month=MonthConverter().to_python(value))
