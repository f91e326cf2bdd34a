"""Addresses of the audit: its number, then words."""

from django.urls import path

from audits.views import (
    answer_history,
    checking,
    co_auditing,
    concerns,
    contacts,
    handing_on,
    inadequate,
    lists,
    plan,
    withdrawing,
    workspace,
    writing,
)

app_name = "audits"
urlpatterns = [
    path("", lists.audits, name="audit-list"),
    path("concerns/", concerns.concerns, name="concern-list"),
    path("<slug:number>/", workspace.detail, name="audit-detail"),
    path("<slug:number>/open/", workspace.open_audit, name="audit-open"),
    path("<slug:number>/connection/", withdrawing.connection, name="audit-connection"),
    path("<slug:number>/substitute/", withdrawing.substitute, name="audit-substitute"),
    path("<slug:number>/cancel/", withdrawing.cancel, name="audit-cancel"),
    path("<slug:number>/timeline/", workspace.history, name="audit-timeline"),
    path("<slug:number>/answers/", writing.autosave, name="answer-save"),
    path("<slug:number>/answers/<int:pk>/", answer_history.history, name="answer-history"),
    path("<slug:number>/answers/<int:pk>/put-back/", answer_history.put_back, name="answer-put-back"),
    path("<slug:number>/domains/<slug:slug>/", writing.domain, name="domain"),
    *(
        path(f"<slug:number>/{part}/", writing.part, {"slug": part}, name=f"part-{part}")
        for part in ("period", "family", "enquiry", "timescales", "overall", "learning")
    ),
    path("<slug:number>/contact/", contacts.contact, name="part-contact"),
    path("<slug:number>/contact/attempt/", contacts.attempt, name="contact-attempt"),
    path("<slug:number>/contact/escalate/", contacts.escalate, name="contact-escalate"),
    path("<slug:number>/escalations/<int:pk>/", contacts.escalation, name="escalation-detail"),
    path("<slug:number>/prepare/", contacts.prepare, name="audit-prepare"),
    path("<slug:number>/plan/", plan.plan, name="plan"),
    path("<slug:number>/plan/add/", plan.add, name="action-add"),
    path("<slug:number>/plan/<int:pk>/", plan.change, name="action-change"),
    path("<slug:number>/plan/<int:pk>/move/", plan.move, name="action-move"),
    path("<slug:number>/plan/<int:pk>/remove/", plan.remove, name="action-remove"),
    path("<slug:number>/plan/<int:pk>/restore/", plan.restore, name="action-restore"),
    path("<slug:number>/check/", workspace.check, name="audit-check"),
    path("<slug:number>/share/", workspace.share, name="audit-share"),
    path("<slug:number>/finalise/", workspace.finalise, name="audit-finalise"),
    path("<slug:number>/send-back/", workspace.resubmit, name="audit-resubmit"),
    path("<slug:number>/quality-check/", checking.quality_check, name="audit-quality-check"),
    path("<slug:number>/quality-check/accept/", checking.accept, name="audit-accept"),
    path("<slug:number>/co-auditor/", co_auditing.co_auditor, name="co-auditor"),
    path("<slug:number>/co-auditor/remove/", co_auditing.remove, name="co-auditor-remove"),
    path("<slug:number>/reallocate/", handing_on.reallocate, name="audit-reallocate"),
    path("<slug:number>/inadequate/", inadequate.inadequate, name="inadequate"),
    path("<slug:number>/inadequate/acknowledge/", inadequate.acknowledge, name="inadequate-acknowledge"),
    path("<slug:number>/inadequate/withdraw/", inadequate.withdraw, name="inadequate-withdraw"),
    path("<slug:number>/concerns/new/", concerns.raise_concern, name="concern-raise"),
    path("<slug:number>/concerns/<int:pk>/", concerns.concern, name="concern-detail"),
    path("<slug:number>/concerns/<int:pk>/ring/", concerns.ring, name="concern-ring"),
    path("<slug:number>/concerns/<int:pk>/acknowledge/", concerns.acknowledge, name="concern-acknowledge"),
]
