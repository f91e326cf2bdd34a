"""The lists of rounds and of a drawn list: the address is the state."""

import django_filters
from django.db.models import Q

from allocations.models import Allocation, Round

KINDS = (("month", "The month’s list"), ("no_notice", "Without notice"), ("day", "One day, with notice"))
OF_KIND = {"month": Q(is_no_notice=False, audit_day=None), "no_notice": Q(is_no_notice=True),
           "day": Q(is_no_notice=False, audit_day__isnull=False)}
SORTS = (("-month", "Month, newest first"), ("month", "Month, oldest first"), ("publish_by", "List due, soonest first"),
         ("-audits", "Audits, most first"))


class RoundFilter(django_filters.FilterSet):
    """By state, year and kind."""

    state = django_filters.ChoiceFilter(label="State", field_name="status", choices=Round.Status.choices,
                                        empty_label="All")
    year = django_filters.NumberFilter(label="Year", field_name="month", lookup_expr="year",
                                       min_value=1, max_value=9999)
    kind = django_filters.ChoiceFilter(label="Kind", choices=KINDS, empty_label="All", method="by_kind")
    sort = django_filters.OrderingFilter(
        label="Order", choices=SORTS, empty_label=None,
        fields=(("month", "month"), ("publish_by", "publish_by"), ("audits", "audits")),
    )

    class Meta:
        model = Round
        fields = ["state", "year", "kind"]

    def by_kind(self, queryset, name, value):
        """The month's list, or the cases of one day."""
        return queryset.filter(OF_KIND[value])

    def filter_queryset(self, queryset):
        """Equals newest first, always in the same order."""
        found = super().filter_queryset(queryset)
        return found.order_by(*(found.query.order_by or ("-month",)), "-month", "is_no_notice", "version_id")


class ResultFilter(django_filters.FilterSet):
    """A drawn list by stratum and auditor; `strata` are those of the draw with their words."""

    stratum = django_filters.ChoiceFilter(label="Stratum", choices=(), empty_label="All")
    auditor = django_filters.CharFilter(label="Auditor", field_name="auditor__folded_name", lookup_expr="icontains")
    sort = django_filters.OrderingFilter(
        label="Order", empty_label=None,
        choices=(("order", "Order of the draw"), ("case", "Case"), ("stratum", "Stratum"), ("auditor", "Auditor"),
                 ("team", "Team")),
        fields=(("position", "order"), ("case_file__reference", "case"), ("stratum", "stratum"),
                ("auditor__folded_name", "auditor"), ("case_file__team__folded_name", "team")),
    )

    class Meta:
        model = Allocation
        fields = ["stratum", "auditor"]

    def __init__(self, *args, strata: dict[str, str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.filters["stratum"].extra["choices"] = list(strata.items())

    def filter_queryset(self, queryset):
        """Equals in the order of the draw."""
        found = super().filter_queryset(queryset)
        return found.order_by(*(found.query.order_by or ()), "position", "pk")
