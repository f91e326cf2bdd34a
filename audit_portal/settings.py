"""All settings, read from the environment (docs/deploy.md). One council per installation."""

import sys
from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, SELF

from audit_portal import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent

ENVIRONMENT = env.one_of("ENVIRONMENT", ("production", "demo", "test"), "production")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.flag("DEBUG", False)
DEMO_LOGINS = env.flag("DEMO_LOGINS", not PRODUCTION)
SECRET_KEY = env.text("SECRET_KEY", None if PRODUCTION else env.DEMO_SECRET_KEY)
if PRODUCTION:
    env.check_production(secret_key=SECRET_KEY, debug=DEBUG, demo=DEMO_LOGINS)

COUNCIL_NAME = env.text("COUNCIL_NAME", "Northbrook Council")
HELP_LINE = env.text("HELP_LINE", "Questions? Performance and Quality, 01632 960 140, Monday to Friday, 9am to 5pm.")
KEEP_INITIALS = env.flag("KEEP_INITIALS", False)  # and years of birth: shown only to the people of an audit
PUBLIC_URL = env.text("PUBLIC_URL", None if PRODUCTION else "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
TRAINING_COUNTS_MONTHS = env.whole_number("TRAINING_COUNTS_MONTHS", 24)
MONTHLY_PROGRAMME = env.text("MONTHLY_PROGRAMME", "s1")  # by which the council audits every month
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / ".portal")))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_forms_gds",
    "csp",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    "workflows",
    "calendars",
    "trail",
    "people",
    "duties",
    "jobs",
    "casefiles",
    "programmes",
    "allocations",
    "audits",
    "challenges",
    "followup",
    "reporting",
    "audit_portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "audit_portal.middleware.private_pages",
    "audit_portal.middleware.refused_steps",
    "audit_portal.middleware.readable_addresses",
]

ROOT_URLCONF = "audit_portal.urls"
WSGI_APPLICATION = "audit_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "audit_portal.context.portal",
            ],
        },
    }
]

# One PostgreSQL database per council. In production DATABASE_URL names the role portal_app,
# migrations run as the owner (docs/deploy.md).
DATABASES = {"default": env.database("DATABASE_URL")}

# Web requests never touch Redis: sessions and cache are in PostgreSQL.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}}

AUTH_USER_MODEL = "people.Staff"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
if ENVIRONMENT != "production":
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my-work"
LOGOUT_REDIRECT_URL = "account_login"

# Local accounts only, made by people with the right to (no one signs up).
ACCOUNT_ADAPTER = "audit_portal.accounts.LocalAccounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False

# Thirty minutes without a request, at most twelve hours (audit_portal.middleware).
SESSION_ENGINE = "audit_portal.sessions"  # which moves the end of a session on with every request
SESSION_COOKIE_AGE = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True  # stored as UTC
TIME_ZONE = "Europe/London"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = ENVIRONMENT == "test"
WHITENOISE_MAX_AGE = 3600

CRISPY_ALLOWED_TEMPLATE_PACKS = ["gds"]
CRISPY_TEMPLATE_PACK = "gds"
CRISPY_FAIL_SILENTLY = False

# E-mail: a real server in production; the demo writes its messages into the data folder.
EMAIL_HOST = env.text("EMAIL_HOST", None if PRODUCTION else "")
EMAIL_PORT = env.whole_number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", PRODUCTION)
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = DATA_DIR / "outbox"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Audit Portal <audit-portal@northbrook.example>")

# Celery. Redis is disposable: due times and notices are rows in PostgreSQL, beat only wakes
# the workers. The values answer known faults of Celery and kombu (docs/architecture.md).
REDIS_URL = env.text("REDIS_URL", None if PRODUCTION else "redis://localhost:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A worker that takes nothing for so long while messages wait ends itself (audit_portal.pulse). Longer than any task.
WORKER_DEAF_SECONDS = env.whole_number("WORKER_DEAF_SECONDS", 180)
CELERY_BEAT_SCHEDULE = {
    # A wake-up that nobody took within its period is worth nothing: the next one does the same.
    "drain": {"task": "duties.tasks.drain", "schedule": 5, "options": {"expires": 30}},
    "tick": {"task": "duties.tasks.tick", "schedule": 60, "options": {"expires": 60}},
    "digest": {"task": "duties.tasks.make_digest", "schedule": 60, "options": {"expires": 60}},
    "leavers": {"task": "casefiles.tasks.end_accounts", "schedule": 60, "options": {"expires": 60}},
    "lapse": {"task": "audits.tasks.lapse_windows", "schedule": 60, "options": {"expires": 60}},
    "no-notice": {"task": "audits.tasks.tell_on_the_day", "schedule": 60, "options": {"expires": 60}},
    "not-completed": {"task": "audits.tasks.tell_of_missed", "schedule": 180, "options": {"expires": 180}},
    "breaks": {"task": "allocations.tasks.fill_breaks", "schedule": 60, "options": {"expires": 60}},
    "jobs": {"task": "jobs.tasks.run_waiting", "schedule": 2, "options": {"expires": 30}},
    "old-imports": {"task": "casefiles.tasks.discard_old_imports", "schedule": 3600, "options": {"expires": 3600}},
    "sweep": {"task": "audit_portal.tasks.start_sweep", "schedule": 600, "options": {"expires": 600}},
    "heartbeat": {"task": "duties.tasks.heartbeat", "schedule": 30, "options": {"expires": 60}},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"without_secrets": {"()": "audit_portal.logs.WithoutSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_secrets"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"portal": {"level": "INFO"}},
}

SESSION_LIFETIME = timedelta(hours=12)
TESTING = ENVIRONMENT == "test" or "pytest" in sys.modules
SILENCED_SYSTEM_CHECKS: list[str] = []
