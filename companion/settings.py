"""All settings, in one file. Every one that a deployment may change is read from
the environment, by a reader that refuses nonsense (``companion.environment``).
"""

from __future__ import annotations

import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from companion import environment
from companion.content.library import LANGUAGES as CONTENT_LANGUAGES
from companion.content.library import SOURCE

BASE_DIR = Path(__file__).resolve().parent.parent

# --- How it runs -----------------------------------------------------------------

# "production" is the default: a forgotten setting must never open the debug pages.
# "local" is the same over plain HTTP, for one's own machine; "debug" is for engineers.
MODE = environment.choice("COMPANION_MODE", ("production", "local", "debug"), "production")
DEBUG = MODE == "debug"
PRODUCTION = MODE == "production"

# Signs nothing of a patient's; it matters to the staff's admin only.
SECRET_KEY = environment.text("COMPANION_SECRET_KEY")
if not SECRET_KEY:
    if PRODUCTION and environment.flag("COMPANION_ADMIN", False):
        raise ImproperlyConfigured("COMPANION_SECRET_KEY is needed where the admin is on")
    SECRET_KEY = secrets.token_urlsafe(50)

# Host names it answers to; anything else is a 400. Health checks on the machine itself
# ask by its own address, whatever the site is called.
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [*environment.hosts("COMPANION_HOSTS"), *LOOPBACK]

ROOT_URLCONF = "companion.urls"
WSGI_APPLICATION = "companion.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # The tables of hospitals' profiles name the officers who may edit each.
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "companion.web",
    "companion.providers",
    "companion.ondevice",
]

MIDDLEWARE = [
    # Outermost, so that no answer leaves without the headers: not an error, not a file.
    "companion.web.security.HeadersMiddleware",
    # HTTPS only, in production; its headers and the next one's are ours to decide above.
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "companion.web.security.RateLimitMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "companion.web.security.SameOriginMiddleware",
    # For the staff's forms; visitors' are checked by the one above.
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "companion.web.site.errors.ErrorPagesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "template_partials.templatetags.partials",
                "companion.web.templatetags.untranslated",
                "companion.web.templatetags.writing",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "companion.web.context.site",
                "companion.providers.context.hospital",
            ],
        },
    }
]

# --- Limits: printed on the page, held by the code that reads uploads ---------------

MB = 1024 * 1024
COMPANION_LIMITS = {
    "upload_bytes": environment.number("COMPANION_UPLOAD_MB", 1536, 1) * MB,
    "upload_files": environment.number("COMPANION_UPLOAD_FILES", 10_000, 1),
    # One file: more than this is not read to its end, and the report says so.
    "file_bytes": environment.number("COMPANION_FILE_MB", 1536, 1) * MB,
    "file_seconds": 2,
    "upload_seconds": environment.number("COMPANION_UPLOAD_SECONDS", 1800, 10),
    # Memory of the one process that reads one upload.
    "inspection_memory": environment.number("COMPANION_INSPECTION_MB", 512, 256) * MB,
    "inspections_at_once": environment.number("COMPANION_INSPECTIONS", 12, 1),
    # A copy to share: its process holds the files as they came, and works on top of that.
    "clean_bytes": environment.number("COMPANION_CLEAN_MB", 256, 1) * MB,
    "cleaning_memory": environment.number("COMPANION_CLEANING_MB", 1024, 512) * MB,
    "cleanings_at_once": environment.number("COMPANION_CLEANINGS", 2, 1),
    "cleaning_seconds": environment.number("COMPANION_CLEANING_SECONDS", 900, 60),
    # Pictures are looked at in processes of their own, of which each upload wants one; without
    # room for it, or the time, the report says that they were not looked at.
    "pictures": environment.flag("COMPANION_PICTURES", True),
    "pictures_at_once": environment.number("COMPANION_PICTURES_AT_ONCE", 4, 1),
    "pictures_wait_seconds": environment.number("COMPANION_PICTURES_WAIT_SECONDS", 5, 0),
    "pictures_memory": environment.number("COMPANION_PICTURES_MB", 900, 600) * MB,
    "pictures_seconds": environment.number("COMPANION_PICTURES_SECONDS", 180, 20),
    "letters_at_once": 2,
    "letter_seconds": 10,
    "letter_memory": 512 * MB,
    "letter_text_bytes": 20_000,
    "report_json_bytes": 8 * MB,
    "saved_answers_bytes": 512 * 1024,
    "wait_seconds": 5,
    "requests_per_minute": environment.number("COMPANION_REQUESTS_PER_MINUTE", 600, 1),
}

# --- Uploads: in memory, never on disk ----------------------------------------------

FILE_UPLOAD_HANDLERS = ["companion.web.memory_uploads.MemoryUploadHandler"]
# A tripwire: whatever still tries to spool an upload to disk must fail, not succeed;
# nobody, root neither, can make a file there.
FILE_UPLOAD_TEMP_DIR = "/proc"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * MB
DATA_UPLOAD_MAX_NUMBER_FILES = COMPANION_LIMITS["upload_files"] + 1
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# --- Data: what hospitals publish, and the staff's accounts; nothing of a patient ------

DATABASES = {
    "default": environment.database(
        "DATABASE_URL",
        environment.text("COMPANION_DATABASE", str(BASE_DIR / "companion.sqlite3")),
    )
}

# --- Staff: hospitals' privacy offices edit their own profile; off unless enabled --------

COMPANION_ADMIN = environment.flag("COMPANION_ADMIN", False)
# Where the admin answers, below the site's root; a path of your own keeps scanners away.
COMPANION_ADMIN_PATH = environment.path("COMPANION_ADMIN_PATH", "admin")

# Staff may sign in with an account of their own house (OpenID Connect) in the place of our
# password, and the code of their app all the same: companion.providers.openid. Off unless set.
COMPANION_OIDC_ISSUER = environment.issuer("COMPANION_OIDC_ISSUER")
COMPANION_OIDC_CLIENT = environment.text("COMPANION_OIDC_CLIENT")
COMPANION_OIDC_SECRET = environment.text("COMPANION_OIDC_SECRET")
# What the staff's sign-in page calls it.
COMPANION_OIDC_NAME = environment.text("COMPANION_OIDC_NAME", "OpenID Connect")
if COMPANION_OIDC_ISSUER and not (COMPANION_OIDC_CLIENT and COMPANION_OIDC_SECRET):
    raise ImproperlyConfigured(
        "COMPANION_OIDC_ISSUER needs COMPANION_OIDC_CLIENT and COMPANION_OIDC_SECRET beside it"
    )
if COMPANION_OIDC_ISSUER and not COMPANION_ADMIN:
    raise ImproperlyConfigured("COMPANION_OIDC_ISSUER needs COMPANION_ADMIN=on")

if COMPANION_ADMIN:
    INSTALLED_APPS += [
        "companion.providers.staff_app.StaffAdminConfig",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django_otp",
        "django_otp.plugins.otp_totp",
        "axes",
    ]
    MIDDLEWARE += [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "companion.providers.staff.LanguageMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django_otp.middleware.OTPMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        # Last, as its authors ask: turns a locked-out sign-in into its own answer.
        "axes.middleware.AxesMiddleware",
    ]
    TEMPLATES[0]["OPTIONS"]["context_processors"] += [  # type: ignore[index]
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]
    AUTHENTICATION_BACKENDS = [
        "axes.backends.AxesStandaloneBackend",
        "django.contrib.auth.backends.ModelBackend",
    ]

# scrypt: hard on memory as well as on time, and part of Python itself.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
_VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": f"{_VALIDATION}CommonPasswordValidator"},
]
OTP_TOTP_ISSUER = "Companion"

# Five wrong sign-ins lock the account's name and the address for an hour. Only staff
# ever sign in; their attempts are counted in the database, and never logged.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_CLIENT_IP_CALLABLE = "companion.web.security.address"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"

SESSION_COOKIE_NAME = "__Host-staff" if PRODUCTION else "staff"
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-staff-form" if PRODUCTION else "staff-form"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- A deployment's own name and look; checked at start (companion.web.site.branding) --------

# The name at the top of each page; empty: our own, in the visitor's language.
COMPANION_NAME = environment.text("COMPANION_NAME")
# Who runs this deployment, as the legal pages name them, and how to reach them.
COMPANION_OPERATOR = environment.text("COMPANION_OPERATOR")
COMPANION_CONTACT = environment.text("COMPANION_CONTACT")
# Where it stands: the country, and the company whose computer it is. A privacy committee asks.
COMPANION_HOSTING_COUNTRY = environment.text("COMPANION_HOSTING_COUNTRY")
COMPANION_HOSTING_COMPANY = environment.text("COMPANION_HOSTING_COMPANY")
# A PNG or JPEG file, shown beside the name.
COMPANION_LOGO = environment.text("COMPANION_LOGO")
# #rrggbb, for links and buttons, in the light and in the dark scheme.
COMPANION_ACCENT = environment.text("COMPANION_ACCENT")
COMPANION_ACCENT_DARK = environment.text("COMPANION_ACCENT_DARK")
# The jurisdiction whose law letters begin with, where no hospital says otherwise.
COMPANION_JURISDICTION = environment.text("COMPANION_JURISDICTION", "us")
# https://host: what links and QR codes on paper name. Empty: the address as visited.
COMPANION_PUBLIC_URL = environment.origin("COMPANION_PUBLIC_URL")

# --- Languages -----------------------------------------------------------------------

LANGUAGE_CODE = environment.choice("COMPANION_LANGUAGE", tuple(CONTENT_LANGUAGES), SOURCE)
LANGUAGES = list(CONTENT_LANGUAGES.items())
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files ---------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
# What a visitor's own browser needs to read scans, as ``manage.py ondevice`` packs it, and
# what it packs from. Where they are not there, the site says so and works without; "off"
# says that this is meant, and nothing of it is offered.
COMPANION_ON_DEVICE = environment.flag("COMPANION_ON_DEVICE", True)
COMPANION_PYODIDE = BASE_DIR / "var" / "pyodide"
COMPANION_ONDEVICE = BASE_DIR / "var" / "ondevice"
STATICFILES_DIRS = [BASE_DIR / "static"]
if COMPANION_ON_DEVICE and COMPANION_ONDEVICE.is_dir():
    STATICFILES_DIRS.append(COMPANION_ONDEVICE)
# "collected": hashed, compressed and cached for ever; "source": straight from static/.
COLLECTED = (
    environment.choice(
        "COMPANION_STATIC", ("collected", "source"), "collected" if PRODUCTION else "source"
    )
    == "collected"
)
STORAGES = {
    "staticfiles": {
        "BACKEND": "companion.web.static_files.StaticFilesStorage"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
}
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_AUTOREFRESH = not COLLECTED

# --- Security -------------------------------------------------------------------------

# Portals that may show the companion in a frame; nobody unless the operator lists them.
COMPANION_FRAME_ANCESTORS = environment.origins("COMPANION_FRAME_ANCESTORS")
# Read the visitor's address from X-Forwarded-For only behind a proxy that sets it.
COMPANION_BEHIND_PROXY = environment.flag("COMPANION_BEHIND_PROXY", False)
if COMPANION_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = environment.flag("COMPANION_HTTPS_REDIRECT", PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# How far browsers are told to insist on HTTPS (RFC 6797): two years, for this host alone,
# unless the operator speaks for its subdomains too; "preload" also allows browsers to
# ship it in their lists, from which it takes months to come off again.
HSTS = environment.choice("COMPANION_HSTS", ("off", "host", "subdomains", "preload"), "host")
SECURE_HSTS_SECONDS = 63_072_000 if PRODUCTION and HSTS != "off" else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HSTS in {"subdomains", "preload"}
SECURE_HSTS_PRELOAD = HSTS == "preload"
# Django's advice to reach further is the operator's to take: see COMPANION_HSTS.
# A weak key is no warning here but an error: see companion.web.site.deployment.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W009", "security.W021"]

# --- Counts of kinds, for whoever watches the service; off unless set -------------------

# 127.0.0.1:9464, say: Prometheus' text, for the machine itself alone (companion.web.counts).
COMPANION_METRICS = environment.loopback("COMPANION_METRICS")

# --- Logs: type, file and line, and a random error number; never a value ----------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "companion.web.logs.ValueFreeFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # Says nothing but the address and the status of each request.
        "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}

# --- Last: a misspelt name must not count as one that is not set --------------------------

environment.refuse_unknown()
