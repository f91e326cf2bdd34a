"""The list of digests: the address is the state."""

import django_filters

from duties.models import LeadersDigest

SORTS = (("-month", "Newest first"), ("month", "Oldest first"))


def years(request=None) -> list[tuple[int, str]]:
    """The calendar years of which there is a digest."""
    found = LeadersDigest.objects.dates("month", "year", order="DESC")
    return [(day.year, str(day.year)) for day in found]


class DigestFilter(django_filters.FilterSet):
    """By year."""

    year = django_filters.ChoiceFilter(label="Year", choices=years, empty_label="All", field_name="month",
                                       lookup_expr="year")
    sort = django_filters.OrderingFilter(label="Order", choices=SORTS, empty_label=None, fields=(("month", "month"),))

    class Meta:
        model = LeadersDigest
        fields = ["year"]

    def filter_queryset(self, queryset):
        """Newest first where nothing is said."""
        found = super().filter_queryset(queryset)
        return found.order_by(*(found.query.order_by or ("-month",)))
