"""Lists of open duties: the address is the state."""

from datetime import timedelta

import django_filters
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils import timezone

from calendars.rules import end_of_day, today_in_london
from duties.models import Duty
from duties.registry import kinds
from people.folding import fold
from people.models import Unit

AGES = (
    ("overdue", "All that is overdue"),
    ("month", "Overdue for more than 4 weeks"),
    ("weeks", "Overdue for 1 to 4 weeks"),
    ("days", "Overdue for up to a week"),
    ("today", "Due today"),
    ("later", "Not due yet"),
)
OWNERS = (("none", "Without an owner of its own"),)
SORTS = (("due", "Due, soonest first"), ("-due", "Due, latest first"), ("holder", "Who has it"), ("kind", "What it is"),
         ("-opened", "Opened, newest first"))
WEEK, MONTH = timedelta(days=7), timedelta(days=28)


def kind_choices() -> list[tuple[str, str]]:
    """Kinds of duty by their names."""
    return sorted(((kind.name, kind.label) for kind in kinds()), key=lambda choice: choice[1])


def services(request):
    """The services in the select."""
    return Unit.objects.visible_to(request.user).open(today_in_london()).filter(kind=Unit.Kind.SERVICE)


def of_age(age: str) -> Q:
    """Duties that have been due for so long, now."""
    now, tonight = timezone.now(), end_of_day(today_in_london())
    return {
        "overdue": Q(due_at__lt=now),
        "month": Q(due_at__lt=now - MONTH),
        "weeks": Q(due_at__gte=now - MONTH, due_at__lt=now - WEEK),
        "days": Q(due_at__gte=now - WEEK, due_at__lt=now),
        "today": Q(due_at__gte=now, due_at__lte=tonight),
        "later": Q(due_at__gt=tonight),
    }[age]


class DutyFilter(django_filters.FilterSet):
    """By kind, age, service concerned, whoever has it, and whether anybody of its own line does."""

    kind = django_filters.ChoiceFilter(label="What", choices=kind_choices, empty_label="All")
    age = django_filters.ChoiceFilter(label="Due", choices=AGES, empty_label="All", method="by_age")
    service = django_filters.ModelChoiceFilter(label="Service", queryset=services, empty_label="All",
                                               method="by_service")
    holder = django_filters.CharFilter(label="Who has it", method="by_holder")
    owner = django_filters.ChoiceFilter(label="Owner", choices=OWNERS, empty_label="All", method="by_owner")
    sort = django_filters.OrderingFilter(
        label="Order", choices=SORTS, empty_label=None,
        fields=(("due_at", "due"), ("holder__folded_name", "holder"), ("kind", "kind"), ("opened_at", "opened")),
    )

    class Meta:
        model = Duty
        fields = ["kind", "age", "service", "holder", "owner"]

    def by_age(self, queryset, name, value):
        """How long it has been due."""
        return queryset.filter(of_age(value))

    def by_service(self, queryset, name, value):
        """The service concerned with everything under it; what concerns no unit counts to its holder's."""
        concerned = Q(unit__path__startswith=value.path)
        return queryset.filter(concerned | Q(unit=None, holder__unit__path__startswith=value.path))

    def by_holder(self, queryset, name, value):
        """Part of a name."""
        return queryset.filter(holder__folded_name__contains=fold(value))

    def by_owner(self, queryset, name, value):
        """What came to Performance and Quality because nobody of its own line can do it."""
        return queryset.filter(is_unowned=True)

    def filter_queryset(self, queryset):
        """Soonest first unless asked otherwise; equals always in the same order."""
        found = super().filter_queryset(queryset)
        return found.order_by(*(found.query.order_by or ("due_at",)), "audit_number", "pk")


def paged(found: DutyFilter, total: int, size: int) -> Page:
    """The page that the address asks for; `total` saves counting where nothing narrows the list."""
    paginator = Paginator(found.qs, size)
    if found.form.is_valid() and not any(found.form.cleaned_data.get(name) for name in DutyFilter.Meta.fields):
        paginator.count = total
    return paginator.get_page(found.data.get("page"))
