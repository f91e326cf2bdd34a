"""Case files, who works or worked on them, and imports. No names of children are ever kept."""

from django.db import models
from django.db.models import F, Q

from casefiles.querysets import CaseFileQuerySet, ImportQuerySet


class CaseFile(models.Model):
    """The file of one child, care leaver or foster carer, known by its reference in the case system."""

    class SubjectKind(models.TextChoices):
        CHILD = "child", "Child"
        CARE_LEAVER = "care_leaver", "Care leaver"
        FOSTER_CARER = "foster_carer", "Foster carer"

    class Category(models.TextChoices):
        IN_CARE = "in_care", "Child in care"
        PROTECTION = "protection", "Child protection plan"
        CARE_LEAVER = "care_leaver", "Care leaver"
        IN_NEED = "in_need", "Child in need"
        ASSESSMENT = "assessment", "Open assessment"
        EARLY_HELP = "early_help", "Early help"
        CONTACT = "contact", "Initial contact"
        FOSTERING = "fostering", "Foster carer"

    reference = models.CharField(max_length=40, unique=True)
    subject_kind = models.CharField(max_length=12, choices=SubjectKind.choices, default=SubjectKind.CHILD)
    category = models.CharField(max_length=12, choices=Category.choices)
    is_care_leaver = models.BooleanField(default=False)
    team = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="case_files")
    worker = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    iro = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    cp_adviser = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    team_as_given = models.CharField(max_length=120, blank=True)
    worker_as_given = models.CharField(max_length=120, blank=True)
    age_band = models.CharField(max_length=10, blank=True)
    has_disability = models.BooleanField(null=True)
    referral_on = models.DateField(null=True)
    plan_started_on = models.DateField(null=True)
    sibling_group = models.CharField(max_length=40, blank=True)
    is_restricted = models.BooleanField(default=False)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    objects = CaseFileQuerySet.as_manager()

    class Meta:
        ordering = ["reference"]
        constraints = [
            models.CheckConstraint(condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                                   name="casefile_closed_after_opening"),
        ]
        indexes = [models.Index(fields=["category"], condition=Q(closed_on=None), name="casefile_open_category")]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Still on the council's list."""
        return self.closed_on is None


class Involvement(models.Model):
    """Somebody works or worked on a case file, in a capacity, from a day until a day (S2-05, S2-83)."""

    class Capacity(models.TextChoices):
        WORKER = "worker", "Worker"
        TEAM_MANAGER = "team_manager", "Team manager"
        IRO = "iro", "Independent reviewing officer"
        CP_ADVISER = "cp_adviser", "Child protection adviser"

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="involvements")
    staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="involvements")
    capacity = models.CharField(max_length=12, choices=Capacity.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_file", "staff", "capacity"], condition=Q(until_on=None),
                                    name="involvement_one_open"),
            models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                                   name="involvement_ends_after_start"),
        ]
        indexes = [models.Index(fields=["staff", "case_file"], name="involvement_staff")]

    def __str__(self) -> str:
        return f"{self.staff}, {self.get_capacity_display()} of {self.case_file}"


class Import(models.Model):
    """A list that was loaded and previewed. Nothing is written until it is confirmed, then all of it."""

    class Kind(models.TextChoices):
        CASE_FILES = "case_files", "Case files"
        PEOPLE = "people", "Units and staff"

    class Status(models.TextChoices):
        PREVIEWED = "previewed", "Nothing changed yet"
        CONFIRMED = "confirmed", "Imported"
        STALE = "stale", "Overtaken by another import"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PREVIEWED)
    file_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    counts = models.JSONField(default=dict, help_text="Figures shown on the preview")
    plan = models.JSONField(default=dict, help_text="What will be written, without personal data of children")
    refused = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+",
                                help_text="The newest confirmed import that mattered when this one was previewed")
    previewed_at = models.DateTimeField()
    previewed_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="confirmed", confirmed_at__isnull=False, confirmed_by__isnull=False)
                | (~Q(status="confirmed") & Q(confirmed_at=None, confirmed_by=None)),
                name="import_confirmed_has_who_and_when"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file_name}"

    @property
    def is_open(self) -> bool:
        """Previewed, and neither imported nor overtaken."""
        return self.status == self.Status.PREVIEWED


class Upload(models.Model):
    """A large file that waits for a job to read it. Deleted as soon as it is read: files are not kept."""

    kind = models.CharField(max_length=12, choices=Import.Kind.choices)
    file_name = models.CharField(max_length=120)
    content = models.BinaryField()
    given_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file_name}"
