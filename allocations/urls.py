"""Addresses of a round: its month, then the step. Progress is in audits.round_urls."""

from django.urls import path

from allocations import months  # noqa: F401  the converters
from allocations.views import breaks, exemptions, files, replays, rounds, sampling, steps

app_name = "allocations"
urlpatterns = [
    path("", rounds.rounds, name="round-list"),
    path("plan/", rounds.plan, name="round-plan"),
    path("replay/", replays.replay, name="draw-replay"),
    path("my-year/", breaks.my_year, name="my-year"),
    path("my-year/ask/", breaks.ask, name="break-ask"),
    path("year/<int:number>/", breaks.year_page, name="year"),
    path("breaks/move/", breaks.move, name="break-move"),
    path("breaks/<int:pk>/withdraw/", breaks.withdraw, name="break-withdraw"),
    path("breaks/<int:pk>/grant/", breaks.grant, name="break-grant"),
    path("exemptions/", exemptions.exemptions, name="exemption-list"),
    path("exemptions/ask/", exemptions.choose, name="exemption-choose"),
    path("exemptions/ask/<slug:number>/", exemptions.ask, name="exemption-ask"),
    path("exemptions/<int:pk>/", exemptions.detail, name="exemption-detail"),
    path("exemptions/<int:pk>/support/", exemptions.support, name="exemption-support"),
    path("exemptions/<int:pk>/decide/", exemptions.decide, name="exemption-decide"),
    path("exemptions/<int:pk>/withdraw/", exemptions.withdraw, name="exemption-withdraw"),
    path("<round:key>/breaks/", breaks.breaks, name="round-breaks"),
    path("<round:key>/", rounds.detail, name="round-detail"),
    path("<round:key>/auditors/", steps.auditors, name="round-auditors"),
    path("<round:key>/frame/", steps.frame_step, name="round-frame"),
    path("<round:key>/frame/size/", sampling.size, name="round-size"),
    path("<round:key>/frame/overrides/add/", sampling.override_add, name="override-add"),
    path("<round:key>/frame/overrides/<int:pk>/remove/", sampling.override_remove, name="override-remove"),
    path("<round:key>/frame/themes/add/", sampling.theme_add, name="theme-add"),
    path("<round:key>/frame/themes/<int:pk>/", sampling.theme_change, name="theme-change"),
    path("<round:key>/frame/themes/<int:pk>/remove/", sampling.theme_remove, name="theme-remove"),
    path("<round:key>/freeze/", steps.freeze, name="round-freeze"),
    path("<round:key>/draw/", steps.draw, name="round-draw"),
    path("<round:key>/draw/list.csv", steps.result_csv, name="round-result-csv"),
    path("<round:key>/draw/replay/", replays.replay_stored, name="round-replay"),
    path("<round:key>/review/", steps.review, name="round-review"),
    path("<round:key>/publish/", steps.publish, name="round-publish"),
    path("<round:key>/close/", steps.close, name="round-close"),
    path("<round:key>/certificate.json", files.certificate, name="round-certificate"),
    path("<round:key>/certificate.pdf", files.certificate_pdf, name="round-certificate-pdf"),
    path("<round:key>/list.pdf", files.list_pdf, name="round-list-pdf"),
    path("<round:key>/list.csv", files.distribution_list, name="round-list-csv"),
]
