"""All addresses. Words and ids; an address without a row in the access table fails the suite."""

from allauth.account import views as account
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from audit_portal import demo, health, views

urlpatterns = [
    path("", views.my_work, name="my-work"),
    path("team/", views.team_work, name="team-work"),
    path("search/", views.search, name="search"),
    path("help/", views.help_page, {"page": "help"}, name="help"),
    path("help/privacy/", views.help_page, {"page": "privacy"}, name="help-privacy"),
    path("help/accessibility/", views.help_page, {"page": "accessibility"}, name="help-accessibility"),
    path("help/audit-policy/", views.audit_policy, name="help-audit-policy"),
    path("healthz/", health.healthz, name="healthz"),
    path("sign-in/", login_not_required(views.SignIn.as_view()), name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-up/", login_not_required(RedirectView.as_view(pattern_name="account_login")), name="account_signup"),
    path("account/password/", views.ChangePassword.as_view(), name="account_change_password"),
    path("account/password/forgotten/", login_not_required(account.password_reset), name="account_reset_password"),
    path(
        "account/password/forgotten/sent/",
        login_not_required(account.password_reset_done),
        name="account_reset_password_done",
    ),
    path(
        "account/password/new/<uidb36>-<key>/",
        login_not_required(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/new/done/",
        login_not_required(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("account/inactive/", login_not_required(account.account_inactive), name="account_inactive"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("inbox/", include("duties.urls")),
    path("outstanding/", include("duties.outstanding_urls")),
    path("preferences/", include("duties.preference_urls")),
    path("calendar/", include("duties.calendar_urls")),
    path("jobs/", include("jobs.urls")),
    path("people/", include("people.urls")),
    path("people/", include("duties.people_urls")),
    path("people/", include("casefiles.people_urls")),
    path("cases/", include("casefiles.urls")),
    path("rounds/", include("allocations.urls")),
    path("rounds/", include("audits.round_urls")),
    path("audits/", include("audits.urls")),
    path("audits/", include("challenges.urls")),
    path("follow-up/", include("followup.urls")),
    path("reports/", include("reporting.urls")),
    path("settings/", include("duties.settings_urls")),
    path("settings/", include("programmes.urls")),
]
if settings.DEMO_LOGINS:
    urlpatterns.append(path("demo/sign-in/", demo.sign_in, name="demo-sign-in"))

handler400 = "audit_portal.views.bad_request"
handler500 = "audit_portal.views.server_error"
