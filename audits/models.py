"""The audit: who takes part, what was answered, what is proposed, what was frozen."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from audits.concern_models import ConcernCall
from audits.consultation_models import Appointment, Presence, Session, WithoutWorker
from audits.contact_models import ContactAttempt, Escalation, Preparation
from audits.family_models import FamilyAttempt, FamilyDecision, FamilyView, ParentalConsent
from audits.inadequate_models import InadequateNotice
from audits.kept_models import KeptText
from audits.querysets import AuditQuerySet
from audits.record_models import Addendum, Filing, QualityCheck
from audits.tag_models import TaggedAs

__all__ = [
    "Addendum", "Answer", "AnswerRevision", "Appointment", "Audit", "AuditVersion", "Concern", "ConcernCall",
    "ContactAttempt", "Escalation", "FamilyAttempt", "FamilyDecision", "FamilyView", "Filing", "Hold",
    "InadequateNotice", "KeptText", "ParentalConsent", "Participation", "Preparation", "Presence", "ProposedAction",
    "QualityCheck", "Remark", "Response", "Return", "Session", "TaggedAs", "WithoutWorker",
]


class Audit(models.Model):
    """One audit of one case file. Team, line and workers are copied when it is allocated."""

    class Status(models.TextChoices):
        ALLOCATED = "allocated", "Not opened"
        IN_PROGRESS = "in_progress", "In progress"
        SHARED = "shared", "Shared"
        IN_DISPUTE = "in_dispute", "In dispute"
        FINALISED = "finalised", "Final"
        QUALITY_CHECK = "quality_check", "Being checked"
        RETURNED = "returned", "Returned"
        WITH_TEAM_MANAGER = "with_team_manager", "With team manager"
        CLOSED = "closed", "Closed"
        SUBSTITUTED = "substituted", "Substituted"
        CANCELLED = "cancelled", "Cancelled"

    number = models.CharField(max_length=20, unique=True)
    allocation = models.OneToOneField("allocations.Allocation", on_delete=models.PROTECT, related_name="audit")
    version = models.ForeignKey("programmes.ProgrammeVersion", on_delete=models.PROTECT, related_name="+")
    case_file = models.ForeignKey("casefiles.CaseFile", on_delete=models.PROTECT, related_name="audits")
    month = models.DateField()
    auditor = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="audits")
    team = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    unit_path = models.CharField(max_length=200, blank=True)
    service_name = models.CharField(max_length=120, blank=True)
    category = models.CharField(max_length=12)
    is_graded = models.BooleanField(default=True, help_text="False where the programme gives no grade (S4-14)")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.ALLOCATED)
    is_past = models.BooleanField(default=False, help_text="Taken over from before the portal (B13)")
    open_round = models.PositiveSmallIntegerField(
        null=True, help_text="Of a past audit: the inadequate round still open when it was taken over; 0 for none"
    )
    visible_from = models.DateTimeField()
    due_at = models.DateTimeField()
    allocated_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    no_connection_at = models.DateTimeField(null=True)
    connection = models.CharField(max_length=300, blank=True, help_text="What connects auditor and family (B4)")
    connection_at = models.DateTimeField(null=True)
    awaits_auditor_since = models.DateTimeField(null=True, help_text="Exempted, and not given to another yet (S1-13)")
    told_at = models.DateTimeField(null=True, help_text="When the people of the case heard; of no-notice on the day")
    period_from = models.DateField(null=True)
    period_until = models.DateField(null=True)
    grade = models.ForeignKey("programmes.Grade", on_delete=models.PROTECT, null=True, related_name="+")
    first_shared_at = models.DateTimeField(null=True, help_text="When it was complete: what timeliness counts (A13)")
    shared_at = models.DateTimeField(null=True)
    respond_by = models.DateTimeField(null=True)
    finalised_at = models.DateTimeField(null=True)
    finalised_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finalised_at=None, finalised_by=None)
                | Q(finalised_at__isnull=False, finalised_by__isnull=False),
                name="audit_finalised_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="audit_accepted_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="audit_closed_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["finalised", "quality_check", "with_team_manager", "closed"])
                | Q(grade__isnull=False, finalised_at__isnull=False)
                | Q(is_graded=False, grade=None, finalised_at__isnull=False),
                name="audit_final_has_grade",
            ),
            models.CheckConstraint(
                condition=~Q(status="with_team_manager") | Q(accepted_at__isnull=False),
                name="audit_with_manager_was_accepted",
            ),
            models.CheckConstraint(
                condition=Q(connection="", connection_at=None) | (~Q(connection="") & Q(connection_at__isnull=False)),
                name="audit_connection_has_when",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by=None) | ~Q(accepted_by=F("auditor")), name="audit_checker_is_not_auditor"
            ),
            models.CheckConstraint(
                condition=Q(is_past=False, open_round=None) | Q(is_past=True, open_round__isnull=False),
                name="audit_past_says_what_is_open",
            ),
            models.CheckConstraint(
                condition=Q(status="shared", shared_at__isnull=False, respond_by__isnull=False) | ~Q(status="shared"),
                name="audit_shared_has_clock",
            ),
        ]
        indexes = [
            models.Index(fields=["month", "status"], name="audit_month"),
            models.Index(fields=["auditor", "status"], name="audit_auditor"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Where a reader or the auditor starts."""
        return f"/audits/{self.number}/"

    @property
    def auditor_name(self) -> str:
        """Who audits; nobody while it waits for another; of some audits from before the portal nobody knows (B13)."""
        if self.awaits_auditor_since:
            return "No auditor yet"
        return "Not known" if self.auditor.is_system else self.auditor.name

    @property
    def is_writable(self) -> bool:
        """Whether the auditor may change answers now."""
        return self.status in {self.Status.IN_PROGRESS, self.Status.RETURNED, self.Status.SHARED}


class Participation(models.Model):
    """Somebody has to do with one audit, in a capacity, from a moment until a moment."""

    class Capacity(models.TextChoices):
        AUDITOR = "auditor", "Auditor"
        CO_AUDITOR = "co_auditor", "Co-auditor"
        WORKER = "worker", "Worker"
        TEAM_MANAGER = "team_manager", "Team manager"
        IRO = "iro", "Independent reviewing officer"
        CP_ADVISER = "cp_adviser", "Child protection adviser"

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="participations")
    staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="participations")
    capacity = models.CharField(max_length=12, choices=Capacity.choices)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "capacity"], condition=Q(until_at=None), name="participation_one_open"
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")), name="participation_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["staff", "audit"], name="participation_staff")]

    def __str__(self) -> str:
        return f"{self.staff}, {self.get_capacity_display()} in {self.audit}"


# The database itself keeps each text that stands: no path around it, and one statement less for each saving.
KEEP_REVISION = """
    IF NEW.version > 0 AND (TG_OP = 'INSERT' OR NEW.version <> OLD.version) THEN
        INSERT INTO audits_answerrevision (answer_id, version, value, sitting, sequence, saved_at, saved_by_id)
        VALUES (NEW.id, NEW.version, NEW.value, NEW.sitting, NEW.sequence, NEW.saved_at, NEW.saved_by_id);
    END IF;
    RETURN NULL;
"""


class Answer(models.Model):
    """What stands in one field of one part of the audit; each change raises the version.

    `sitting` is the page from which it was saved last, `sequence` the number of that saving on the page (T-R9).
    """

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="answers")
    domain = models.ForeignKey("programmes.Domain", on_delete=models.PROTECT, null=True, related_name="answers")
    field = models.CharField(max_length=80)
    value = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    sitting = models.UUIDField(null=True)
    sequence = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "domain", "field"], nulls_distinct=False, name="answer_once"),
        ]
        indexes = [models.Index(fields=["domain", "value"], condition=Q(field="judgement"), name="answer_judgement")]
        triggers = [
            pgtrigger.Trigger(
                name="keep_revision",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=KEEP_REVISION,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit} {self.domain_id or ''} {self.field}"


class AnswerRevision(models.Model):
    """A text that stood in an answer once, written by a trigger of Answer: nothing typed is lost."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="revisions")
    version = models.PositiveIntegerField()
    value = models.TextField(blank=True)
    sitting = models.UUIDField(null=True)
    sequence = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "version"], name="revision_once")]

    def __str__(self) -> str:
        return f"{self.answer}, version {self.version}"


class ProposedAction(models.Model):
    """A SMART recommendation: what, who, by when, how we will know, what changes for the child (S1-44)."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="proposed_actions")
    position = models.PositiveSmallIntegerField()
    what = models.TextField()
    owner = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner_outside = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True, blank=True)
    measure = models.TextField(blank=True)
    change_for_child = models.TextField(blank=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.audit}, action {self.position}"

    @property
    def owner_name(self) -> str:
        """Who does it, in the portal or outside."""
        return self.owner.name if self.owner else self.owner_outside


class AuditVersion(models.Model):
    """The audit as it stood when it was shared or finalised: frozen, with the digest of its content."""

    class Reason(models.TextChoices):
        SHARED = "shared", "Shared"
        FINALISED = "finalised", "Finalised"
        RESUBMITTED = "resubmitted", "Sent back after a return"

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    reason = models.CharField(max_length=12, choices=Reason.choices)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    grade = models.ForeignKey("programmes.Grade", on_delete=models.PROTECT, null=True, related_name="+")
    grade_confirmed_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["audit", "number"], name="audit_version_once")]
        triggers = [
            pgtrigger.Protect(name="no_update", operation=pgtrigger.Update),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.audit}, version {self.number}"


class Response(models.Model):
    """What a reader said when the audit was shared with them; silence is recorded too (S1-45)."""

    class Verdict(models.TextChoices):
        WAITING = "waiting", "Not answered yet"
        AGREES = "agrees", "Agrees"
        COMMENTS = "comments", "Agrees, with comments"
        CHALLENGES = "challenges", "Challenges"
        LAPSED = "lapsed", "No response"

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="responses")
    sharing = models.PositiveIntegerField(help_text="The version that was shared")
    staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=12, choices=Participation.Capacity.choices)
    verdict = models.CharField(max_length=12, choices=Verdict.choices, default=Verdict.WAITING)
    text = models.TextField(blank=True)
    responded_at = models.DateTimeField(null=True)
    respond_by = models.DateTimeField(help_text="The end of the window; later for somebody on leave (B10)")
    extended_at = models.DateTimeField(null=True, help_text="When leave gave them longer; once")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "sharing", "staff"], name="response_once"),
            models.CheckConstraint(
                condition=Q(verdict="waiting", responded_at=None)
                | (~Q(verdict="waiting") & Q(responded_at__isnull=False)),
                name="response_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff}: {self.get_verdict_display()}"


class Remark(models.Model):
    """A comment on one point of a shared audit: a domain, the grade, or an action."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="remarks")
    point = models.CharField(max_length=60)
    text = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "point"], name="remark_once_a_point")]

    def __str__(self) -> str:
        return f"{self.response}, {self.point}"


class Return(models.Model):
    """P&Q sent the audit back to its auditor, with reasons; three working days to resubmit (S1-48)."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="returns")
    reasons = models.TextField()
    returned_at = models.DateTimeField()
    returned_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    resubmitted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["returned_at"]
        constraints = [
            models.UniqueConstraint(fields=["audit"], condition=Q(resubmitted_at=None), name="return_one_open"),
            models.CheckConstraint(condition=~Q(reasons=""), name="return_has_reasons"),
        ]

    def __str__(self) -> str:
        return f"{self.audit} returned"


class Hold(models.Model):
    """A higher app keeps the audit from becoming final, such as an open challenge."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="holds")
    key = models.CharField(max_length=60)
    because = models.CharField(max_length=200)
    held_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "key"], condition=Q(released_at=None), name="hold_one_open")
        ]

    def __str__(self) -> str:
        return f"{self.audit} held: {self.key}"


class Concern(models.Model):
    """An immediate concern for a child's safety. It never waits for the audit (S1-26)."""

    class Status(models.TextChoices):
        RAISED = "raised", "Raised"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        CONFIRMED = "confirmed", "Dealt with and recorded"

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="concerns")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.RAISED)
    text = models.TextField()
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    action_taken = models.TextField(blank=True)
    record_reference = models.CharField(max_length=120, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="concern_acknowledged_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="confirmed", confirmed_at__isnull=False, confirmed_by__isnull=False)
                    & ~Q(record_reference="")
                    & ~Q(action_taken="")
                )
                | (~Q(status="confirmed") & Q(confirmed_at=None, confirmed_by=None)),
                name="concern_confirmed_is_recorded",
            ),
        ]

    def __str__(self) -> str:
        return f"Concern in {self.audit}"
