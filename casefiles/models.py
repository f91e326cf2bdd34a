"""Case files, who works or worked on them, and imports. No names of children are ever kept."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from casefiles.querysets import CaseFileQuerySet, CorrectionQuerySet, ImportQuerySet, LearnedQuerySet

if TYPE_CHECKING:
    from people.models import Staff


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
    personal_adviser = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    manager = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+",
                                help_text="The manager of this case, where it is not its team's own")
    team_as_given = models.CharField(max_length=120, blank=True)
    worker_as_given = models.CharField(max_length=120, blank=True)
    age_band = models.CharField(max_length=10, blank=True)
    has_disability = models.BooleanField(null=True)
    referral_on = models.DateField(null=True)
    plan_started_on = models.DateField(null=True)
    sibling_group = models.CharField(max_length=40, blank=True)
    initials = models.CharField(max_length=6, blank=True, help_text="Only where the council chose to keep them")
    birth_year = models.PositiveSmallIntegerField(null=True, help_text="Only where the council chose to keep it")
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

    @property
    def team_manager(self) -> "Staff | None":
        """Who manages this case: the one named for it, else the manager of its team."""
        return self.manager or (self.team.manager if self.team else None)


class Involvement(models.Model):
    """Somebody works or worked on a case file, in a capacity, from a day until a day (S2-05, S2-83)."""

    class Capacity(models.TextChoices):
        WORKER = "worker", "Worker"
        TEAM_MANAGER = "team_manager", "Team manager"
        IRO = "iro", "Independent reviewing officer"
        CP_ADVISER = "cp_adviser", "Child protection adviser"
        PERSONAL_ADVISER = "personal_adviser", "Personal adviser"

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="involvements")
    staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="involvements")
    capacity = models.CharField(max_length=16, choices=Capacity.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    is_by_hand = models.BooleanField(default=False, help_text="Written by a person: an import never ends it")

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


class Correction(models.Model):
    """A fact about a case file that the source has wrong (B12): ours stands until the source agrees.

    `staff` or `unit` is what is right (neither: nobody). Only the newest of a fact is open.
    """

    class Fact(models.TextChoices):
        TEAM = "team", "Team"
        WORKER = "worker", "Worker"
        MANAGER = "manager", "Team manager"
        PERSONAL_ADVISER = "personal_adviser", "Personal adviser"
        IRO = "iro", "Independent reviewing officer"
        CP_ADVISER = "cp_adviser", "Child protection adviser"

    class Outcome(models.TextChoices):
        AGREED = "agreed", "The list agrees now"
        REPLACED = "replaced", "Corrected again"
        WITHDRAWN = "withdrawn", "Taken back"

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="corrections")
    fact = models.CharField(max_length=16, choices=Fact.choices)
    staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    instead_of_staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    instead_of_unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_file", "fact"], condition=Q(settled_at=None),
                                    name="correction_one_open"),
            models.CheckConstraint(
                condition=Q(settled_at=None, outcome="") | (Q(settled_at__isnull=False) & ~Q(outcome="")),
                name="correction_settled_has_outcome"),
            models.CheckConstraint(condition=Q(fact="team", staff=None) | (~Q(fact="team") & Q(unit=None)),
                                   name="correction_of_the_right_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_fact_display()} of {self.case_file}"


class Source(models.Model):
    """A list whose columns somebody named once; offered and used whenever the same headings come again."""

    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, help_text="Of the headings, folded and sorted")
    columns = models.JSONField(help_text="For each fact the heading under which it stands")
    category = models.CharField(max_length=12, blank=True, help_text="Of every row, where the list has no column")
    holds = models.CharField(max_length=10, help_text="Whether it is the whole list, so that missing cases close")
    learned_at = models.DateTimeField()
    learned_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    objects = LearnedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "digest"], name="source_headings_once")]

    def __str__(self) -> str:
        return self.name


class KnownWord(models.Model):
    """What a word in a list means here: a team, a person, a category; or nothing, for good. Asked once."""

    class Kind(models.TextChoices):
        TEAM = "team", "Team"
        PERSON = "person", "Person"
        CATEGORY = "category", "Category"
        TEAM_OF = "team_of", "Team of a category without teams"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    folded = models.CharField(max_length=120)
    as_given = models.CharField(max_length=120)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    category = models.CharField(max_length=12, blank=True)
    learned_at = models.DateTimeField()
    learned_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    objects = LearnedQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "as_given", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "folded"], name="known_word_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.as_given}"

    @property
    def shown(self) -> str:
        """The word as the list has it; of a category without teams, its name."""
        return CaseFile.Category(self.as_given).label if self.kind == self.Kind.TEAM_OF else self.as_given

    @property
    def meaning(self) -> str:
        """What it stands for, in words."""
        category = CaseFile.Category(self.category).label if self.category else ""
        return str(self.unit or self.staff or category or "Nothing: it is left empty or out")


class Import(models.Model):
    """A list that was loaded and previewed. Nothing is written until it is confirmed, then all of it.

    `reading` holds the kept facts of each row while the import is open, so that it can be worked out
    again; it is emptied when the import ends. `plan` holds the first rows of each kind, to be looked at.
    """

    class Kind(models.TextChoices):
        CASE_FILES = "case_files", "Case files"
        PEOPLE = "people", "Units and staff"
        PAST_AUDITS = "past_audits", "Past audits"

    class Status(models.TextChoices):
        COLUMNS = "columns", "Columns to be named"
        PREVIEWED = "previewed", "Nothing changed yet"
        CONFIRMED = "confirmed", "Imported"
        STALE = "stale", "Overtaken by another import"
        DISCARDED = "discarded", "Thrown away"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PREVIEWED)
    file_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    source = models.ForeignKey(Source, on_delete=models.SET_NULL, null=True, related_name="+")
    counts = models.JSONField(default=dict, help_text="Figures shown on the preview")
    headings = models.JSONField(default=list, help_text="The columns of the file, while they wait to be named")
    reading = models.JSONField(default=dict)
    plan = models.JSONField(default=dict)
    plan_digest = models.CharField(max_length=64, blank=True)
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
    """A file that waits for a job to read it or for its columns to be named. Deleted as soon as it is read."""

    kind = models.CharField(max_length=12, choices=Import.Kind.choices)
    file_name = models.CharField(max_length=120)
    content = models.BinaryField()
    given_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    waits_for = models.OneToOneField(Import, on_delete=models.PROTECT, null=True, related_name="upload")
    asks_columns = models.BooleanField(default=False, help_text="The person wants to name the columns")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file_name}"
