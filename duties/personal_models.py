"""What each person sets for themselves: how e-mail reaches them, the address of their calendar."""

from django.db import models
from django.db.models import F, Q

from duties.querysets import FeedAddressQuerySet, PreferenceQuerySet


class Preference(models.Model):
    """How somebody is e-mailed about one group of things; where there is no row, at once."""

    class Group(models.TextChoices):
        AUDITING = "auditing", "Audits I do"
        CASES = "cases", "Audits of my cases or my team"
        FOLLOW_UP = "follow_up", "Actions and Part B"
        LISTS = "lists", "Allocation, breaks and exemptions"
        CHECKS = "checks", "Checks and disputes"
        LATE = "late", "Escalations and what is overdue"

    class How(models.TextChoices):
        AT_ONCE = "at_once", "At once"
        DAILY = "daily", "Once a day, soon after 8am"

    staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="preferences")
    group = models.CharField(max_length=12, choices=Group.choices)
    how = models.CharField(max_length=8, choices=How.choices)

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "group"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.staff}: {self.get_group_display()}, {self.get_how_display()}"


class FeedAddress(models.Model):
    """The secret address of somebody's calendar. Only the SHA-256 of the secret is kept, so nobody can read it here."""

    staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="feed_addresses")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_read_at = models.DateTimeField(null=True)

    objects = FeedAddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "feed addresses"
        constraints = [
            models.UniqueConstraint(fields=["staff"], condition=Q(revoked_at=None), name="feed_address_one_in_use"),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("made_at")), name="feed_address_revoked_after_making"
            ),
        ]

    def __str__(self) -> str:
        return f"Calendar of {self.staff}"
