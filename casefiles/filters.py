"""The list of case files: the address is the state."""

import django_filters

from calendars.rules import today_in_london
from casefiles.models import CaseFile
from people.models import Unit

STATES = (("no_team", "Open, no team known"), ("closed", "Closed"), ("all", "Open and closed"))
SORTS = (("reference", "Reference"), ("-opened", "First seen, newest first"), ("category", "Category"),
         ("team", "Team"), ("worker", "Worker"))


def teams(request):
    """The teams in the select: those that are open."""
    return Unit.objects.visible_to(request.user).open(today_in_london()).filter(kind=Unit.Kind.TEAM)


class CaseFileFilter(django_filters.FilterSet):
    """By reference, category, team, open or closed; open ones where nothing is said."""

    reference = django_filters.CharFilter(label="Reference starts with", lookup_expr="istartswith")
    category = django_filters.ChoiceFilter(label="Category", choices=CaseFile.Category.choices, empty_label="All")
    team = django_filters.ModelChoiceFilter(label="Team", queryset=teams, empty_label="All")
    state = django_filters.ChoiceFilter(label="State", choices=STATES, empty_label="Open", method="by_state")
    sort = django_filters.OrderingFilter(
        label="Order", choices=SORTS, empty_label=None,
        fields=(("reference", "reference"), ("opened_on", "opened"), ("category", "category"),
                ("team__folded_name", "team"), ("worker__folded_name", "worker")),
    )

    class Meta:
        model = CaseFile
        fields = ["reference", "category", "team", "state"]

    def by_state(self, queryset, name, value):
        """Closed ones; open ones that cannot be drawn because nobody knows their team; or all."""
        if value == "no_team":
            return queryset.open().filter(team=None)
        return queryset.exclude(closed_on=None) if value == "closed" else queryset

    def filter_queryset(self, queryset):
        """Open ones unless asked otherwise; equals always in the order of their references."""
        found = super().filter_queryset(queryset)
        if not self.form.cleaned_data.get("state"):
            found = found.open()
        return found.order_by(*found.query.order_by, "reference")
