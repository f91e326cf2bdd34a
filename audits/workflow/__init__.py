"""The verbs of the audit, by noun: its life, its answers and actions, its sharing, its check, its concerns."""

from audits.workflow.actions import add_action, change_action, move_action, remove_action, restore_action
from audits.workflow.addenda import add_addendum
from audits.workflow.another_case import follow_availability
from audits.workflow.answers import AnswerChanged, Sitting, Typed, Unfit, save_answer, save_typed
from audits.workflow.appointments import cancel_appointment, make_appointment, move_appointment
from audits.workflow.cancelling import cancel
from audits.workflow.checkers import checker_for
from audits.workflow.checking import accept, resubmit, return_to_auditor
from audits.workflow.co_auditing import add_co_auditor, remove_co_auditor
from audits.workflow.concerns import (
    CONCERN_TRANSITIONS,
    acknowledge_concern,
    confirm_concern,
    raise_concern,
    record_call,
)
from audits.workflow.consulting import go_without_worker, record_session, remove_session, take_worker_back
from audits.workflow.contacting import ESCALATION_TRANSITIONS, escalate, record_attempt, resolve_escalation
from audits.workflow.filing import confirm_filed, open_filing
from audits.workflow.following import follow
from audits.workflow.handing_on import can_change_hands, reallocate, takers_for
from audits.workflow.hearing import (
    decide_family,
    hear,
    pass_on,
    record_family_attempt,
    record_parental_consent,
    remove_view,
)
from audits.workflow.inadequate import (
    acknowledge_inadequate,
    notify_inadequate,
    people_to_tell,
    withdraw_inadequate,
)
from audits.workflow.keeping import NotSeen, Seen, Take, put_back, settle
from audits.workflow.life import (
    TRANSITIONS,
    allocate,
    close,
    dispute,
    hold,
    locked,
    open_audit,
    release,
)
from audits.workflow.no_notice import tell_on_the_day
from audits.workflow.not_completed import tell_of_missed
from audits.workflow.past import TakenOver, take_over
from audits.workflow.preparing import confirm_preparation
from audits.workflow.sharing import NotComplete, finalise, lapse_windows, respond, resume, share
from audits.workflow.substituting import report_connection, substitute
from audits.workflow.taking_part import team_manager_of

__all__ = [
    "CONCERN_TRANSITIONS",
    "ESCALATION_TRANSITIONS",
    "TRANSITIONS",
    "AnswerChanged",
    "NotComplete",
    "NotSeen",
    "Seen",
    "Sitting",
    "Take",
    "TakenOver",
    "Typed",
    "Unfit",
    "accept",
    "acknowledge_concern",
    "acknowledge_inadequate",
    "add_action",
    "add_addendum",
    "add_co_auditor",
    "allocate",
    "can_change_hands",
    "cancel",
    "cancel_appointment",
    "change_action",
    "checker_for",
    "close",
    "confirm_concern",
    "confirm_filed",
    "confirm_preparation",
    "decide_family",
    "dispute",
    "escalate",
    "finalise",
    "follow",
    "follow_availability",
    "go_without_worker",
    "hear",
    "hold",
    "lapse_windows",
    "locked",
    "make_appointment",
    "move_action",
    "move_appointment",
    "notify_inadequate",
    "open_audit",
    "open_filing",
    "pass_on",
    "people_to_tell",
    "put_back",
    "raise_concern",
    "reallocate",
    "record_attempt",
    "record_call",
    "record_family_attempt",
    "record_parental_consent",
    "record_session",
    "release",
    "remove_action",
    "remove_co_auditor",
    "remove_session",
    "remove_view",
    "report_connection",
    "resolve_escalation",
    "respond",
    "restore_action",
    "resubmit",
    "resume",
    "return_to_auditor",
    "save_answer",
    "save_typed",
    "settle",
    "share",
    "substitute",
    "take_over",
    "take_worker_back",
    "takers_for",
    "team_manager_of",
    "tell_of_missed",
    "tell_on_the_day",
    "withdraw_inadequate",
]
