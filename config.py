"""Which settings does an installation have? ``load(os.environ)`` reads them; ``SETTINGS`` says what each one means.

Every setting and its default stands in ``docs/configuration.md``; a test compares the two.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from registry.db.engine import engine_options, normalise_url, sqlite_is_safe, sqlite_version, unsafe_sqlite

ROOT = Path(__file__).resolve().parent
SAMPLE_SECRETS = ("change-me", "changeme", "secret", "dev", "development", "password")
SHORTEST_SECRET = 32


class ConfigurationError(RuntimeError):
    """A setting is missing or cannot be used; the message names it and says what to give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One environment variable: its name, the default as it would be written there, and what it means."""

    name: str
    default: str
    meaning: str


SETTINGS: tuple[Setting, ...] = tuple(
    Setting(name=name, default=default, meaning=meaning)
    for name, default, meaning in (
        ("REGISTRY_ENV", "local", "`local` or `production`. Production starts only with explicit secrets."),
        ("REGISTRY_DATABASE_URL", "", "`sqlite:///FILE` or `postgresql://USER@HOST/DB`; empty: a file in INSTANCE."),
        ("REGISTRY_MIGRATION_URL", "", "Address with the owner role, for migrations only; empty: the one above."),
        ("INSTANCE", "instance", "Folder of the database file, the generated secrets and the stored receipts."),
        ("HOST", "127.0.0.1", "Address `make run` listens on."),
        ("PORT", "8000", "Port `make run` listens on."),
        ("SECRET_KEY", "", "Signs cookies and links, 32 characters or more; generated once for local use."),
        ("SECURITY_PASSWORD_SALT", "", "Salt of the password hashing, 32 characters or more; generated once locally."),
        (
            "SECURITY_TOTP_SECRETS",
            "",
            'JSON object `{"1": "..."}` that encrypts second factors; generated once locally.',
        ),
        ("REGISTRY_BASE_URL", "", "Public address, for links in mail; empty (only locally): that of the request."),
        ("REGISTRY_INSECURE_COOKIES", "0", "`1` allows cookies over plain HTTP on other hosts; every page says so."),
        ("REGISTRY_TRUSTED_PROXIES", "0", "How many proxies in front set X-Forwarded-For and X-Forwarded-Proto."),
        ("REGISTRY_SMTP_HOST", "", "Mail host; empty: mail is printed on the console."),
        ("REGISTRY_SMTP_PORT", "587", "Port of the mail host."),
        ("REGISTRY_SMTP_USER", "", "Account at the mail host; empty: none."),
        ("REGISTRY_SMTP_PASSWORD", "", "Password at the mail host."),
        ("REGISTRY_SMTP_TLS", "1", "`1` uses STARTTLS; `0` only for a mail host on the same machine."),
        ("REGISTRY_MAIL_FROM", "registry@localhost", "Sender of every mail."),
        ("REGISTRY_UPLOAD_MB", "32", "Largest request body, in megabytes (files to import, receipts)."),
        ("REGISTRY_FORM_MB", "4", "Largest form without its files, in megabytes."),
        ("REGISTRY_LIMITER_STORAGE", "memory://", "Where sign-in attempts are counted; `memory://` is per process."),
        ("REGISTRY_SESSION_IDLE_MINUTES", "480", "A session without requests for so long asks to sign in again."),
        ("REGISTRY_SESSION_HOURS", "24", "A session ends after so long, whatever happens in it."),
        ("REGISTRY_LOG_LEVEL", "INFO", "`DEBUG`, `INFO`, `WARNING` or `ERROR`."),
    )
)
DEFAULTS = {setting.name: setting.default for setting in SETTINGS}


def load(environ: Mapping[str, str]) -> dict[str, object]:
    """The application's configuration from environment variables.

    Raises ``ConfigurationError`` for a value that cannot be used, and in production for a missing or sample secret
    or an SQLite that can corrupt its file (decision 33).
    """
    chosen = {**DEFAULTS, **{name: value for name, value in environ.items() if name in DEFAULTS and value.strip()}}
    environment = chosen["REGISTRY_ENV"]
    if environment not in ("local", "production"):
        raise ConfigurationError(f"REGISTRY_ENV is {environment!r}; it must be local or production.")
    instance = (ROOT / chosen["INSTANCE"]).resolve()
    production = environment == "production"
    return {
        "PRODUCTION": production,
        "INSTANCE": str(instance),
        **_database(chosen, instance, production=production),
        **(_given_secrets(chosen) if production else _local_secrets(chosen, instance)),
        **_cookies(chosen, production=production),
        **_mail(chosen),
        **_limits(chosen),
        "BASE_URL": _base_url(chosen, production=production),
        "LOG_LEVEL": chosen["REGISTRY_LOG_LEVEL"].upper(),
    }


def _database(chosen: Mapping[str, str], instance: Path, *, production: bool) -> dict[str, object]:
    try:
        url = normalise_url(chosen["REGISTRY_DATABASE_URL"] or f"sqlite:///{instance / 'registry.sqlite'}")
    except (ValueError, TypeError) as error:
        raise ConfigurationError(f"REGISTRY_DATABASE_URL cannot be used: {error}") from error
    if url.get_backend_name() == "sqlite":
        if production and not sqlite_is_safe(sqlite_version()):
            raise ConfigurationError(unsafe_sqlite(sqlite_version()))
        path = Path(url.database or "")
        if not path.is_absolute():
            url = url.set(database=str(ROOT / path))
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    return {
        "SQLALCHEMY_DATABASE_URI": url.render_as_string(hide_password=False),
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(url),
    }


def _given_secrets(chosen: Mapping[str, str]) -> dict[str, object]:
    """Production: every secret must be given, long enough, and not one out of a sample."""
    for name in ("SECRET_KEY", "SECURITY_PASSWORD_SALT"):
        value = chosen[name]
        if len(value) < SHORTEST_SECRET or value.lower().startswith(SAMPLE_SECRETS):
            raise ConfigurationError(f"{name} must be set to {SHORTEST_SECRET} random characters or more.")
    return {
        "SECRET_KEY": chosen["SECRET_KEY"],
        "SECURITY_PASSWORD_SALT": chosen["SECURITY_PASSWORD_SALT"],
        "SECURITY_TOTP_SECRETS": _totp_secrets(chosen["SECURITY_TOTP_SECRETS"]),
    }


def _totp_secrets(written: str) -> dict[str, str]:
    try:
        found = json.loads(written)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not found or any(len(str(value)) < SHORTEST_SECRET for value in found.values()):
        raise ConfigurationError(
            'SECURITY_TOTP_SECRETS must be a JSON object such as {"1": "..."} with 32 random characters or more.'
        )
    return {str(key): str(value) for key, value in found.items()}


def _local_secrets(chosen: Mapping[str, str], instance: Path) -> dict[str, object]:
    """Local use: what is not given is generated once and kept, readable by its owner only."""
    kept = _kept_secrets(instance / "secret.json")
    given = chosen["SECURITY_TOTP_SECRETS"]
    return {
        "SECRET_KEY": chosen["SECRET_KEY"] or kept["SECRET_KEY"],
        "SECURITY_PASSWORD_SALT": chosen["SECURITY_PASSWORD_SALT"] or kept["SECURITY_PASSWORD_SALT"],
        "SECURITY_TOTP_SECRETS": _totp_secrets(given) if given else {"1": kept["SECURITY_TOTP_SECRET"]},
    }


def _kept_secrets(path: Path) -> dict[str, str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = {
        name: secrets.token_urlsafe(32) for name in ("SECRET_KEY", "SECURITY_PASSWORD_SALT", "SECURITY_TOTP_SECRET")
    }
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(fresh, file, indent=2)
        try:
            os.link(draft, path)  # fails when another process was faster: then its secrets count
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def _cookies(chosen: Mapping[str, str], *, production: bool) -> dict[str, object]:
    insecure = _switch(chosen, "REGISTRY_INSECURE_COOKIES")
    if insecure and production:
        raise ConfigurationError("REGISTRY_INSECURE_COOKIES sends cookies over plain HTTP: not in production.")
    return {
        "INSECURE_COOKIES": insecure,
        "TRUSTED_PROXIES": _number(chosen, "REGISTRY_TRUSTED_PROXIES", least=0),
        "SESSION_IDLE": timedelta(minutes=_number(chosen, "REGISTRY_SESSION_IDLE_MINUTES", least=1)),
        "SESSION_LIFE": timedelta(hours=_number(chosen, "REGISTRY_SESSION_HOURS", least=1)),
    }


def _mail(chosen: Mapping[str, str]) -> dict[str, object]:
    return {
        "SMTP_HOST": chosen["REGISTRY_SMTP_HOST"],
        "SMTP_PORT": _number(chosen, "REGISTRY_SMTP_PORT", least=1),
        "SMTP_USER": chosen["REGISTRY_SMTP_USER"],
        "SMTP_PASSWORD": chosen["REGISTRY_SMTP_PASSWORD"],
        "SMTP_STARTTLS": _switch(chosen, "REGISTRY_SMTP_TLS"),
        "MAIL_SENDER": chosen["REGISTRY_MAIL_FROM"],
    }


def _base_url(chosen: Mapping[str, str], *, production: bool) -> str:
    """In production it is given: a link in a mail must not lead where the sender of a request said (its Host)."""
    if production and not chosen["REGISTRY_BASE_URL"].startswith("https://"):
        raise ConfigurationError("REGISTRY_BASE_URL must be the public address, https://… : links in mail lead there.")
    return chosen["REGISTRY_BASE_URL"].rstrip("/")


def _limits(chosen: Mapping[str, str]) -> dict[str, object]:
    megabyte = 1024 * 1024
    return {
        "MAX_CONTENT_LENGTH": _number(chosen, "REGISTRY_UPLOAD_MB", least=1) * megabyte,
        "MAX_FORM_MEMORY_SIZE": _number(chosen, "REGISTRY_FORM_MB", least=1) * megabyte,
        "RATELIMIT_STORAGE_URI": chosen["REGISTRY_LIMITER_STORAGE"],
    }


def _number(chosen: Mapping[str, str], name: str, *, least: int) -> int:
    return int(_read(chosen, name, int, f"a whole number of {least} or more", lambda number: number >= least))


def _switch(chosen: Mapping[str, str], name: str) -> bool:
    return bool(_read(chosen, name, int, "0 or 1", lambda number: number in (0, 1)))


def _read(
    chosen: Mapping[str, str], name: str, kind: Callable[[str], Any], wanted: str, fits: Callable[[Any], bool]
) -> Any:
    try:
        value = kind(chosen[name])
    except ValueError:
        value = None
    if value is None or not fits(value):
        raise ConfigurationError(f"{name} is {chosen[name]!r}; it must be {wanted}.")
    return value
