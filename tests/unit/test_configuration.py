"""Settings are read, refused with a sentence, and documented."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import config

SECRET = "k" * 40
PRODUCTION = {
    "REGISTRY_ENV": "production",
    "REGISTRY_DATABASE_URL": "postgresql://app@host/registry",
    "REGISTRY_BASE_URL": "https://registry.example",
    "SECRET_KEY": SECRET,
    "SECURITY_PASSWORD_SALT": SECRET,
    "SECURITY_TOTP_SECRETS": json.dumps({"1": SECRET}),
}


def test_local_use_needs_no_setting_and_keeps_its_secrets(tmp_path):
    first = config.load({"INSTANCE": str(tmp_path)})
    assert config.load({"INSTANCE": str(tmp_path)}) == first
    assert len(first["SECRET_KEY"]) >= 32
    assert (tmp_path / "secret.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret.json"]


def test_a_given_secret_wins_over_the_generated_one(tmp_path):
    assert config.load({"INSTANCE": str(tmp_path), "SECRET_KEY": SECRET})["SECRET_KEY"] == SECRET


def test_production_starts_with_everything_given():
    settings = config.load(PRODUCTION)
    assert settings["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://app@host/registry"
    assert settings["PRODUCTION"] is True


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECURITY_PASSWORD_SALT", "SECURITY_TOTP_SECRETS"])
@pytest.mark.parametrize("value", ["", "short", "change-me-" + "x" * 40])
def test_production_refuses_a_missing_short_or_sample_secret(name, value):
    with pytest.raises(config.ConfigurationError, match=name):
        config.load({**PRODUCTION, name: value})


def test_production_refuses_an_sqlite_that_can_corrupt_its_file(monkeypatch, tmp_path):
    monkeypatch.setattr(config, "sqlite_version", lambda: "3.40.1")
    settings = {**PRODUCTION, "REGISTRY_DATABASE_URL": f"sqlite:///{tmp_path}/r.sqlite"}
    with pytest.raises(config.ConfigurationError, match=r"3\.40\.1"):
        config.load(settings)
    monkeypatch.setattr(config, "sqlite_version", lambda: "3.53.4")
    assert "r.sqlite" in str(config.load(settings)["SQLALCHEMY_DATABASE_URI"])


@pytest.mark.parametrize("address", ["", "http://registry.example", "registry.example"])
def test_production_asks_for_the_address_that_links_in_mail_lead_to(address):
    with pytest.raises(config.ConfigurationError, match="REGISTRY_BASE_URL"):
        config.load({**PRODUCTION, "REGISTRY_BASE_URL": address})


def test_production_refuses_cookies_over_plain_http():
    with pytest.raises(config.ConfigurationError, match="REGISTRY_INSECURE_COOKIES"):
        config.load({**PRODUCTION, "REGISTRY_INSECURE_COOKIES": "1"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REGISTRY_ENV", "staging"),
        ("REGISTRY_DATABASE_URL", "mysql://host/db"),
        ("REGISTRY_UPLOAD_MB", "many"),
        ("REGISTRY_UPLOAD_MB", "0"),
        ("REGISTRY_INSECURE_COOKIES", "yes"),
        ("SECURITY_TOTP_SECRETS", "[]"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(tmp_path, name, value):
    with pytest.raises(config.ConfigurationError, match=name):
        config.load({"INSTANCE": str(tmp_path), name: value})


def test_every_setting_is_documented_with_its_default_and_nothing_else_is():
    page = (Path(config.__file__).parent / "docs" / "configuration.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (\S+|empty) \| (.+) \|$", page, flags=re.MULTILINE)
    described = [(name, default.strip("`").replace("empty", ""), meaning) for name, default, meaning in rows]
    assert described == [(setting.name, setting.default, setting.meaning) for setting in config.SETTINGS]
