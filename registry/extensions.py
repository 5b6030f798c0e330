"""Which Flask extensions does the registry use, and how is sign-in wired? Created unbound; ``init_app`` binds them.

Sign-in is Flask-Security with what it leaves to its host: a code that works once, recovery codes kept hashed, passwords
that refuse common and local words, mail to the console where there is no server.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app, g
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_security import MailUtil, PasswordUtil, Security, SQLAlchemyUserDatastore
from flask_security.forms import LoginForm
from flask_security.recovery_codes import MfRecoveryCodesUtil
from flask_security.totp import Totp
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from passlib.totp import TOTP, TotpMatch
from werkzeug.local import LocalProxy

from registry.db.base import Base
from registry.domain.sign_in_words import SENTENCES
from registry.models.accounts import FrameworkRole, User
from registry.services import mail, passwords

db = SQLAlchemy(model_class=Base)
migrate = Migrate()
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address)
babel = Babel()

FRESH_FOR = timedelta(minutes=30)
"""How long a sign-in counts as fresh: changing a second factor asks for the password again after that."""
LINK_LIVES_FOR = timedelta(hours=24)
"""How long a reset or invitation link works; it works once."""


def _now() -> datetime:
    instant: datetime = current_app.config["CLOCK"].now()
    return instant


class AccountStore(SQLAlchemyUserDatastore):
    """The sign-in framework's view of accounts: it flushes; only the edge commits."""

    def commit(self) -> None:
        """Send what changed to the database; the request's own transaction commits it."""
        db.session.flush()


datastore = AccountStore(db, User, FrameworkRole)


class OnceTotp(Totp):
    """Codes by the registry's clock: each is accepted once, for its own 30 seconds only (ASVS 6.5.1, 6.5.5)."""

    def __init__(self, secrets: dict[str, str], issuer: str) -> None:
        self._totp = TOTP.using(issuer=issuer, secrets=secrets, now=lambda: _now().timestamp())

    def get_last_counter(self, user: Any) -> int | None:
        """The step of the last code this person used, read under a lock so that two requests cannot both use it."""
        if user.id is not None:
            db.session.refresh(user, ["tf_last_counter"], with_for_update=True)
        counter: int | None = user.tf_last_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        """Remember the step, so that the same code is refused from now on."""
        user.tf_last_counter = tmatch.counter
        db.session.flush()


class HashedRecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes are shown once and stored as scrypt digests."""

    def get_recovery_codes(self, user: Any) -> list[str]:
        """Nothing: stored codes cannot be shown again."""
        return []

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Whether the code is one of this person's unused ones."""
        return self._position(user, code) is not None

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Use a code up."""
        position = self._position(user, code)
        return position is not None and bool(datastore.mf_delete_recovery_code(user, position))

    def _position(self, user: Any, code: str) -> int | None:
        db.session.refresh(user, ["mf_recovery_codes"], with_for_update=True)
        stored = user.mf_recovery_codes or []
        return next((n for n, kept in enumerate(stored) if passwords.code_matches(code, kept)), None)

    def _encrypt_codes(self, codes: list[str]) -> list[str]:
        return [passwords.hashed_code(code) for code in codes]


class LocalPasswords(PasswordUtil):
    """Passwords are normalised to NFKC and checked against the shipped list; nothing is asked outside."""

    def normalize(self, password: str) -> str:
        """The password in Unicode form NFKC."""
        return passwords.normalised(password)

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """The faults found, or None, and the normalised password."""
        plain = self.normalize(password)
        user = kwargs.get("user")
        own = (user.email, user.display_name, user.service_number) if user else ()
        return passwords.faults_of(plain, own) or None, plain


class RegistryMail(MailUtil):
    """Mail by SMTP, or to the console's log where no server is set."""

    def send_mail(  # noqa: PLR0917  # the framework's signature
        self,
        template: str,
        subject: str,
        recipient: Any,
        sender: Any,
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        """Compose and hand over a plain-text message."""
        send_mail(str(recipient), str(subject), body or "")


class SignInForm(LoginForm):
    """The sign-in form without *remember me*: a session ends with its row, never outlives it."""

    remember = None


security = Security(
    login_form=SignInForm,
    totp_cls=OnceTotp,
    mail_util_cls=RegistryMail,
    password_util_cls=LocalPasswords,
    mf_recovery_codes_util_cls=HashedRecoveryCodes,
)


def send_mail(recipient: str, subject: str, body: str) -> None:
    """Send one plain-text message as this installation's configuration says."""
    config = current_app.config
    server = None
    if config.get("SMTP_HOST"):
        server = mail.MailServer(
            host=config["SMTP_HOST"],
            port=int(config.get("SMTP_PORT") or 587),
            user=config.get("SMTP_USER") or "",
            password=config.get("SMTP_PASSWORD") or "",
            starttls=bool(config.get("SMTP_STARTTLS", True)),
        )
    sender = config["SECURITY_EMAIL_SENDER"]
    mail.deliver(mail.compose(sender=str(sender), recipient=recipient, subject=subject, body=body), server)


def is_demo(app: Flask) -> bool:
    """Whether this installation is a demo: its database was made by the ``demo`` command (decision 9)."""
    answer: bool | Callable[[], bool] = app.config.get("IS_DEMO", False)
    return bool(answer() if callable(answer) else answer)


def init_app(app: Flask) -> None:
    """Bind every extension to the application."""
    _cookie_settings(app)
    _sign_in_settings(app)
    db.init_app(app)
    migrate.init_app(app, db)
    csrf.init_app(app)
    limiter.init_app(app)
    babel.init_app(app, locale_selector=lambda: g.get("language"), timezone_selector=lambda: g.get("zone"))
    with app.app_context():  # the code factory tries its clock, which is the application's
        security.init_app(app, datastore)


def _cookie_settings(app: Flask) -> None:
    """Decision 10: a __Host- cookie on loopback and behind TLS, unless the insecure switch says otherwise."""
    insecure = bool(app.config.get("INSECURE_COOKIES", False))
    app.config.update(
        SESSION_COOKIE_NAME="registry" if insecure else "__Host-registry",
        SESSION_COOKIE_SECURE=not insecure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_DOMAIN=None,
    )


def _sign_in_settings(app: Flask) -> None:
    """What Flask-Security is told. Its own checks of forgery are made by ``registry.edge.identity`` for every route."""
    config = app.config
    config.setdefault("SECURITY_PASSWORD_SALT", _derived(app, "password-salt"))
    config.setdefault("SECURITY_TOTP_SECRETS", {"1": _derived(app, "totp")})
    config.setdefault("SECURITY_EMAIL_SENDER", config.get("MAIL_SENDER") or "registry@localhost")
    config.setdefault("RATELIMIT_STORAGE_URI", "memory://")
    config.setdefault("RATELIMIT_STRATEGY", "moving-window")
    config.setdefault("DEMO_ACCOUNTS", list)
    config["WTF_CSRF_CHECK_DEFAULT"] = False
    config["WTF_CSRF_TIME_LIMIT"] = None
    config["WTF_CSRF_SSL_STRICT"] = False
    config["SECURITY_TWO_FACTOR_REQUIRED"] = LocalProxy(lambda: not is_demo(app))
    config.update({f"SECURITY_{key}": value for key, value in _SECURITY.items()})


def _derived(app: Flask, purpose: str) -> str:
    """A key of its own for each purpose where only SECRET_KEY is set."""
    return hmac.new(str(app.config["SECRET_KEY"]).encode(), purpose.encode(), hashlib.sha256).hexdigest()


_SECURITY: dict[str, Any] = {
    **{f"MSG_{key}": said for key, said in SENTENCES.items()},
    "PASSWORD_HASH": "argon2",
    "PASSWORD_LENGTH_MIN": passwords.MINIMUM_LENGTH,
    "PASSWORD_NORMALIZE_FORM": "NFKC",
    "RETURN_GENERIC_RESPONSES": True,
    "REGISTERABLE": False,
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "RESET_PASSWORD_WITHIN": LINK_LIVES_FOR,
    "TWO_FACTOR": True,
    "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 0,  # no drift: a code lives for its own 30 seconds
    "TWO_FACTOR_RESCUE_EMAIL": False,
    "TOTP_ISSUER": "Cross-border operations registry",
    "MULTI_FACTOR_RECOVERY_CODES": True,
    "FRESHNESS": FRESH_FOR,
    "FRESHNESS_GRACE_PERIOD": timedelta(minutes=5),
    "API_ENABLED_METHODS": ["session"],
    "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
    "EMAIL_HTML": False,
    "EMAIL_SUBJECT_PASSWORD_RESET": "Set a new password for the registry",
    "EMAIL_SUBJECT_PASSWORD_NOTICE": "Your password for the registry was set anew",
    "EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": "Your password for the registry was changed",
    "EMAIL_TEMPLATE_PASSWORD_RESET": "mail/reset",
    "EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": "mail/reset_done",
    "EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE": "mail/password_changed",
    "CHANGE_URL": "/account/password",
    "VERIFY_URL": "/account/verify",
    "TWO_FACTOR_SETUP_URL": "/account/second-factor",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/login/code",
    "TWO_FACTOR_SELECT_URL": "/login/select",
    "TWO_FACTOR_RESCUE_URL": "/login/rescue",
    "MULTI_FACTOR_RECOVERY_URL": "/login/recovery",
    "POST_LOGIN_VIEW": "/",
    "POST_LOGOUT_VIEW": "/login",
    "POST_CHANGE_VIEW": "/account/",
    "TWO_FACTOR_POST_SETUP_VIEW": "/account/",
    "DATETIME_FACTORY": _now,
    "CLI_USERS_NAME": False,  # accounts are made by invitation only, audited
    "CLI_ROLES_NAME": False,
}
