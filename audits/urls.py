"""Addresses of the audit: its number, then words."""

from django.urls import path

from audits.views import (
    checking,
    concerns,
    contacts,
    filing,
    handing_on,
    inadequate,
    lists,
    plan,
    record,
    withdrawing,
    workspace,
    writing,
)

app_name = "audits"
urlpatterns = [
    path("", lists.audits, name="audit-list"),
    path("to-file/", filing.to_file, name="filing-list"),
    path("to-file/confirm/", filing.confirm, name="filing-confirm"),
    path("to-file/zip/", filing.zip_file, name="filing-zip"),
    path("<slug:number>/", workspace.detail, name="audit-detail"),
    path("<slug:number>/open/", workspace.open_audit, name="audit-open"),
    path("<slug:number>/connection/", withdrawing.connection, name="audit-connection"),
    path("<slug:number>/substitute/", withdrawing.substitute, name="audit-substitute"),
    path("<slug:number>/cancel/", withdrawing.cancel, name="audit-cancel"),
    path("<slug:number>/timeline/", workspace.history, name="audit-timeline"),
    path("<slug:number>/answers/", writing.autosave, name="answer-save"),
    path("<slug:number>/domains/<slug:slug>/", writing.domain, name="domain"),
    *(
        path(f"<slug:number>/{part}/", writing.part, {"slug": part}, name=f"part-{part}")
        for part in ("period", "family", "overall", "learning")
    ),
    path("<slug:number>/contact/", contacts.contact, name="part-contact"),
    path("<slug:number>/contact/attempt/", contacts.attempt, name="contact-attempt"),
    path("<slug:number>/contact/escalate/", contacts.escalate, name="contact-escalate"),
    path("<slug:number>/escalations/<int:pk>/", contacts.escalation, name="escalation-detail"),
    path("<slug:number>/prepare/", contacts.prepare, name="audit-prepare"),
    path("<slug:number>/plan/", plan.plan, name="plan"),
    path("<slug:number>/plan/add/", plan.add, name="action-add"),
    path("<slug:number>/plan/<int:pk>/", plan.change, name="action-change"),
    path("<slug:number>/plan/<int:pk>/remove/", plan.remove, name="action-remove"),
    path("<slug:number>/plan/<int:pk>/restore/", plan.restore, name="action-restore"),
    path("<slug:number>/check/", workspace.check, name="audit-check"),
    path("<slug:number>/share/", workspace.share, name="audit-share"),
    path("<slug:number>/finalise/", workspace.finalise, name="audit-finalise"),
    path("<slug:number>/send-back/", workspace.resubmit, name="audit-resubmit"),
    path("<slug:number>/quality-check/", checking.quality_check, name="audit-quality-check"),
    path("<slug:number>/quality-check/accept/", checking.accept, name="audit-accept"),
    path("<slug:number>/record/", record.record, name="record"),
    path("<slug:number>/record.pdf", record.record_pdf, name="record-pdf"),
    path("<slug:number>/addenda/new/", record.add, name="addendum-add"),
    path("<slug:number>/reallocate/", handing_on.reallocate, name="audit-reallocate"),
    path("<slug:number>/inadequate/", inadequate.inadequate, name="inadequate"),
    path("<slug:number>/inadequate/acknowledge/", inadequate.acknowledge, name="inadequate-acknowledge"),
    path("<slug:number>/inadequate/withdraw/", inadequate.withdraw, name="inadequate-withdraw"),
    path("<slug:number>/concerns/new/", concerns.raise_concern, name="concern-raise"),
    path("<slug:number>/concerns/<int:pk>/", concerns.concern, name="concern-detail"),
    path("<slug:number>/concerns/<int:pk>/acknowledge/", concerns.acknowledge, name="concern-acknowledge"),
]
