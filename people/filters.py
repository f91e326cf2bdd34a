"""The lists of staff and of auditors: the address is the state."""

from datetime import timedelta

import django_filters
from django.db.models import Q

from calendars.rules import today_in_london
from people.folding import fold
from people.hats import ROLE_OF_KIND
from people.models import Auditor, RoleGrant, Staff, Unit
from people.roles import Role

STATES = (("left", "Has left"), ("all", "All"))
SORTS = (("name", "Name"), ("-name", "Name, from Z"), ("unit", "Unit"), ("job", "Job"), ("number", "Staff number"))
POOL = (("in", "In the pool"), ("out", "Not in the pool"))
TRAINING = (("valid", "Counts"), ("soon", "Runs out within 60 days"), ("over", "Has run out"), ("none", "None"))
AUDITOR_SORTS = (("name", "Name"), ("unit", "Unit"), ("expiry", "Training runs out first"),
                 ("-trained", "Trained last"))
SOON = timedelta(days=60)


class StaffFilter(django_filters.FilterSet):
    """By name, unit with all below it, role, working or left; those who work here where nothing is said."""

    name = django_filters.CharFilter(label="Name or staff number", method="by_name")
    unit = django_filters.ModelChoiceFilter(label="Unit", queryset=Unit.objects.all(), empty_label="All",
                                            method="by_unit")
    role = django_filters.ChoiceFilter(label="Role", choices=Role.choices, empty_label="All", method="by_role")
    state = django_filters.ChoiceFilter(label="State", choices=STATES, empty_label="Working", method="by_state")

    sort = django_filters.OrderingFilter(
        label="Order", choices=SORTS, empty_label=None,
        fields=(("folded_name", "name"), ("unit__folded_name", "unit"), ("job_title", "job"), ("reference", "number")),
    )

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
        """Those who work here unless asked otherwise; equals always in the order of their names."""
        found = super().filter_queryset(queryset)
        found = found if self.form.cleaned_data.get("state") else found.working()
        return found.order_by(*found.query.order_by, "folded_name", "pk")


class AuditorFilter(django_filters.FilterSet):
    """By pool, basis, experience, training, unit with all below it."""

    name = django_filters.CharFilter(label="Name or staff number", method="by_name")
    pool = django_filters.ChoiceFilter(label="Pool", choices=POOL, empty_label="All", method="by_pool")
    basis = django_filters.ChoiceFilter(label="Basis", choices=Auditor.Basis.choices, empty_label="All")
    experience = django_filters.ChoiceFilter(label="Experience", choices=Auditor.Experience.choices, empty_label="All")
    training = django_filters.ChoiceFilter(label="Training", choices=TRAINING, empty_label="All", method="by_training")
    unit = django_filters.ModelChoiceFilter(label="Unit", queryset=Unit.objects.all(), empty_label="All",
                                            method="by_unit")
    sort = django_filters.OrderingFilter(
        label="Order", choices=AUDITOR_SORTS, empty_label=None,
        fields=(("staff__folded_name", "name"), ("staff__unit__folded_name", "unit"),
                ("training_expires_on", "expiry"), ("trained_on", "trained")),
    )

    class Meta:
        model = Auditor
        fields = ["pool", "basis", "experience", "training", "unit"]

    def by_name(self, queryset, name, value):
        """Part of a name, or the staff number."""
        return queryset.filter(Q(staff__folded_name__contains=fold(value)) | Q(staff__reference__iexact=value.strip()))

    def by_pool(self, queryset, name, value):
        """In the pool today, or not."""
        pool = Auditor.objects.in_pool(today_in_london()).values("pk")
        return queryset.filter(pk__in=pool) if value == "in" else queryset.exclude(pk__in=pool)

    def by_training(self, queryset, name, value):
        """Where the training stands today (S4-34)."""
        today = today_in_london()
        lasts = Q(training_expires_on=None) | Q(training_expires_on__gte=today)
        chosen = {
            "valid": Q(trained_on__isnull=False) & lasts,
            "soon": Q(training_expires_on__range=(today, today + SOON)),
            "over": Q(training_expires_on__lt=today),
            "none": Q(trained_on=None),
        }
        return queryset.filter(chosen[value])

    def by_unit(self, queryset, name, value):
        """The unit and everything under it."""
        return queryset.filter(staff__unit__path__startswith=value.path)

    def filter_queryset(self, queryset):
        """Equals always in the order of their names."""
        found = super().filter_queryset(queryset)
        return found.order_by(*found.query.order_by, "staff__folded_name", "pk")
