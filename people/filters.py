"""The list of staff: the address is the state."""

import django_filters
from django.db.models import Q

from calendars.rules import today_in_london
from people.folding import fold
from people.hats import ROLE_OF_KIND
from people.models import RoleGrant, Staff, Unit
from people.roles import Role

STATES = (("left", "Has left"), ("all", "All"))


class StaffFilter(django_filters.FilterSet):
    """By name, unit with all below it, role, working or left; those who work here where nothing is said."""

    name = django_filters.CharFilter(label="Name or staff number", method="by_name")
    unit = django_filters.ModelChoiceFilter(label="Unit", queryset=Unit.objects.all(), empty_label="All",
                                            method="by_unit")
    role = django_filters.ChoiceFilter(label="Role", choices=Role.choices, empty_label="All", method="by_role")
    state = django_filters.ChoiceFilter(label="State", choices=STATES, empty_label="Working", method="by_state")

    class Meta:
        model = Staff
        fields = ["name", "unit", "role", "state"]

    def by_name(self, queryset, name, value):
        """Part of a name, however it is written, or the staff number."""
        return queryset.filter(Q(folded_name__contains=fold(value)) | Q(reference__iexact=value.strip()))

    def by_unit(self, queryset, name, value):
        """The unit and everything under it."""
        return queryset.filter(unit__path__startswith=value.path)

    def by_role(self, queryset, name, value):
        """Granted, or from a unit that they manage."""
        granted = RoleGrant.objects.on(today_in_london()).filter(role=value).values("staff")
        kinds = [kind for kind, role in ROLE_OF_KIND.items() if role == value]
        managing = Unit.objects.open(today_in_london()).filter(kind__in=kinds).values("manager")
        return queryset.filter(Q(pk__in=granted) | Q(pk__in=managing))

    def by_state(self, queryset, name, value):
        """Those who left, or all."""
        return queryset.filter(is_active=False) if value == "left" else queryset

    def filter_queryset(self, queryset):
        """Those who work here unless asked otherwise."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.working()
