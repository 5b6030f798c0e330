"""Do the rooms import only downwards?"""

from __future__ import annotations

import os

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.architecture.rooms import ROOT


def test_the_rooms_import_only_downwards(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    status = lint_imports(config_filename=os.fspath(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out
