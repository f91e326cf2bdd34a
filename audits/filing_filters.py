"""The list of what is to be copied to the child's record: the address is the state."""

import re

import django_filters

from allocations.months import MonthConverter
from audits.models import Filing
from people.models import Unit

STATES = (("waiting", "To file"), ("filed", "Copied to the child’s record"))


def services(request):
    """The services in the select, closed ones too: their audits may still wait."""
    return Unit.objects.visible_to(request.user).filter(kind=Unit.Kind.SERVICE).order_by("folded_name")


class FilingFilter(django_filters.FilterSet):
    """By service, month, what it is, and number."""

    service = django_filters.ModelChoiceFilter(label="Service", queryset=services, empty_label="All",
                                               method="by_service")
    month = django_filters.CharFilter(label="Month, such as 2026-11", method="by_month")
    what = django_filters.ChoiceFilter(label="What", choices=Filing.What.choices, empty_label="All")
    number = django_filters.CharFilter(label="Audit or case", method="by_number")
    sort = django_filters.OrderingFilter(
        label="Order", empty_label=None,
        fields=(("opened_at", "opened"), ("filed_at", "filed"), ("audit__case_file__reference", "case"),
                ("audit__number", "number")),
        choices=(("opened", "Waits longest first"), ("-opened", "Newest first"), ("-filed", "Last copied first"),
                 ("case", "Case"), ("number", "Audit")),
    )

    class Meta:
        model = Filing
        fields = ["what"]

    def by_service(self, queryset, name, value):
        """The service of the team at that time."""
        return queryset.filter(audit__unit_path__startswith=value.path)

    def by_month(self, queryset, name, value):
        """A month as in addresses: 2026-11; anything else finds nothing."""
        if not re.fullmatch(MonthConverter.regex, value, re.ASCII):
            return queryset.none()
        return queryset.filter(audit__month=MonthConverter().to_python(value))

    def by_number(self, queryset, name, value):
        """Part of the number of the audit, or of the reference of the case."""
        found = queryset.filter(audit__number__icontains=value.strip())
        return found | queryset.filter(audit__case_file__reference__icontains=value.strip())

    def filter_queryset(self, queryset):
        """Equals always in the same order."""
        found = super().filter_queryset(queryset)
        return found.order_by(*(found.query.order_by or ("opened_at",)), "pk")
