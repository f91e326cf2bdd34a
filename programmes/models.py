"""Audit programmes as versioned data: domains, prompts, grades are rows; the rest is a validated document."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from programmes.asks import Asks, read_asks
from programmes.policy import Policy, read


class Judgement(models.TextChoices):
    """What can be said of one domain (S1-33)."""

    MET = "met", "Met"
    PARTIALLY_MET = "partially_met", "Partially met"
    NOT_MET = "not_met", "Not met"
    NOT_APPLICABLE = "not_applicable", "Not applicable"


class Programme(models.Model):
    """One way of auditing, such as the monthly case file audits."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    short_title = models.CharField(max_length=60)
    purpose = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.title


class VersionQuerySet(models.QuerySet):
    """Programme versions."""

    def published(self) -> "VersionQuerySet":
        """Versions in use or once in use."""
        return self.filter(published_at__isnull=False)

    def current(self, slug: str, on: date) -> "ProgrammeVersion":
        """The version that audits allocated on a day are pinned to."""
        return self.published().filter(programme__slug=slug, effective_from__lte=on).latest("effective_from", "number")

    def monthly(self, on: date) -> "ProgrammeVersion":
        """The version on a day of the programme by which the council audits every month (docs/adr/0010)."""
        return self.current(settings.MONTHLY_PROGRAMME, on)

    def visible_to(self, staff) -> "VersionQuerySet":
        """The rules of the audit are open to everyone who works here."""
        return self if staff.is_active else self.none()


class ProgrammeVersion(models.Model):
    """One version of a programme. A published version never changes; audits stay on theirs."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    effective_from = models.DateField()
    source_digest = models.CharField(max_length=64)
    policy = models.JSONField()
    form = models.JSONField(default=dict, help_text="What is asked beside domains and grades")
    judgement_hints = models.JSONField(default=dict)
    domain_set = models.CharField(max_length=120)
    domain_set_note = models.TextField(blank=True)
    change_note = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True)
    review_on = models.DateField(null=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.programme}, version {self.number}"

    @property
    def rules(self) -> Policy:
        """The policy document, upgraded to the present schema and validated; read once per object."""
        if "_rules" not in self.__dict__:
            self._rules = read(self.policy)
        return self._rules

    @property
    def scale(self) -> list["Grade"]:
        """Its grades, best first; none where it does not grade. Read once per object."""
        if "_scale" not in self.__dict__:
            self._scale = list(self.grades.all())
        return self._scale

    @property
    def asks(self) -> Asks:
        """What its audits ask beside domains and grades, checked; read once per object."""
        if "_asks" not in self.__dict__:
            self._asks = read_asks(self.form)
        return self._asks


class Domain(models.Model):
    """One area of practice that an audit judges."""

    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="domains")
    position = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    categories = models.JSONField(default=list, help_text="Of case files for which it is judged; none means all")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="domain_position_once"),
            models.UniqueConstraint(fields=["version", "slug"], name="domain_slug_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Tag(models.Model):
    """A word by which good practice, or what the organisation learns, is counted over audits (S1-42, S2-20)."""

    class Kind(models.TextChoices):
        GOOD_PRACTICE = "good_practice", "Good practice"
        LEARNING = "learning", "Organisational learning"

    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="tags")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    position = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=40)
    label = models.CharField(max_length=120)

    class Meta:
        ordering = ["kind", "position"]
        constraints = [models.UniqueConstraint(fields=["version", "kind", "slug"], name="tag_slug_once")]

    def __str__(self) -> str:
        return self.label


class Prompt(models.Model):
    """A question that helps the auditor look; guidance, never scored (S2-39)."""

    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="prompts")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["domain", "position"], name="prompt_position_once")]

    def __str__(self) -> str:
        return self.text


class Grade(models.Model):
    """One overall grade with its descriptor, best first (S1-35)."""

    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="grades")
    position = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=60)
    label = models.CharField(max_length=80)
    short_label = models.CharField(max_length=40)
    criteria = models.JSONField(help_text="The descriptor, one criterion a line; a council may put its own words in")
    colour = models.CharField(max_length=12)
    ofsted_group = models.CharField(max_length=40)
    is_good_or_better = models.BooleanField(default=False)
    is_inadequate = models.BooleanField(default=False)
    needs_good_elements = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="grade_position_once"),
            models.UniqueConstraint(fields=["version", "slug"], name="grade_slug_once"),
            models.CheckConstraint(condition=~Q(is_good_or_better=True, is_inadequate=True), name="grade_not_both"),
        ]

    def __str__(self) -> str:
        return self.label
