"""The list of e-mails: the address is the state."""

import django_filters
from django.db.models import Q

from duties.models import Delivery
from people.folding import fold

STATES = (("dead", "Could not be sent"), ("waiting", "Waiting"), ("sent", "Sent"), ("given_up", "Given up"),
          ("cancelled", "No longer true"))
SORTS = (("-created", "Newest first"), ("created", "Oldest first"), ("recipient", "Recipient"),
         ("-attempts", "Most attempts first"))


class EmailFilter(django_filters.FilterSet):
    """By state, and by name or address of the recipient."""

    state = django_filters.ChoiceFilter(label="State", choices=STATES, empty_label="All", method="by_state")
    name = django_filters.CharFilter(label="Recipient or address", method="by_name")
    sort = django_filters.OrderingFilter(
        label="Order", choices=SORTS, empty_label=None,
        fields=(("created_at", "created"), ("recipient__folded_name", "recipient"), ("attempts", "attempts")),
    )

    class Meta:
        model = Delivery
        fields = ["state", "name"]

    def by_state(self, queryset, name, value):
        """Waiting are also those that are being sent at this moment."""
        return queryset.waiting() if value == "waiting" else queryset.filter(state=value)

    def by_name(self, queryset, name, value):
        """Part of a name, however it is written, or of an address."""
        return queryset.filter(Q(recipient__folded_name__contains=fold(value)) | Q(address__icontains=value.strip()))

    def filter_queryset(self, queryset):
        """Newest first where nothing is said, and among equals."""
        found = super().filter_queryset(queryset)
        return found.order_by(*found.query.order_by, "-created_at", "pk")
