"""The family's views: whether it is right to ask, a parent's consent, attempts, and what each person said."""

from django.db import models
from django.db.models import Q


class Relation(models.TextChoices):
    """Who somebody is to the child. Never a name."""

    CHILD = "child", "The child or young person"
    MOTHER = "mother", "Mother"
    FATHER = "father", "Father"
    OTHER_PARENT = "other_parent", "Another parent or carer"
    OTHER_ADULT = "other_adult", "Another adult"


PARENTS = (Relation.MOTHER, Relation.FATHER, Relation.OTHER_PARENT)


class FamilyMethod(models.TextChoices):
    """How they are asked."""

    PHONE = "phone", "Phone"
    VISIT = "visit", "Visit"
    VIDEO = "video", "Video call"
    QUESTIONNAIRE = "questionnaire", "Questionnaire on paper"


class FamilyDecision(models.Model):
    """Whom it is right to speak with; the newest counts (S2-08, S2-12)."""

    class DecidedWith(models.TextChoices):
        WORKER = "worker", "The worker and the auditor"
        MANAGER = "manager", "The team manager and the auditor, because the worker cannot take part"

    class Outcome(models.TextChoices):
        ALL = "all", "The child and the parents"
        NOT_CHILD = "not_child", "The parents, not the child"
        NOT_PARENTS = "not_parents", "The child, not the parents"
        NOBODY = "nobody", "Nobody in the family"

    audit = models.ForeignKey("audits.Audit", on_delete=models.PROTECT, related_name="family_decisions")
    decided_on = models.DateField()
    decided_with = models.CharField(max_length=10, choices=DecidedWith.choices)
    understanding = models.TextField(help_text="How the child's age and understanding were considered")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    reasons = models.TextField(blank=True, help_text="Why not everybody")
    against_interest = models.TextField(
        blank=True, help_text="Why the worker thinks that contact is not in the child's interest")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(understanding=""), name="family_decision_considers_understanding"),
            models.CheckConstraint(condition=Q(outcome="all") | ~Q(reasons=""), name="family_decision_says_why_not"),
            models.CheckConstraint(
                condition=Q(against_interest="") | Q(outcome__in=["not_child", "nobody"]),
                name="family_decision_follows_the_worker",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit}: {self.get_outcome_display()}"


class ParentalConsent(models.Model):
    """A parent agrees, or does not, that the child is spoken to; the newest counts (S2-09)."""

    class Parent(models.TextChoices):
        MOTHER = "mother", "Mother"
        FATHER = "father", "Father"
        OTHER_PARENT = "other_parent", "Another person with parental responsibility"

    audit = models.ForeignKey("audits.Audit", on_delete=models.PROTECT, related_name="parental_consents")
    parent = models.CharField(max_length=12, choices=Parent.choices)
    is_given = models.BooleanField()
    said_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.audit}: {'consent' if self.is_given else 'no consent'}"


class FamilyAttempt(models.Model):
    """An attempt to speak with somebody in the family that came to nothing (S2-36)."""

    class Outcome(models.TextChoices):
        NO_ANSWER = "no_answer", "No answer"
        LEFT_MESSAGE = "left_message", "A message was left"
        DECLINED = "declined", "They did not want to take part"

    audit = models.ForeignKey("audits.Audit", on_delete=models.PROTECT, related_name="family_attempts")
    who = models.CharField(max_length=12, choices=Relation.choices)
    made_on = models.DateField()
    method = models.CharField(max_length=14, choices=FamilyMethod.choices)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["made_on", "pk"]

    def __str__(self) -> str:
        return f"{self.audit}: {self.get_outcome_display()}"


class FamilyView(models.Model):
    """What one person said; the words are answers of the audit, named by `view-<id>-<question>` (S1-25, S2-14)."""

    audit = models.ForeignKey("audits.Audit", on_delete=models.PROTECT, related_name="family_heard")
    who = models.CharField(max_length=12, choices=Relation.choices)
    question_set = models.CharField(max_length=40)
    method = models.CharField(max_length=14, choices=FamilyMethod.choices)
    spoken_on = models.DateField()
    consent_at = models.DateTimeField(help_text="When the person agreed, at the start (S2-15)")
    told_of_sharing = models.BooleanField(help_text="They know that it goes on file and to worker and manager (S2-16)")
    passed_on = models.DateField(null=True, help_text="When worker and manager were told (S2-14)")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(told_of_sharing=True), name="family_view_person_knows_of_sharing"),
        ]
        indexes = [models.Index(fields=["audit", "who"], condition=Q(removed_at=None), name="family_view_heard")]

    def __str__(self) -> str:
        return f"{self.audit}: {self.get_who_display()}"

    def get_absolute_url(self) -> str:
        """Where its answers are written."""
        return f"/audits/{self.audit.number}/family/views/{self.pk}/"
