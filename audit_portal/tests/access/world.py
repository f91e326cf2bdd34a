"""The world in which the access table is true: one council, one audit in each state that a row needs."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from allocations import workflow as rounds
from allocations.breaks import workflow as breaks
from allocations.models import Break, Exemption, Round, TeamOverride, Theme
from allocations.sampling import workflow as sampling
from allocations.views.rounds import months_to_plan
from audit_portal.testing.factories import (
    LONG_AGO,
    PATHS,
    START,
    Cast,
    ask_exemption,
    escalated,
    has_workers_prepare,
    invite,
    line_manager_first,
    load_s1,
    make_audit,
    make_audit_at,
    make_audit_on,
    make_auditor,
    make_case,
    make_cast,
    make_email,
    plan_round,
    try_twice,
    walk,
)
from audit_portal.tests.access.table import CASES_CSV, TRAY_CSV
from audits import workflow as audits
from audits.models import Audit, Concern, Escalation
from calendars.rules import add_months_clamped, london_date, today_in_london
from casefiles import workflow as casefiles
from casefiles.columns import Meaning, remember_words
from casefiles.corrections import correct
from casefiles.involvements import add_involvement
from casefiles.models import CaseFile, Import, Involvement, KnownWord
from challenges import workflow as challenges
from challenges.models import Challenge
from duties import digests, feed_addresses, volunteering
from duties.models import Delivery, Ladder
from people import workflow as people
from people.models import Auditor, Staff
from programmes.models import ProgrammeVersion

AWAITING = Exemption.Status.AWAITING_DECISION
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass
class World:
    """People and records by the names that the table uses in addresses."""

    cast: Cast
    audits: dict[str, Audit]
    concern: Concern
    handled: Concern
    escalation: Escalation
    challenge: Challenge
    imported: Import
    unnamed: Import
    worded: Import
    word: KnownWord
    line: Involvement
    wish: Break
    override: TeamOverride
    theme: Theme
    request: Exemption
    spoken: Exemption
    taker: Staff
    email: Delivery
    feed: str

    def ids(self) -> dict[str, str]:
        """What stands in braces in an address of the table."""
        numbers = {name: audit.number for name, audit in self.audits.items()}
        with_manager = self.audits["with_manager"]
        written = self.audits["written"].proposed_actions
        return numbers | {
            "concern": self.concern.pk,
            "handled": self.handled.pk,
            "escalation": self.escalation.pk,
            "challenge": self.challenge.pk,
            "action": written.get(removed_at=None).pk,
            "session": self.audits["written"].sessions.first().pk,
            "view": self.audits["written"].family_heard.get().pk,
            "appointment": self.audits["written"].appointments.get().pk,
            "removed": written.exclude(removed_at=None).get().pk,
            **self.texts(),
            "filing": with_manager.filings.get().pk,
            "part_b_action": with_manager.part_b.actions.get().pk,
            "next_month": f"{months_to_plan()[0]:%Y-%m}",
            "import": self.imported.pk,
            "unnamed": self.unnamed.pk,
            "worded": self.worded.pk,
            "word": self.word.pk,
            "case": self.audits["begun"].case_file.reference,
            "case_id": self.audits["begun"].case_file_id,
            "line": self.line.pk,
            "request": self.request.pk,
            "spoken": self.spoken.pk,
            "taker": self.taker.pk,
            "feed": self.feed,
            "break": self.wish.pk,
            "override": self.override.pk,
            "theme": self.theme.pk,
            "break_month": f"{add_months_clamped(self.wish.month, 1):%Y-%m}",
            **self.people(),
            "email": self.email.pk,
            "ladder": Ladder.objects.newest("s1", "audit.check").pk,
            "notice": self.cast.auditor.notices.inbox_of(self.cast.auditor).first().pk,
        }

    def texts(self) -> dict[str, str]:
        """An answer that was changed once, and its earlier text."""
        answer = self.audits["written"].answers.get(field="strengths")
        return {"answer": answer.pk, "earlier_text": f"version-{answer.revisions.get(version=1).pk}"}

    def people(self) -> dict[str, str]:
        """People and what they have, by number."""
        cast = self.cast
        named = ("worker", "iro", "leaver", "auditor", "team_manager", "team", "group")
        return {name: getattr(cast, name).pk for name in named} | {
            "volunteer": cast.other_worker.pk,
            "grant": cast.worker.role_grants.get().pk,
            "absence": cast.worker.absences.get().pk,
            "next_year": today_in_london().year + 1,
            "today": today_in_london(),
        }


def make_world() -> World:
    """Everything, through the real verbs."""
    version, cast = load_s1(), make_cast()
    states = {
        "given": "allocated",
        "begun": "in_progress",
        "shared": "shared",
        "checking": "quality_check",
        "returned": "returned",
        "with_manager": "with_team_manager",
    }
    early = exempted(cast, version)
    made = early | {
        name: make_audit_at(state, cast, version, reference=f"30000{n}", month=date(2026, n, 1))
        for n, (name, state) in enumerate(states.items(), start=1)
    }
    made["written"] = walk(make_audit(cast, version, "3000071", month=date(2026, 7, 1)), ["open", "write"], cast)
    made["answered"] = walk(
        make_audit(cast, version, "3000072", month=date(2026, 8, 1)), [*PATHS["shared"], "respond"], cast
    )
    made["challenged"] = make_audit_at("shared", cast, version, reference="3000073", month=date(2026, 9, 1))
    made |= inadequate_ones(cast, version)
    audits.save_answer(audit=made["written"], field="strengths", value="Other words", version=1, by=cast.auditor,
                       at=START)
    extra = audits.add_action(audit=made["written"], by=cast.auditor, at=START, what="Taken out again")
    audits.remove_action(action=extra, by=cast.auditor, at=START)
    concern, handled = (
        audits.raise_concern(audit=made["begun"], text="Worried", by=cast.auditor, at=START) for _ in range(2)
    )
    audits.acknowledge_concern(concern=handled, by=cast.team_manager, at=START + timedelta(minutes=5))
    escalation = make_contact(made, cast, version)
    challenge = challenges.raise_challenge(
        audit=made["challenged"], point="grade", text="It is good", by=cast.worker, at=START + timedelta(days=4)
    )
    for number, month in enumerate((date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1))):
        make_case(f"30001{number}", cast.team, cast.worker)
        round = plan_round(cast, version, month)
        for verb in (rounds.freeze_frame, rounds.draw_round, rounds.review)[:number]:
            verb(round=round, by=cast.pq_lead, at=START)
    volunteering.volunteer(staff=cast.other_worker, expertise="Fostering", experience="new", at=START)
    spring = date(today_in_london().year + 1, 3, 1)
    people.add_absence(staff=cast.worker, starts_on=spring, ends_on=spring, by=cast.worker, at=timezone.now())
    line = _corrected(made["begun"].case_file, cast)
    digests.make_digest(month=date(2026, 10, 1), at=START)
    now = timezone.now()
    month = add_months_clamped(london_date(now).replace(day=1), 3)
    wish = breaks.ask(auditor=cast.auditor, month=month, by=cast.auditor, at=now)
    requests = Exemption.objects.pending()
    taker, second = (make_auditor(name, cast.other_team) for name in ("Marcus Bell", "Nadia Frost"))
    Auditor.objects.filter(staff__in=(taker, second)).update(joined_on=today_in_london())
    made["paired"] = made["written"]
    audits.add_co_auditor(audit=made["paired"], person=second, by=cast.pq_lead, at=now)
    return World(
        cast, made, concern, handled, escalation, challenge, *make_imports(cast), line, wish, *make_sample(cast),
        requests.get(status=AWAITING), requests.exclude(status=AWAITING).get(), taker,
        make_email(cast.auditor, Delivery.State.DEAD),
        feed_addresses.make(staff=cast.auditor, by=cast.auditor, at=now),
    )  # fmt: skip


def make_contact(made: dict[str, Audit], cast: Cast, version: ProgrammeVersion) -> Escalation:
    """An audit in which the reviewing officer did not answer and the worker is escalated; one on a day, to prepare."""
    made["tried"] = make_audit(cast, version, "3000084", month=date(2025, 8, 1))
    has_workers_prepare(version)
    try_twice(made["tried"], cast.iro)
    invite(made["written"], cast.worker)
    made["on_a_day"] = make_audit_on(date(2025, 7, 16), cast, version, "3000085")
    return escalated(made["tried"], cast.worker)


def inadequate_ones(cast: Cast, version: ProgrammeVersion) -> dict[str, Audit]:
    """Inadequate, and everybody told; inadequate, and the auditor still has to tell."""
    made = {
        name: make_audit_at("quality_check", cast, version, reference=f"300007{n}", month=date(2025, n, 1),
                            grade="inadequate")
        for n, name in ((5, "inadequate"), (6, "untold"))
    }
    audits.notify_inadequate(audit=made["inadequate"], worker_told_on=START.date(), by=cast.auditor,
                             at=START + timedelta(days=6))
    return made


def make_sample(cast: Cast) -> tuple[TeamOverride, Theme]:
    """What is settled in a planned round: a same-team exception, a theme."""
    make_case("3000150", cast.other_team, cast.other_worker)
    planned = Round.objects.get(month=date(2026, 10, 1))
    override = sampling.allow_same_team(round=planned, auditor=cast.auditor, reason="Only they sign", by=cast.pq_lead,
                                        at=START)
    theme = sampling.set_theme(round=planned, name="Neglect", reason="Research", wanted=1, cases="300010",
                               by=cast.pq_lead, at=START)
    return override, theme


def exempted(cast: Cast, version: ProgrammeVersion) -> dict[str, Audit]:
    """Audits of the year before: one asked for, one where the line manager speaks first, one without an auditor."""
    made = {
        name: make_audit(cast, version, f"30002{n}", month=date(2025, 9 + n, 1))
        for n, name in enumerate(("with_line", "asked", "waiting"))
    }
    ask_exemption(made["asked"].allocation)
    walk(made["waiting"], ["exempt"], cast)
    with line_manager_first(version):
        ask_exemption(made["with_line"].allocation)
    return made


def make_imports(cast: Cast) -> tuple[Import, Import, Import, KnownWord]:
    """A preview, a list whose columns wait to be named, one with a word that nobody knows, a word that is known."""
    known = Meaning(KnownWord.Kind.TEAM, "Old East", unit=cast.team)
    remember_words(meanings=[known], by=cast.pq_lead, at=START)
    strange = CASES_CSV.replace(b"Children in Need East 2", b"CIN East 9")
    previews = [
        casefiles.preview(kind="case_files", file_name="cases.csv", content=content, by=cast.pq_lead, at=START)
        for content in (CASES_CSV, TRAY_CSV, strange)
    ]
    return (*previews, KnownWord.objects.get())


def _corrected(case_file: CaseFile, cast: Cast) -> Involvement:
    """One fact corrected, one line of the history written by hand."""
    correct(case_file=case_file, fact="personal_adviser", staff=cast.pq_officer, by=cast.pq_lead, at=START)
    return add_involvement(
        case_file=case_file, staff=cast.other_worker, capacity="worker", from_on=LONG_AGO, until_on=None,
        by=cast.pq_lead, at=START,
    )  # fmt: skip
