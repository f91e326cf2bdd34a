"""Named queries on duties, notices, preferences and the addresses of calendars."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from people.models import RoleGrant, Staff
from people.querysets import under_paths
from people.roles import PQ_ROLES, Role

if TYPE_CHECKING:
    from duties.models import Ladder
    from people.models import Unit


class LadderQuerySet(models.QuerySet):
    """Ladders."""

    def newest(self, programme: str, kind: str) -> "Ladder | None":
        """What a duty that is opened now climbs by: the programme's own ladder, else the one for every programme."""
        found = self.filter(programme__in={programme, ""}, kind=kind)
        return found.order_by(F("programme").desc(), "-version").first()

    def current(self) -> "LadderQuerySet":
        """The newest version of each."""
        return self.order_by("programme", "kind", "-version").distinct("programme", "kind")

    def newer_than(self, ladder: "Ladder") -> "LadderQuerySet":
        """Later versions of the same."""
        return self.filter(programme=ladder.programme, kind=ladder.kind, version__gt=ladder.version)

    def visible_to(self, staff: "Staff") -> "LadderQuerySet":
        """Who is told when is open to everyone who works here."""
        return self if staff.is_active else self.none()


class DutyQuerySet(models.QuerySet):
    """Duties."""

    def open(self) -> "DutyQuerySet":
        """Not closed."""
        return self.filter(closed_at=None)

    def held_by(self, staff: "Staff") -> "DutyQuerySet":
        """What waits for `staff`, soonest first."""
        return self.open().filter(holder=staff).order_by("due_at", "audit_number", "id")

    def of(self, subject: models.Model, kind: str | None = None) -> "DutyQuerySet":
        """Duties about one record."""
        found = self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
        return found.filter(kind=kind) if kind else found

    def owed_by(self, staff: "Staff", subject: models.Model) -> bool:
        """Whether an open duty about a record has come to `staff`: then they may do what it asks."""
        return self.open().of(subject).filter(holder=staff).exists()

    def touching(
        self, *, units: Iterable["Unit"] = (), staff: Iterable["Staff"] = (), roles: Iterable[str] = ()
    ) -> "DutyQuerySet":
        """Whose holder may change when these units, people or roles do.

        What climbs to P&Q may climb elsewhere when one of theirs changes, so their duties count then too.
        """
        people = [person.pk for person in staff]
        touched = Q(holder__in=people) | Q(owner__in=people) | Q(role__in=list(roles))
        touched |= under_paths("unit__path", tuple(unit.path for unit in units))
        if PQ_ROLES & set(roles):
            pq = RoleGrant.objects.filter(role__in=PQ_ROLES).values("staff")
            touched |= Q(holder__in=pq)
        return self.filter(touched)

    def due_for_tick(self, now: datetime) -> "DutyQuerySet":
        """Open duties whose next rung has come."""
        return self.open().filter(next_rung_at__lte=now)

    def visible_to(self, staff: "Staff") -> "DutyQuerySet":
        """One's own; those of the people under one; all for P&Q."""
        hats = staff.hats()
        if hats.is_pq:
            return self
        people = Staff.objects.filter(Q(pk=staff.pk) | under_paths("unit__path", hats.unit_paths))
        return self.filter(holder__in=people.order_by().values("pk"))


class NoticeQuerySet(models.QuerySet):
    """Notices."""

    def inbox_of(self, staff: "Staff") -> "NoticeQuerySet":
        """What `staff` was told in the portal, newest first; nothing that is no longer true."""
        return self.filter(recipient=staff, channel="inbox", state="shown").order_by("-created_at", "-id")

    def unread(self) -> "NoticeQuerySet":
        """Not opened yet."""
        return self.filter(read_at=None)

    def to_do(self) -> "NoticeQuerySet":
        """About a duty that is open and still with whoever was told."""
        return self.filter(duty__closed_at=None, duty__holder=F("recipient"))

    def pending_email(self) -> "NoticeQuerySet":
        """To be put into an e-mail, oldest first."""
        return self.filter(channel="email", state="pending").order_by("id")

    def undelivered(self) -> "NoticeQuerySet":
        """Not sent yet, whether in an e-mail or not."""
        packed = Q(state="packed", delivery__state__in=["pending", "leased"])
        return self.filter(Q(state="pending") | packed, channel="email")

    def visible_to(self, staff: "Staff") -> "NoticeQuerySet":
        """Notices are for their recipient alone."""
        return self.filter(recipient=staff)


class DeliveryQuerySet(models.QuerySet):
    """E-mails."""

    def visible_to(self, staff: "Staff") -> "DeliveryQuerySet":
        """To P&Q and administrators all, to anybody else none: their subjects name audits by number only."""
        return self if staff.hats().wears(*PQ_ROLES, Role.SYSTEM_ADMIN) else self.none()

    def waiting(self) -> "DeliveryQuerySet":
        """Packed and not sent yet."""
        return self.filter(state__in=["pending", "leased"])

    def dead(self) -> "DeliveryQuerySet":
        """Could not be sent for a whole day, and nobody has decided what becomes of them."""
        return self.filter(state="dead")


class SweepQuerySet(models.QuerySet):
    """Nightly checks of the duties."""

    def visible_to(self, staff: "Staff") -> "SweepQuerySet":
        """To whoever sees the status page."""
        return self if staff.hats().wears(Role.QA_LEAD, Role.SYSTEM_ADMIN) else self.none()


class DigestQuerySet(models.QuerySet):
    """Monthly digests for senior leaders."""

    def visible_to(self, staff: "Staff") -> "DigestQuerySet":
        """Senior leaders and P&Q, all of them: they hold figures only."""
        hats = staff.hats()
        return self if hats.is_leader or hats.is_pq else self.none()


class PreferenceQuerySet(models.QuerySet):
    """How people are e-mailed."""

    def visible_to(self, staff: "Staff") -> "PreferenceQuerySet":
        """One's own."""
        return self.filter(staff=staff)


class FeedAddressQuerySet(models.QuerySet):
    """Addresses of calendars."""

    def in_use(self) -> "FeedAddressQuerySet":
        """Not revoked."""
        return self.filter(revoked_at=None)

    def readable(self, digest: str, on: date) -> "FeedAddressQuerySet":
        """The one with that secret, in use, of somebody who works here on a day: one query whatever is wrong."""
        found = self.in_use().filter(token_digest=digest, staff__is_active=True).select_related("staff")
        return found.exclude(staff__left_on__lt=on).exclude(staff__access_ends_on__lt=on)

    def visible_to(self, staff: "Staff") -> "FeedAddressQuerySet":
        """One's own."""
        return self.filter(staff=staff)
