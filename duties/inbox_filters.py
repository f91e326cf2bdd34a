"""The inbox: the address is the state."""

import django_filters

from duties.models import Notice
from duties.registry import events

SHOWN = (("unread", "Not read"), ("todo", "Still to do"))
SORTS = (("-told", "Newest first"), ("told", "Oldest first"))


def event_choices() -> list[tuple[str, str]]:
    """What people are told of, by their names."""
    return sorted(events().items(), key=lambda choice: choice[1])


class NoticeFilter(django_filters.FilterSet):
    """By what happened; only what is not read, or what still has to be done; newest first unless asked otherwise."""

    show = django_filters.ChoiceFilter(label="Show", choices=SHOWN, empty_label="All", method="by_state")
    event = django_filters.ChoiceFilter(label="What happened", choices=event_choices, empty_label="All")
    sort = django_filters.OrderingFilter(label="Order", choices=SORTS, empty_label=None,
                                         fields=(("created_at", "told"),))

    class Meta:
        model = Notice
        fields = ["show", "event"]

    def by_state(self, queryset, name, value):
        """Not opened yet; or about a duty that is open and still with the person."""
        return queryset.unread() if value == "unread" else queryset.to_do()

    def filter_queryset(self, queryset):
        """Equals always in the same order."""
        found = super().filter_queryset(queryset)
        oldest = self.form.cleaned_data.get("sort") == ["told"]
        return found.order_by(*(("created_at", "id") if oldest else ("-created_at", "-id")))
