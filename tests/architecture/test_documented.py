"""Is everything an installation can set or call written down?"""

from __future__ import annotations

import re

import click
import pytest

import config
from registry.cli import group
from registry.domain.permissions import Permission, Role
from tests.architecture.rooms import DOCS, ROOT


def words_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def commands(parent: click.Group, before: str = "registry") -> list[str]:
    """Every command of a group as one types it."""
    found = []
    for name, command in parent.commands.items():
        typed = f"{before} {name}"
        found.extend(commands(command, typed) if isinstance(command, click.Group) else [typed])
    return found


def test_every_setting_is_documented():
    text = words_of("configuration.md")
    assert [setting.name for setting in config.SETTINGS if f"`{setting.name}`" not in text] == []


@pytest.mark.usefixtures("app")
def test_every_command_is_documented():
    text = words_of("operations.md")
    assert [typed for typed in commands(group) if f"`{typed}" not in text] == []


def test_every_role_and_right_is_documented():
    text = words_of("security.md")
    assert [str(entry) for kind in (Role, Permission) for entry in kind if f"`{entry}`" not in text] == []


def test_decisions_are_numbered_without_a_gap_and_say_their_status():
    records = sorted((DOCS / "adr").glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    parts = ("## Context", "## Decision", "## Status", "## Consequences")
    assert [path.name for path in records for part in parts if part not in path.read_text(encoding="utf-8")] == []


def test_links_between_documents_lead_somewhere():
    documents = (ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md"))
    lost = [
        f"{path.name}: {target}"
        for path in documents
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists()
    ]
    assert lost == []


def test_the_change_log_has_a_part_for_what_is_not_released():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in text
    assert re.search(r"^### (Added|Changed|Fixed|Security)$", text, re.MULTILINE)
