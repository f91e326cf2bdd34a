"""Staff, the tree of units, dated role grants, absence and cover, the auditor register."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from people.folding import fold
from people.hats import Hats, hats_of
from people.querysets import AuditorQuerySet, RoleGrantQuerySet, StaffQuerySet, UnitQuerySet
from people.roles import Role


class Unit(models.Model):
    """A team, group, service or directorate. `path` lists the ids from the top: "/1/4/9/"."""

    class Kind(models.TextChoices):
        TEAM = "team", "Team"
        GROUP = "group", "Group"
        SERVICE = "service", "Service"
        DIRECTORATE = "directorate", "Directorate"

    reference = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    folded_name = models.CharField(max_length=120, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, default="", editable=False)
    manager = models.ForeignKey(
        "people.Staff", on_delete=models.PROTECT, null=True, blank=True, related_name="managed_units"
    )
    phone = models.CharField(max_length=30, blank=True)
    out_of_hours_phone = models.CharField(max_length=30, blank=True)
    is_quality_service = models.BooleanField(default=False)
    closed_on = models.DateField(null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["folded_name"]
        indexes = [models.Index(OpClass(F("path"), name="text_pattern_ops"), name="unit_path")]
        constraints = [
            models.UniqueConstraint(fields=["parent", "folded_name"], name="unit_name_once_in_parent"),
            models.CheckConstraint(
                condition=Q(kind="directorate", parent=None) | (~Q(kind="directorate") & Q(parent__isnull=False)),
                name="unit_directorates_on_top",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        """Keeps the folded name, by which lists sort and imports match."""
        self.folded_name = fold(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"/people/units/{self.pk}/"

    def ids_upwards(self) -> list[int]:
        """Ids from this unit up to the directorate."""
        return [int(part) for part in reversed(self.path.strip("/").split("/"))]


class StaffManager(BaseUserManager.from_queryset(StaffQuerySet)):
    """Staff are found by e-mail address when they sign in."""


class Staff(AbstractBaseUser):
    """A person who works for the council or audits for it; also the account they sign in with."""

    reference = models.CharField("staff number", max_length=40, unique=True)
    name = models.CharField(max_length=120)
    folded_name = models.CharField(max_length=120, editable=False, db_index=True)
    email = models.EmailField(unique=True)
    job_title = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="staff")
    line_manager = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reports")
    is_active = models.BooleanField(default=True)
    left_on = models.DateField(null=True, blank=True)
    is_external = models.BooleanField(default=False)
    access_ends_on = models.DateField(null=True, blank=True, help_text="The last day of an external auditor (S3-05)")
    is_system = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)

    objects = StaffManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "reference"]

    class Meta:
        ordering = ["folded_name", "id"]
        verbose_name_plural = "staff"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="staff_email_once"),
            models.CheckConstraint(
                condition=Q(is_active=True) | Q(left_on__isnull=False) | Q(is_system=True),
                name="staff_inactive_has_left",
            ),
            models.CheckConstraint(
                condition=Q(is_external=False) | Q(access_ends_on__isnull=False), name="staff_external_has_end"
            ),
            models.CheckConstraint(condition=~Q(line_manager=F("id")), name="staff_not_own_manager"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        """Keeps the folded name, by which lists sort and imports match."""
        self.folded_name = fold(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """By its own number: a staff number may hold a slash, or the word units."""
        return f"/people/{self.pk}/"

    def is_over(self, on: date) -> bool:
        """Whether the last day of a leaver or of an external auditor lies before a day (S3-05)."""
        return any(last is not None and last < on for last in (self.left_on, self.access_ends_on))

    def hats(self, on: date | None = None) -> Hats:
        """The roles and managed units of this person on a day, kept for the life of this object."""
        kept = self.__dict__.setdefault("_hats", {})
        if on not in kept:
            kept[on] = hats_of(self, on)
        return kept[on]


class RoleGrant(models.Model):
    """A role given to a person, from a day until a day, for the whole council or one unit."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="role_grants")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was given, such as acting for somebody")

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="grant_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["staff", "role", "unit", "starts_on"], nulls_distinct=False, name="grant_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff}: {self.get_role_display()}"

    def is_over(self, on: date) -> bool:
        """Ended before a day."""
        return self.ends_on is not None and self.ends_on < on


class Absence(models.Model):
    """Days on which a person is away, and who covers."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="absences")
    starts_on = models.DateField()
    ends_on = models.DateField()
    cover = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="covering")
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_start"),
            models.CheckConstraint(condition=Q(cover=None) | ~Q(cover=F("staff")), name="absence_cover_is_other"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} away {self.starts_on} to {self.ends_on}"


class Auditor(models.Model):
    """An entry of the auditor register: in the pool from a day, trained until a day, able to take so many."""

    class Basis(models.TextChoices):
        ROLE = "role", "By role"
        VOLUNTEER = "volunteer", "Volunteer"
        EXTERNAL = "external", "External"

    class Experience(models.TextChoices):
        NEW = "new", "New to auditing"
        SOME = "some", "Some audits"
        EXPERIENCED = "experienced", "Experienced"

    staff = models.OneToOneField(Staff, on_delete=models.PROTECT, related_name="auditor")
    joined_on = models.DateField(null=True, help_text="Empty while somebody has volunteered and waits for an answer")
    left_on = models.DateField(null=True, blank=True)
    suspended_from = models.DateField(null=True, blank=True)
    suspended_until = models.DateField(null=True, blank=True)
    trained_on = models.DateField(null=True, blank=True)
    training_expires_on = models.DateField(null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(default=1)
    basis = models.CharField(max_length=10, choices=Basis.choices, default=Basis.ROLE)
    experience = models.CharField(max_length=12, choices=Experience.choices, default=Experience.SOME)
    expertise = models.CharField(max_length=200, blank=True, help_text="Such as leaving care, disabled children")

    objects = AuditorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(capacity__gte=1), name="auditor_capacity_at_least_one"),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="auditor_left_after_joining"
            ),
        ]

    def __str__(self) -> str:
        return str(self.staff)

    @property
    def is_asking(self) -> bool:
        """Volunteered, and not answered yet (S4-08)."""
        return self.joined_on is None and self.left_on is None
