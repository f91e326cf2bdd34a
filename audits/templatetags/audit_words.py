"""Tags for states, judgements and grades: always a word, the colour beside it (`{% load audit_words %}`)."""

from datetime import date

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from audits.asked_beside import Beside, beside_in
from audits.knowing import BEFORE_SHARING
from audits.models import Audit, Concern
from audits.permissions import check_can_cancel
from audits.workflow.life import CANCELLABLE
from casefiles.models import CaseFile
from people.models import Staff
from people.permissions import allowed
from programmes.models import Grade, Judgement

register = template.Library()
Status = Audit.Status

STATUS_COLOURS = {
    Status.ALLOCATED: "grey",
    Status.IN_PROGRESS: "blue",
    Status.SHARED: "purple",
    Status.IN_DISPUTE: "orange",
    Status.FINALISED: "teal",
    Status.QUALITY_CHECK: "teal",
    Status.RETURNED: "yellow",
    Status.WITH_TEAM_MANAGER: "teal",
    Status.CLOSED: "grey",
    Status.SUBSTITUTED: "grey",
    Status.CANCELLED: "grey",
}
JUDGEMENT_COLOURS = {
    Judgement.MET: "green",
    Judgement.PARTIALLY_MET: "yellow",
    Judgement.NOT_MET: "orange",
    Judgement.NOT_APPLICABLE: "grey",
}
PART_TAGS = {
    "not_started": ("Not started", "grey"),
    "in_progress": ("In progress", "blue"),
    "attention": ("Needs attention", "orange"),
}
CHIP_SIGNS = {"not_started": "", "in_progress": "…", "attention": "!", "done": "✓"}
STATE_WORDS = {
    "not_started": "not started",
    "in_progress": "in progress",
    "attention": "needs attention",
    "done": "done",
}


def tag(word: str, colour: str) -> SafeString:
    """A GOV.UK tag."""
    extra = "" if colour == "blue" else f" govuk-tag--{colour}"
    return format_html('<strong class="govuk-tag{}">{}</strong>', extra, word)


@register.filter
def status_tag(audit: Audit) -> SafeString:
    """The state of an audit."""
    return tag(audit.get_status_display(), STATUS_COLOURS[audit.status])


@register.filter
def judgement_tag(judgement: str) -> SafeString:
    """A judgement; "Not judged yet" for none."""
    if not judgement:
        return tag("Not judged yet", "grey")
    return tag(Judgement(judgement).label, JUDGEMENT_COLOURS[judgement])


@register.filter
def grade_tag(grade: Grade | None) -> SafeString:
    """A grade; "Not graded yet" for none."""
    return tag(grade.label, grade.colour) if grade else tag("Not graded yet", "grey")


@register.filter
def grade_of(audit: Audit, grade: Grade | None) -> SafeString:
    """A grade in an audit; of a programme that gives none "Not graded", plainly (S4-14)."""
    return grade_tag(grade) if audit.is_graded else tag("Not graded", "grey")


@register.filter
def part_state(part) -> SafeString:
    """The state of a part in the task list: a tag, or plainly "Done" with its judgement."""
    if not part.is_done:
        return tag(*PART_TAGS[part.state])
    return format_html("Done {}", judgement_tag(part.judgement) if part.judgement else "")


@register.filter
def cut_number(title: str) -> str:
    """The title of a domain without its number."""
    return title.partition(" ")[2]


@register.filter
def chip_sign(part) -> str:
    """The sign in the chip of a domain."""
    return CHIP_SIGNS[part.state]


@register.filter
def state_words(part) -> str:
    """The state of a part, for those who hear the page."""
    return STATE_WORDS[part.state]


@register.filter
def concern_tag(concern: Concern) -> SafeString:
    """How far an immediate concern is."""
    words = {"raised": ("Not answered yet", "red"), "acknowledged": ("Answered", "orange"),
             "confirmed": ("Dealt with and recorded", "green")}
    return tag(*words[concern.status])


@register.filter
def colour_tag(word: str, colour: str) -> SafeString:
    """Any word in a tag."""
    return tag(word, colour)


@register.filter
def item(mapping, key):
    """`mapping[key]`, nothing where it is missing."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def as_date(value: date | str | None) -> date | None:
    """A date, also where a frozen version holds it as text."""
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


@register.filter
def case_opens_for(audit: Audit, staff: Staff) -> bool:
    """Whether `staff` may open the case file's page: a link that leads nowhere is not offered. One query."""
    return CaseFile.objects.visible_to(staff).filter(pk=audit.case_file_id).exists()


@register.simple_tag
def about_child(audit: Audit, staff: Staff) -> str:
    """Initials and year of birth, where the council keeps them, for whoever takes part in this audit now. Nowhere
    else: not for P&Q at large, in no list, export or notice (DOMAIN section 4).
    """
    if not getattr(settings, "KEEP_INITIALS", False):
        return ""
    if not Audit.objects.taking_part(staff).filter(pk=audit.pk).exists():
        return ""
    born = f"born {audit.case_file.birth_year}" if audit.case_file.birth_year else ""
    return ", ".join(part for part in (audit.case_file.initials, born) if part)


@register.simple_tag
def asked_beside(audit: Audit, content: dict) -> Beside:
    """What was answered beside domains and grade, in words."""
    return beside_in(audit.version, content)


@register.simple_tag
def ways_out(audit: Audit, staff: Staff) -> list[tuple[str, str]]:
    """Links for whoever may substitute the case or cancel the audit; nobody else is shown them."""
    ways = []
    if audit.status in BEFORE_SHARING and audit.awaits_auditor_since is None and staff.hats().is_pq:
        ways.append(("Give the auditor another case", reverse("audits:audit-substitute", args=[audit.number])))
        ways.append(("Second auditor", reverse("audits:co-auditor", args=[audit.number])))
    if audit.status in CANCELLABLE and allowed(check_can_cancel, staff, audit):
        ways.append(("Cancel this audit", reverse("audits:audit-cancel", args=[audit.number])))
    return ways
