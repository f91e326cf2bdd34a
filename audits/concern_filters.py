"""The list of immediate concerns: the address is the state."""

import django_filters
from django.db.models import QuerySet

from audits.models import Concern


class ConcernFilter(django_filters.FilterSet):
    """Open ones unless all are asked for; by service."""

    state = django_filters.ChoiceFilter(
        label="Which", choices=(("raised", "Not answered yet"), ("acknowledged", "Answered, not recorded yet"),
                                ("confirmed", "Dealt with and recorded"), ("all", "All")),
        empty_label="Open", method="by_state")
    service = django_filters.CharFilter(label="Service", field_name="audit__service_name", lookup_expr="icontains")
    sort = django_filters.OrderingFilter(
        label="Order",
        fields=(("raised_at", "raised"), ("audit__number", "number"), ("audit__service_name", "service")),
        choices=(("raised", "Longest open first"), ("-raised", "Newest first"), ("number", "Audit"),
                 ("service", "Service")),
        empty_label=None)

    class Meta:
        model = Concern
        fields = ["state", "service"]

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """One state, or all."""
        return queryset if value == "all" else queryset.filter(status=value)

    @property
    def qs(self) -> QuerySet:
        """Without a state only what is open: until a manager has confirmed (S1-29)."""
        found = super().qs
        return found if self.data.get("state") else found.exclude(status=Concern.Status.CONFIRMED)
