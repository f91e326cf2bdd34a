"""Who gets what at which address: written by hand, read by people, never made from answers.

A row gives the address, the method, the body of a valid post, and for each persona the answer.
Personas that a row does not name get `others`. Anonymous and disabled people get `anonymous`.
200 a page, 302 done or led elsewhere, 403 a sentence why not, 404 nothing there for you, 409 and 422 a
page that says what is missing: the door was open.
"""

from dataclasses import dataclass, field

from audits.quality import ITEMS

CASES_CSV = b"reference,category,team,worker\n3000099,in_need,Children in Need East 2,Tomasz Nowak\n"
TRAY_CSV = b"Nr,Held by\n3000098,Tomasz Nowak\n"


@dataclass(frozen=True)
class File:
    """A file to send with a form, made anew for each post."""

    name: str
    content: bytes


EVERYBODY = (
    "auditor worker team_manager group_manager head_of_service assistant_director strategic_lead director "
    "pq_lead pq_officer iro other_worker other_manager administrator board_viewer leader"
).split()
PQ = "pq_lead pq_officer"
LINE = "team_manager group_manager head_of_service assistant_director"
LEADERS = "assistant_director strategic_lead director leader"
OF_THE_CASE = f"worker iro {LINE}"
READERS = "worker iro team_manager"
SEES = f"auditor {OF_THE_CASE} {PQ}"
NOT_CANCELLING = f"auditor worker iro team_manager group_manager head_of_service {PQ}"


@dataclass(frozen=True)
class Row:
    """One address by one method."""

    name: str
    address: str
    method: str
    answers: dict[str, int]
    others: int = 404
    anonymous: int = 302
    body: dict[str, str | File] = field(default_factory=dict)

    def expected(self, persona: str) -> int:
        """The answer for a persona."""
        if persona in ("anonymous", "disabled"):
            return self.anonymous
        return next((answer for names, answer in self.answers.items() if persona in names.split()), self.others)


def get(name, address, answers=None, others=404, anonymous=302) -> Row:
    return Row(name, address, "GET", answers or {}, others, anonymous)


def post(name, address, /, answers=None, others=404, anonymous=302, **body) -> Row:
    return Row(name, address, "POST", answers or {}, others, anonymous, body)


def own_page(name: str, page: str) -> Row:
    """A page of the auditor's own workspace: nobody else, not even P&Q."""
    return get(name, f"/audits/{{begun}}/{page}", {"auditor": 200})


HOME = [
    get("my-work", "/", others=200),
    get("team-work", "/team/", {f"{LINE} other_manager strategic_lead {PQ}": 200}, others=403),
    get("search", "/search/?q=300", others=200),
    get("help", "/help/", others=200, anonymous=200),
    get("help-privacy", "/help/privacy/", others=200, anonymous=200),
    get("help-accessibility", "/help/accessibility/", others=200, anonymous=200),
    get("help-audit-policy", "/help/audit-policy/", others=200),
    get("healthz", "/healthz/", others=200, anonymous=200),
    get("duties:inbox", "/inbox/", others=200),
    post("duties:inbox-read", "/inbox/read/", others=302),
    post("duties:notice-open", "/inbox/{notice}/open/", {"auditor": 302}),
    get("outstanding:board", "/outstanding/", {PQ: 200}, others=403),
    post("outstanding:remind", "/outstanding/remind/", {PQ: 302}, others=403),
    post("outstanding:hand-over", "/outstanding/hand-over/", {PQ: 302}, others=403),
    get("outstanding:digest-list", "/outstanding/digests/", {f"{LEADERS} {PQ}": 200}, others=403),
    get("outstanding:digest-detail", "/outstanding/digests/2026-10/", {f"{LEADERS} {PQ}": 200}, others=403),
    get("outstanding:digest-detail", "/outstanding/digests/2020-01/", {f"{LEADERS} {PQ}": 404}, others=403),
    get("programmes:ladder-list", "/settings/ladders/", {f"{PQ} administrator": 200}, others=403),
    get("programmes:ladder-detail", "/settings/ladders/{ladder}/", {f"{PQ} administrator": 200}, others=403),
    get("preferences:preferences", "/preferences/", others=200),
    post(
        "preferences:preferences", "/preferences/", others=302,
        auditing="daily", cases="at_once", follow_up="daily", lists="daily", checks="daily", late="at_once",
    ),
    get("preferences:address-make", "/preferences/calendar/make/", others=302),
    post("preferences:address-make", "/preferences/calendar/make/", others=200),
    post("preferences:address-revoke", "/preferences/calendar/revoke/", others=302),
    # The address is the key: whoever has it reads it, signed in or not; any other opens nothing.
    get("calendar:feed", "/calendar/{feed}.ics", others=200, anonymous=200),
    get("calendar:feed", "/calendar/unknown.ics", others=404, anonymous=404),
    get("jobs:job-detail", "/jobs/00000000-0000-4000-8000-000000000000/"),
]
ACCOUNT = [
    get("account_login", "/sign-in/", others=302, anonymous=200),
    get("account_logout", "/sign-out/", others=200),
    post("account_logout", "/sign-out/", others=302),
    get("account_signup", "/sign-up/", others=302),
    get("account_change_password", "/account/password/", others=200),
    get("account_reset_password", "/account/password/forgotten/", others=200, anonymous=200),
    get("account_reset_password_done", "/account/password/forgotten/sent/", others=200, anonymous=200),
    get("account_reset_password_from_key", "/account/password/new/1-wrong-key/", others=200, anonymous=200),
    get("account_reset_password_from_key_done", "/account/password/new/done/", others=200, anonymous=200),
    get("account_inactive", "/account/inactive/", others=200, anonymous=200),
    get("account_reauthenticate", "/account/reauthenticate/", others=200),
    post("demo-sign-in", "/demo/sign-in/", others=404, anonymous=404, person="nobody"),
]
TODAY = {"0": "{today.day}", "1": "{today.month}", "2": "{today.year}"}


def today(field: str) -> dict[str, str]:
    """The three boxes of a day."""
    return {f"{field}_{box}": value for box, value in TODAY.items()}


# What the auditor records of meeting the people of the case; an appointment is also for whoever is invited.
CONSULTATION = [
    get("audits:session", "/audits/{written}/contact/session/", {"auditor": 200}),
    post("audits:session", "/audits/{written}/contact/session/", {"auditor": 302}, purpose="reading", mode="video",
         people="{worker}", **today("held_on")),
    post("audits:session-remove", "/audits/{written}/contact/session/{session}/remove/", {"auditor": 302}),
    get("audits:without-worker", "/audits/{written}/contact/without-worker/", {"auditor": 200}),
    post("audits:without-worker", "/audits/{written}/contact/without-worker/", {"auditor": 302}, why="away",
         away_from_0="1", away_from_1="7", away_from_2="2026", away_until_0="31", away_until_1="12",
         away_until_2="2099"),
    post("audits:worker-back", "/audits/{written}/contact/worker-back/", {"auditor": 302}),
    get("audits:appointment-make", "/audits/{written}/contact/appointment/", {"auditor": 200}),
    post("audits:appointment-make", "/audits/{written}/contact/appointment/", {"auditor": 422}, people="{worker}"),
    get("audits:appointment-detail", "/audits/{written}/appointments/{appointment}/", {"auditor worker": 200}),
    get("audits:appointment-calendar", "/audits/{written}/appointments/{appointment}/calendar.ics",
        {"auditor worker": 200}),
    get("audits:appointment-move", "/audits/{written}/appointments/{appointment}/move/", {"auditor": 200}),
    post("audits:appointment-move", "/audits/{written}/appointments/{appointment}/move/", {"auditor": 422},
         because="Another day suits"),
    get("audits:appointment-cancel", "/audits/{written}/appointments/{appointment}/cancel/", {"auditor": 200}),
    post("audits:appointment-cancel", "/audits/{written}/appointments/{appointment}/cancel/", {"auditor": 302},
         because="Not needed"),
]
# The family's side is the auditor's alone until the audit is shared; nothing before it is decided whom to ask.
FAMILY = [
    own_page("audits:part-family", "family/"),
    post("audits:part-family", "/audits/{begun}/family/", {"auditor": 302}, family_not_sought_because="Not now"),
    own_page("audits:family-decision", "family/decision/"),
    post("audits:family-decision", "/audits/{begun}/family/decision/", {"auditor": 302}, decided_with="worker",
         outcome="all", understanding="Old enough", **today("decided_on")),
    get("audits:family-consent", "/audits/{written}/family/consent/", {"auditor": 200}),
    get("audits:family-consent", "/audits/{begun}/family/consent/", {"auditor": 403}),
    post("audits:family-consent", "/audits/{written}/family/consent/", {"auditor": 302}, parent="mother",
         is_given="yes", **today("said_on")),
    get("audits:family-attempt", "/audits/{written}/family/attempt/", {"auditor": 200}),
    post("audits:family-attempt", "/audits/{written}/family/attempt/", {"auditor": 302}, who="father", method="phone",
         outcome="no_answer", **today("made_on")),
    get("audits:family-begin", "/audits/{written}/family/views/new/", {"auditor": 200}),
    get("audits:family-begin", "/audits/{begun}/family/views/new/", {"auditor": 403}),
    post("audits:family-begin", "/audits/{written}/family/views/new/", {"auditor": 302}, who="father",
         question_set="adult", method="visit", told_of_sharing="on", consents="on", consent_time="00:00",
         **today("spoken_on")),
    get("audits:family-view", "/audits/{written}/family/views/{view}/", {"auditor": 200}),
    post("audits:family-view", "/audits/{written}/family/views/{view}/", {"auditor": 302}),
    get("audits:family-passed-on", "/audits/{written}/family/views/{view}/passed-on/", {"auditor": 200}),
    post("audits:family-passed-on", "/audits/{written}/family/views/{view}/passed-on/", {"auditor": 302},
         **today("on")),
    post("audits:family-remove", "/audits/{written}/family/views/{view}/remove/", {"auditor": 302}),
    own_page("audits:family-questions", "family/questions/child/"),
    own_page("audits:family-questions-pdf", "family/questions/child.pdf"),
]
AUDITS = [
    get("audits:audit-list", "/audits/", others=200),
    # Before it is shared, the people of the case see that it is audited; the text is the auditor's.
    get("audits:audit-detail", "/audits/{begun}/", {SEES: 200}),
    get("audits:audit-detail", "/audits/{shared}/", {"auditor": 200, f"{OF_THE_CASE} {PQ}": 302}),
    get("audits:inadequate", "/audits/{inadequate}/inadequate/", {f"auditor {OF_THE_CASE} {PQ} director": 200}),
    post(
        "audits:inadequate", "/audits/{untold}/inadequate/", {"auditor": 302, f"{OF_THE_CASE} {PQ} director": 403},
        worker_told_on_0="2", worker_told_on_1="11", worker_told_on_2="2026",
    ),
    post(
        "audits:inadequate-acknowledge", "/audits/{inadequate}/inadequate/acknowledge/",
        {LINE: 302, f"auditor worker iro {PQ} director": 403},
    ),
    post(
        "audits:inadequate-withdraw", "/audits/{inadequate}/inadequate/withdraw/",
        {PQ: 302, f"auditor {OF_THE_CASE} director": 403}, because="Sent for the wrong audit",
    ),
    get("audits:audit-timeline", "/audits/{begun}/timeline/", {SEES: 200}),
    post("audits:audit-open", "/audits/{given}/open/", {"auditor": 302}, no_connection="yes"),
    own_page("audits:audit-connection", "connection/"),
    post("audits:audit-connection", "/audits/{given}/connection/", {"auditor": 302}, text="Our children share a class"),
    get("audits:audit-substitute", "/audits/{given}/substitute/", {PQ: 200, f"auditor {OF_THE_CASE}": 403}),
    post(
        "audits:audit-substitute", "/audits/{given}/substitute/", {PQ: 302, f"auditor {OF_THE_CASE}": 403},
        why="other", text="The case is in court", expects="",
    ),
    get("audits:audit-cancel", "/audits/{begun}/cancel/", {"assistant_director": 200, NOT_CANCELLING: 403}),
    post(
        "audits:audit-cancel", "/audits/{begun}/cancel/", {"assistant_director": 302, NOT_CANCELLING: 403},
        reason="The family moved to another council",
    ),
    own_page("audits:domain", "domains/relationships/"),
    post("audits:domain", "/audits/{begun}/domains/relationships/", {"auditor": 302}, evidence="Case note"),
    own_page("audits:part-period", "period/"),
    post("audits:part-period", "/audits/{begun}/period/", {"auditor": 302}, earlier_records="no"),
    # Duties of contact lead here: whoever is told of one and is not the auditor is led to the audit.
    get("audits:part-contact", "/audits/{begun}/contact/", {"auditor": 200, f"{OF_THE_CASE} {PQ}": 302}),
    post("audits:part-contact", "/audits/{begun}/contact/", {SEES: 302}, worker_said="All of it"),
    own_page("audits:contact-attempt", "contact/attempt/"),
    post("audits:contact-attempt", "/audits/{given}/contact/attempt/", {"auditor": 302}, person="{worker}",
         made_on_0="{today.day}", made_on_1="{today.month}", made_on_2="{today.year}", method="phone",
         outcome="no_answer"),
    post("audits:contact-escalate", "/audits/{tried}/contact/escalate/", {"auditor": 302}, person="{iro}"),
    # The people whom it concerns do not read an escalation; only above the team is it resolved.
    get("audits:escalation-detail", "/audits/{tried}/escalations/{escalation}/", {f"auditor {LINE} {PQ}": 200}),
    post(
        "audits:escalation-detail",
        "/audits/{tried}/escalations/{escalation}/",
        {"group_manager head_of_service assistant_director": 302, f"auditor team_manager {PQ}": 403},
        outcome="Back on Monday",
    ),
    get("audits:audit-prepare", "/audits/{on_a_day}/prepare/", {SEES: 200}),
    post("audits:audit-prepare", "/audits/{on_a_day}/prepare/", {"worker": 302, f"auditor iro {LINE} {PQ}": 403},
         what="recording"),
    *CONSULTATION,
    *FAMILY,
    # The default programme has no lines of enquiry and no timescales of practice.
    get("audits:part-enquiry", "/audits/{begun}/enquiry/"),
    get("audits:part-timescales", "/audits/{begun}/timescales/"),
    get("audits:co-auditor", "/audits/{begun}/co-auditor/", {PQ: 200, f"auditor {OF_THE_CASE}": 403}),
    post("audits:co-auditor", "/audits/{begun}/co-auditor/", {PQ: 302, f"auditor {OF_THE_CASE}": 403},
         person="{taker}"),
    post("audits:co-auditor-remove", "/audits/{paired}/co-auditor/remove/",
         {PQ: 302, f"auditor {OF_THE_CASE}": 403}),
    own_page("audits:part-overall", "overall/"),
    post("audits:part-overall", "/audits/{begun}/overall/", {"auditor": 302}, grade_evidence="All of it"),
    own_page("audits:part-learning", "learning/"),
    post("audits:part-learning", "/audits/{begun}/learning/", {"auditor": 302}, strengths="Steady"),
    post("audits:answer-save", "/audits/{begun}/answers/", {"auditor": 200}, field="strengths", value="x", version="0"),
    get("audits:answer-history", "/audits/{written}/answers/{answer}/", {"auditor": 200}),
    post("audits:answer-put-back", "/audits/{written}/answers/{answer}/put-back/", {"auditor": 302},
         text="{earlier_text}", version="2"),
    own_page("audits:plan", "plan/"),
    post("audits:plan", "/audits/{begun}/plan/", {"auditor": 302}, no_action_because="Nothing to improve"),
    own_page("audits:action-add", "plan/add/"),
    post("audits:action-add", "/audits/{begun}/plan/add/", {"auditor": 302}, what="Write the plan again"),
    get("audits:action-change", "/audits/{written}/plan/{action}/", {"auditor": 200}),
    post("audits:action-change", "/audits/{written}/plan/{action}/", {"auditor": 302}, what="Write it again"),
    post("audits:action-move", "/audits/{written}/plan/{action}/move/", {"auditor": 302}, way="up"),
    post("audits:action-remove", "/audits/{written}/plan/{action}/remove/", {"auditor": 302}),
    post("audits:action-restore", "/audits/{written}/plan/{removed}/restore/", {"auditor": 302}),
    own_page("audits:audit-check", "check/"),
    post("audits:audit-share", "/audits/{begun}/share/", {"auditor": 422}),
    post("audits:audit-finalise", "/audits/{answered}/finalise/", {"auditor": 302}),
    post("audits:audit-resubmit", "/audits/{returned}/send-back/", {"auditor": 302}),
    # The checker is P&Q and never the auditor; readers of the case may read, not check.
    get("audits:audit-quality-check", "/audits/{checking}/quality-check/", {PQ: 200, f"auditor {OF_THE_CASE}": 403}),
    post(
        "audits:audit-quality-check",
        "/audits/{checking}/quality-check/",
        {PQ: 302, f"auditor {OF_THE_CASE}": 403},
        reasons="Say how action 1 is measured",
    ),
    post(
        "audits:audit-accept", "/audits/{checking}/quality-check/accept/", {PQ: 302, f"auditor {OF_THE_CASE}": 403},
        **{f"ok-{item.slug}": "on" for item in ITEMS},
    ),
    # The record is for whoever may read the audit, once it is final; P&Q copy it to the child's record.
    get("audits:record", "/audits/{with_manager}/record/", {SEES: 200}),
    get("audits:record", "/audits/{shared}/record/", {SEES: 403}),
    get("audits:record-pdf", "/audits/{with_manager}/record.pdf", {SEES: 200}),
    get("audits:record-pdf", "/audits/{with_manager}/record.pdf?names=no", {SEES: 200}),
    get("audits:record-pdf", "/audits/{returned}/record.pdf", {SEES: 403}),
    get("audits:addendum-add", "/audits/{with_manager}/addenda/new/", {f"auditor {PQ}": 200, OF_THE_CASE: 403}),
    get("audits:addendum-add", "/audits/{checking}/addenda/new/", {SEES: 403}),
    post("audits:addendum-add", "/audits/{with_manager}/addenda/new/", {f"auditor {PQ}": 302, OF_THE_CASE: 403},
         about="Family views", text="The call was on 5 November"),
    get("audits:filing-list", "/audits/to-file/", {PQ: 200}, others=403),
    get("audits:filing-list", "/audits/to-file/?state=filed", {PQ: 200}, others=403),
    post("audits:filing-confirm", "/audits/to-file/confirm/", {PQ: 302}, others=403, filing="{filing}",
         on_0="{today.day}", on_1="{today.month}", on_2="{today.year}"),
    post("audits:filing-zip", "/audits/to-file/zip/", {PQ: 302}, others=403, filing="{filing}"),
    get("audits:filing-zip", "/audits/to-file/zip/?made=unknown", {PQ: 404}, others=403),
    # An audit that waits for another auditor is P&Q’s to give; its exempted auditor no longer sees it.
    get("audits:audit-reallocate", "/audits/{waiting}/reallocate/", {PQ: 200, OF_THE_CASE: 403}),
    post("audits:audit-reallocate", "/audits/{waiting}/reallocate/", {PQ: 302, OF_THE_CASE: 403}, auditor="{taker}"),
    get("audits:audit-reallocate", "/audits/{begun}/reallocate/", {PQ: 200, f"auditor {OF_THE_CASE}": 403}),
    get("audits:audit-detail", "/audits/{waiting}/", {f"{OF_THE_CASE} {PQ}": 200}),
    get("audits:concern-list", "/audits/concerns/", others=200),
    post("audits:concern-ring", "/audits/{begun}/concerns/{concern}/ring/", {SEES: 302}, who="else",
         somebody_else="The duty desk", spoke="yes"),
    get("audits:concern-raise", "/audits/{begun}/concerns/new/", {SEES: 200}),
    post("audits:concern-raise", "/audits/{begun}/concerns/new/", {SEES: 302}, text="Worried"),
    get("audits:concern-detail", "/audits/{begun}/concerns/{concern}/", {SEES: 200}),
    post(
        "audits:concern-acknowledge",
        "/audits/{begun}/concerns/{concern}/acknowledge/",
        {LINE: 302, f"auditor worker iro {PQ}": 403},
    ),
    post(
        "audits:concern-detail",
        "/audits/{begun}/concerns/{handled}/",
        {LINE: 302, f"auditor worker iro {PQ}": 403},
        action_taken="Seen today",
        record_reference="Note of 3 November",
    ),
]
CHALLENGES = [
    get("challenges:read", "/audits/{shared}/read/", {SEES: 200}),
    get("challenges:read", "/audits/{begun}/read/"),
    post(
        "challenges:read",
        "/audits/{shared}/read/",
        {READERS: 302, f"auditor group_manager head_of_service assistant_director {PQ}": 403},
        verdict="agrees",
    ),
    get("challenges:challenge-detail", "/audits/{challenged}/challenges/{challenge}/", {SEES: 200}),
    post(
        "challenges:challenge-detail",
        "/audits/{challenged}/challenges/{challenge}/",
        {"auditor": 302, f"{OF_THE_CASE} {PQ}": 403},
        outcome="kept",
        answer="We talked",
    ),
    post(
        "challenges:challenge-withdraw",
        "/audits/{challenged}/challenges/{challenge}/withdraw/",
        {"worker": 302, f"auditor iro {LINE} {PQ}": 403},
    ),
]
FOLLOW_UP = [
    get("followup:part-b-list", "/follow-up/", others=200),
    get("followup:part-b-detail", "/follow-up/{with_manager}/", {SEES: 200}),
    post(
        "followup:supervision-record",
        "/follow-up/{with_manager}/supervision/",
        {LINE: 302, f"auditor worker iro {PQ}": 403},
        supervision_on_0="5",
        supervision_on_1="11",
        supervision_on_2="2026",
        discussion="We read it together",
    ),
    post(
        "followup:action-confirm",
        "/follow-up/{with_manager}/actions/{part_b_action}/confirm/",
        {LINE: 302, f"auditor worker iro {PQ}": 403},
        evidence="Plan of 5 November",
        done_on_0="5",
        done_on_1="11",
        done_on_2="2026",
    ),
    post(
        "followup:action-give-up",
        "/follow-up/{with_manager}/actions/{part_b_action}/give-up/",
        {LINE: 302, f"auditor worker iro {PQ}": 403},
        because="The family moved away",
    ),
    post("followup:part-b-return", "/follow-up/{with_manager}/return/", {LINE: 422, f"auditor worker iro {PQ}": 403}),
]
CASES = [
    get("casefiles:case-list", "/cases/", others=200),
    get("casefiles:case-detail", "/cases/{case}/", {SEES: 200}),
    # Whoever audits a case corrects its people, as P&Q do; its history is for P&Q alone.
    get("casefiles:case-correct", "/cases/people/{case_id}/worker/", {f"auditor {PQ}": 200, OF_THE_CASE: 403}),
    post(
        "casefiles:case-correct",
        "/cases/people/{case_id}/worker/",
        {f"auditor {PQ}": 302, OF_THE_CASE: 403},
        who="Amy Lowther",
    ),
    get("casefiles:case-correct", "/cases/people/{case_id}/nonsense/"),
    post(
        "casefiles:case-take-back",
        "/cases/people/{case_id}/personal_adviser/take-back/",
        {f"auditor {PQ}": 302, OF_THE_CASE: 403},
    ),
    get("casefiles:history-add", "/cases/history/{case_id}/add/", {PQ: 200, f"auditor {OF_THE_CASE}": 403}),
    post(
        "casefiles:history-add",
        "/cases/history/{case_id}/add/",
        {PQ: 302, f"auditor {OF_THE_CASE}": 403},
        person="Amy Lowther",
        capacity="iro",
        from_on_0="5",
        from_on_1="1",
        from_on_2="2026",
    ),
    get("casefiles:history-change", "/cases/history/{case_id}/{line}/", {PQ: 200, f"auditor {OF_THE_CASE}": 403}),
    post(
        "casefiles:history-change",
        "/cases/history/{case_id}/{line}/",
        {PQ: 302, f"auditor {OF_THE_CASE}": 403},
        from_on_0="5",
        from_on_1="1",
        from_on_2="2026",
    ),
    post(
        "casefiles:history-remove", "/cases/history/{case_id}/{line}/remove/", {PQ: 302, f"auditor {OF_THE_CASE}": 403}
    ),
    get("casefiles:import-new", "/cases/import/", {f"{PQ} administrator": 200}, others=403),
    post(
        "casefiles:import-new",
        "/cases/import/",
        {PQ: 302, "administrator": 200},
        others=403,
        kind="case_files",
        file=File("cases.csv", CASES_CSV),
    ),
    get("casefiles:import-detail", "/cases/import/{import}/", {PQ: 200}),
    post("casefiles:import-confirm", "/cases/import/{import}/confirm/", {PQ: 302}),
    get("casefiles:import-refused", "/cases/import/{import}/refused.csv", {PQ: 200}),
    get("casefiles:import-columns", "/cases/import/{unnamed}/columns/", {PQ: 200}),
    post("casefiles:import-columns", "/cases/import/{unnamed}/columns/", {PQ: 302}, list_name="Tray", holds="some",
         column_reference="Nr", category_of_all="in_need"),
    get("casefiles:import-words", "/cases/import/{worded}/words/", {PQ: 200}),
    post("casefiles:import-words", "/cases/import/{worded}/words/", {PQ: 302}, nothing_0="on"),
    post("casefiles:import-rework", "/cases/import/{worded}/again/", {PQ: 302}),
    post("casefiles:import-discard", "/cases/import/{unnamed}/throw-away/", {PQ: 302}),
    get("casefiles:learned", "/cases/import/remembered/", {PQ: 200}, others=403),
    post("casefiles:learned-forget", "/cases/import/remembered/word/{word}/forget/", {PQ: 302}),
]
KEEPERS = "pq_lead administrator"
# The portal itself: how it is for the lead and administrators, its e-mails for all of P&Q too.
SETTINGS = [
    get("operations:settings", "/settings/", {f"{PQ} administrator": 200}, others=403),
    get("operations:status", "/settings/status/", {KEEPERS: 200}, others=403),
    get("operations:email-list", "/settings/e-mails/", {f"{PQ} administrator": 200}, others=403),
    post("operations:email-send-again", "/settings/e-mails/{email}/send-again/", {f"{PQ} administrator": 302}),
    post("operations:email-give-up", "/settings/e-mails/{email}/give-up/", {f"{PQ} administrator": 302}),
]
# The cast’s worker, as a page of people shows them; the board sees nobody but themselves.
OVER_WORKER = f"worker {LINE} {KEEPERS}"
PEOPLE = [
    get("people:staff-list", "/people/", {KEEPERS: 200}, others=403),
    get("people:staff-add", "/people/add/", {KEEPERS: 200}, others=403),
    post(
        "people:staff-add", "/people/add/", {KEEPERS: 302}, others=403,
        name="Pat New", email="pat.new@northbrook.example", reference="P-1",
    ),
    get("people:me", "/people/me/", others=302),
    get("people:staff-detail", "/people/{worker}/", {"board_viewer": 404}, others=200),
    get("people:staff-change", "/people/{worker}/change/", {KEEPERS: 200, "board_viewer": 404}, others=403),
    post(
        "people:staff-change", "/people/{worker}/change/", {KEEPERS: 302, "board_viewer": 404}, others=403,
        name="Tomasz Nowak", email="tomasz@northbrook.example", reference="tomasz.nowak",
    ),
    post("people:staff-come-back", "/people/{leaver}/come-back/", {KEEPERS: 302, "board_viewer": 404}, others=403),
    get("people:role-give", "/people/{worker}/roles/", {KEEPERS: 200, "board_viewer": 404}, others=403),
    post(
        "people:role-give", "/people/{worker}/roles/", {KEEPERS: 302, "board_viewer": 404}, others=403,
        role="moderator", starts_on_0="1", starts_on_1="1", starts_on_2="{next_year}",
    ),
    get("people:role-end", "/people/{worker}/roles/{grant}/end/", {KEEPERS: 200, "board_viewer": 404}, others=403),
    post(
        "people:role-end", "/people/{worker}/roles/{grant}/end/", {KEEPERS: 302, "board_viewer": 404}, others=403,
        ends_on_0="1", ends_on_1="1", ends_on_2="{next_year}",
    ),
    get("people:absence-add", "/people/{worker}/absences/", {OVER_WORKER: 200, "board_viewer": 404}, others=403),
    post(
        "people:absence-add", "/people/{worker}/absences/", {OVER_WORKER: 302, "board_viewer": 404}, others=403,
        starts_on_0="2", starts_on_1="1", starts_on_2="{next_year}",
        ends_on_0="9", ends_on_1="1", ends_on_2="{next_year}",
    ),
    get(
        "people:absence-change", "/people/{worker}/absences/{absence}/", {OVER_WORKER: 200, "board_viewer": 404},
        others=403,
    ),
    post(
        "people:absence-change", "/people/{worker}/absences/{absence}/", {OVER_WORKER: 302, "board_viewer": 404},
        others=403, starts_on_0="2", starts_on_1="3", starts_on_2="{next_year}",
        ends_on_0="9", ends_on_1="3", ends_on_2="{next_year}",
    ),
    post(
        "people:absence-remove", "/people/{worker}/absences/{absence}/remove/",
        {OVER_WORKER: 302, "board_viewer": 404}, others=403,
    ),
    get("people:auditor-detail", "/people/{auditor}/auditor/", {KEEPERS: 200, "board_viewer": 404}, others=403),
    post(
        "people:auditor-detail", "/people/{auditor}/auditor/", {KEEPERS: 302, "board_viewer": 404}, others=403,
        capacity="1", basis="role", experience="some", joined_on_0="1", joined_on_1="4", joined_on_2="2024",
    ),
    get("people:unit-list", "/people/units/", {KEEPERS: 200}, others=403),
    get("people:unit-add", "/people/units/add/", {KEEPERS: 200}, others=403),
    post(
        "people:unit-add", "/people/units/add/", {KEEPERS: 302}, others=403,
        kind="directorate", reference="new", name="New Directorate",
    ),
    get("people:unit-detail", "/people/units/{team}/", {KEEPERS: 200, "board_viewer": 404}, others=403),
    post(
        "people:unit-detail", "/people/units/{team}/", {KEEPERS: 302, "board_viewer": 404}, others=403,
        name="East Two", parent="{group}",
    ),
    # The team has people and cases, so closing it leads back with a sentence.
    post("people:unit-close", "/people/units/{team}/close/", {KEEPERS: 302, "board_viewer": 404}, others=403),
    get("people:auditor-list", "/people/auditors/", {KEEPERS: 200}, others=403),
    get("people:auditor-by-role", "/people/auditors/by-role/", {KEEPERS: 200}, others=403),
    post("people:auditor-by-role", "/people/auditors/by-role/", {KEEPERS: 302}, others=403, people="{team_manager}"),
    get("volunteering:volunteer", "/people/{worker}/volunteer/", {"worker": 200, "board_viewer": 404}, others=403),
    post(
        "volunteering:volunteer", "/people/{worker}/volunteer/", {"worker": 302, "board_viewer": 404}, others=403,
        experience="new",
    ),
    post(
        "volunteering:answer", "/people/{volunteer}/volunteer/answer/", {KEEPERS: 302, "board_viewer": 404},
        others=403, answer="accept",
    ),
    get("leaving:staff-leave", "/people/{worker}/leave/", {KEEPERS: 200, "board_viewer": 404}, others=403),
    post(
        "leaving:staff-leave", "/people/{worker}/leave/", {KEEPERS: 302, "board_viewer": 404}, others=403,
        on_0="1", on_1="1", on_2="{next_year}",
    ),
]
ASKS = f"auditor other_manager assistant_director {PQ}"
ROUNDS = [
    # October is planned, November frozen, December drawn, January reviewed, September published.
    get("allocations:round-list", "/rounds/", {PQ: 200}, others=403),
    post("allocations:round-plan", "/rounds/plan/", {PQ: 302}, others=403, month="{next_month}"),
    get("allocations:round-plan", "/rounds/plan/", {PQ: 200}, others=403),
    get("allocations:draw-replay", "/rounds/replay/", {PQ: 200}, others=403),
    post("allocations:draw-replay", "/rounds/replay/", {PQ: 422}, others=403, file=File("certificate.json", b"{}")),
    get("allocations:my-year", "/rounds/my-year/", {"auditor": 200}),
    post("allocations:break-ask", "/rounds/my-year/ask/", {"auditor": 302}, month="{break_month}"),
    get("allocations:year", "/rounds/year/2026/", {PQ: 200}, others=403),
    post(
        "allocations:break-withdraw",
        "/rounds/breaks/{break}/withdraw/",
        {f"auditor {PQ}": 302, "other_manager assistant_director": 403},
    ),
    post(
        "allocations:break-move", "/rounds/breaks/move/", {PQ: 302}, others=403, wish="{break}", place="1", reason="Ill"
    ),
    post(
        "allocations:break-grant",
        "/rounds/breaks/{break}/grant/",
        {"pq_lead": 302, "auditor pq_officer other_manager assistant_director": 403},
        reason="Ill",
    ),
    # An exemption is seen by the auditor, their line and who decides; only the latter decide.
    get("allocations:exemption-list", "/rounds/exemptions/", others=200),
    get("allocations:exemption-choose", "/rounds/exemptions/ask/", others=200),
    get("allocations:exemption-ask", "/rounds/exemptions/ask/{given}/", {ASKS: 200}),
    post("allocations:exemption-ask", "/rounds/exemptions/ask/{given}/", {ASKS: 302},
         reason="other", explanation="Ill"),
    get("allocations:exemption-detail", "/rounds/exemptions/{request}/", {ASKS: 200}),
    post(
        "allocations:exemption-decide",
        "/rounds/exemptions/{request}/decide/",
        {"assistant_director": 302, f"auditor other_manager {PQ}": 403},
        decision="agree",
    ),
    post(
        "allocations:exemption-support",
        "/rounds/exemptions/{spoken}/support/",
        {"other_manager": 302, f"auditor assistant_director {PQ}": 403},
        supports="yes",
    ),
    post(
        "allocations:exemption-withdraw",
        "/rounds/exemptions/{request}/withdraw/",
        {f"auditor {PQ}": 302, "assistant_director other_manager": 403},
    ),
    get("allocations:round-breaks", "/rounds/2026-11/breaks/", {PQ: 200}),
    get("allocations:round-detail", "/rounds/2026-11/", {PQ: 302}),
    get("allocations:round-auditors", "/rounds/2026-11/auditors/", {PQ: 200}),
    get("allocations:round-frame", "/rounds/2026-11/frame/", {PQ: 200}),
    post("allocations:round-freeze", "/rounds/2026-10/freeze/", {PQ: 302}),
    get("allocations:round-size", "/rounds/2026-10/frame/size/", {PQ: 200}),
    post("allocations:round-size", "/rounds/2026-10/frame/size/", {PQ: 302}, wanted="1"),
    get("allocations:override-add", "/rounds/2026-10/frame/overrides/add/", {PQ: 200}),
    post(
        "allocations:override-add",
        "/rounds/2026-10/frame/overrides/add/",
        {PQ: 302},
        auditor="{auditor}",
        which="one",
        case="3000150",
        reason="Only they sign",
    ),
    post("allocations:override-remove", "/rounds/2026-10/frame/overrides/{override}/remove/", {PQ: 302}),
    get("allocations:theme-add", "/rounds/2026-10/frame/themes/add/", {PQ: 200}),
    post(
        "allocations:theme-add",
        "/rounds/2026-10/frame/themes/add/",
        {PQ: 302},
        name="Domestic abuse",
        reason="An inspection",
        wanted="1",
        cases="300011",
    ),
    get("allocations:theme-change", "/rounds/2026-10/frame/themes/{theme}/", {PQ: 200}),
    post(
        "allocations:theme-change",
        "/rounds/2026-10/frame/themes/{theme}/",
        {PQ: 302},
        name="Neglect",
        reason="Research",
        wanted="1",
        cases="300011",
    ),
    post("allocations:theme-remove", "/rounds/2026-10/frame/themes/{theme}/remove/", {PQ: 302}),
    get("allocations:round-draw", "/rounds/2026-12/draw/", {PQ: 200}),
    get("allocations:round-result-csv", "/rounds/2026-12/draw/list.csv", {PQ: 200}),
    post("allocations:round-replay", "/rounds/2026-12/draw/replay/", {PQ: 200}),
    post("allocations:round-draw", "/rounds/2026-11/draw/", {PQ: 302}),
    post("allocations:round-review", "/rounds/2026-12/review/", {PQ: 302}),
    get("allocations:round-publish", "/rounds/2027-01/publish/", {PQ: 200}),
    post("allocations:round-publish", "/rounds/2027-01/publish/", {PQ: 302}),
    post("allocations:round-close", "/rounds/2026-09/close/", {PQ: 302}),
    get("allocations:round-certificate", "/rounds/2026-12/certificate.json", {PQ: 200}),
    get("allocations:round-certificate-pdf", "/rounds/2026-12/certificate.pdf", {PQ: 200}),
    post("allocations:round-certificate-pdf", "/rounds/2026-12/certificate.pdf", {PQ: 302}),
    get("allocations:round-list-pdf", "/rounds/2026-09/list.pdf", {PQ: 200}),
    post("allocations:round-list-pdf", "/rounds/2026-09/list.pdf", {PQ: 302}),
    get("allocations:round-list-csv", "/rounds/2026-09/list.csv", {PQ: 200}),
    get("rounds:round-progress", "/rounds/2026-09/progress/", {PQ: 200}),
]
REPORTS = [
    get("reporting:report-index", "/reports/", {f"{LEADERS} {PQ} head_of_service board_viewer": 302}, others=403),
    get("reporting:dashboard", "/reports/2026-09/", {f"{LEADERS} {PQ} head_of_service board_viewer": 200}, others=403),
    get(
        "reporting:dashboard-csv",
        "/reports/2026-09/figures.csv",
        {f"{LEADERS} {PQ} head_of_service board_viewer": 200},
        others=403,
    ),
    get(
        "reporting:chart-grades",
        "/reports/2026-09/charts/grades.svg",
        {f"{LEADERS} {PQ} head_of_service board_viewer": 200},
        others=403,
    ),
    # Managers see the auditors under them, leaders totals, P&Q all; of the team no auditor had an audit.
    get(
        "reporting:not-completed", "/reports/not-completed/", {f"{LEADERS} {PQ} {LINE} other_manager": 200}, others=403
    ),
    get(
        "reporting:chart-not-completed", "/reports/not-completed/chart.svg",
        {f"{LEADERS} {PQ} other_manager": 200, "team_manager group_manager head_of_service": 404}, others=403,
    ),
]
TABLE = [*HOME, *ACCOUNT, *AUDITS, *CHALLENGES, *FOLLOW_UP, *CASES, *PEOPLE, *ROUNDS, *REPORTS, *SETTINGS]
