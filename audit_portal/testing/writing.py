"""What an auditor writes, in tests: answers, meetings, the family's views, an action; through the real verbs."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from audits import workflow as audits
from audits.models import Appointment, Audit, FamilyDecision, FamilyView, ParentalConsent, Session
from calendars.rules import london_date
from people.models import Staff


def fill_in(audit: Audit, at: datetime, grade: str | None = None, judgement: str = "met") -> None:
    """Everything that the auditor writes, through the real verb."""
    for domain in audit.version.domains.all():
        _save(audit, "judgement", judgement, at, domain)
        _save(audit, "evidence", "Case note of 14 October: the plan says who does what.", at, domain)
    second = audit.version.grades.filter(position=2).first()  # a programme may give no grades
    grade = grade or (second.slug if second else "")
    general = {
        "earlier_records": "no",
        "outcomes": "on_the_way",
        "safe_now": "yes",
        "worker_said": "We read the file together.",
        "manager_input": "said",
        "manager_said": "Agrees with the picture.",
        "iro_input": "not_needed",
        "iro_not_needed_because": "The reviews on file say it.",
        "grade": grade,
        "because_all_met": "The steps were taken and came too late for the child." if grade == "inadequate" else "",
        "grade_evidence": "Help was timely and made a difference.",
        "good_elements": "The direct work.",
        "strengths": "A steady relationship.",
        "good_practice": "Life story work.",
        "organisational_learning": "Health reports arrive late.",
    }
    if audit.version.asks.lines_of_enquiry:
        general |= {"enquiry_lines": "Why the plan stalled", "enquiry_people": "The worker",
                    "staff_discussion": "Two changes of worker, and a plan that is better now"}
    _consult(audit, at)
    for field, value in general.items():
        _save(audit, field, value, at)
    audits.add_action(
        audit=audit,
        by=audit.auditor,
        at=at,
        what="Give each step of the plan a date and a name",
        owner=audit.participations.get(capacity="worker").staff,
        due_on=date(2026, 12, 4),
        measure="The plan has six dates",
        change_for_child="The child knows what happens next",
    )


def meet(audit: Audit, at: datetime, purpose: str = "reading", people: tuple[Staff, ...] = ()) -> Session:
    """A session in one room, as a rule with the worker."""
    worker = (row.staff for row in audit.participations.filter(capacity="worker", until_at=None))
    return audits.record_session(audit=audit, held_on=london_date(at), mode="in_person", purpose=purpose,
                                 people=people or tuple(worker), by=audit.auditor, at=at)


def invite(audit: Audit, *people: Staff, at: datetime | None = None, days: int = 7) -> Appointment:
    """An appointment so many days from now, in a room."""
    at = at or timezone.now()
    return audits.make_appointment(audit=audit, starts_at=at + timedelta(days=days), minutes=60, mode="in_person",
                                   place="Room 4", people=people, by=audit.auditor, at=at)


def decide(audit: Audit, at: datetime, outcome: str = "all", **fields) -> FamilyDecision:
    """Auditor and worker agreed on whom to speak with."""
    fields = {"decided_with": "worker", "reasons": "" if outcome == "all" else "Not this week", **fields}
    return audits.decide_family(audit=audit, decided_on=london_date(at), understanding="Old enough to say no.",
                                outcome=outcome, by=audit.auditor, at=at, **fields)


def agree(audit: Audit, at: datetime, is_given: bool = True) -> ParentalConsent:
    """A parent says yes, or no, to a conversation with the child."""
    return audits.record_parental_consent(audit=audit, parent="mother", is_given=is_given, said_on=london_date(at),
                                          by=audit.auditor, at=at)


def hear(audit: Audit, at: datetime, who: str = "mother", **fields) -> FamilyView:
    """Somebody in the family agreed to say what they think, on the phone."""
    fields = {"question_set": "child" if who == "child" else "adult", "method": "phone", "told_of_sharing": True,
              "spoken_on": london_date(at), "consent_at": at, **fields}
    return audits.hear(audit=audit, who=who, by=audit.auditor, at=at, **fields)


def write_view(view: FamilyView, at: datetime, text: str = "“She listens.”") -> None:
    """What everybody is asked, and that it is in their own words."""
    start = f"view-{view.pk}"
    for field, value in ((f"{start}-done_differently-answer", "said"), (f"{start}-done_differently", text),
                         (f"{start}-own-words", "own")):
        _save(view.audit, field, value, at)


def _consult(audit: Audit, at: datetime) -> None:
    """The worker was there, hears of the findings, and the mother is called."""
    meet(audit, at)
    meet(audit, at, "feedback")
    decide(audit, at)
    write_view(hear(audit, at), at)


def _save(audit: Audit, field: str, value: str, at: datetime, domain=None) -> None:
    standing = audit.answers.filter(field=field, domain=domain).values_list("version", flat=True).first() or 0
    audits.save_answer(audit=audit, field=field, value=value, version=standing, by=audit.auditor, at=at, domain=domain)
