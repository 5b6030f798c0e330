"""flask --app wsgi registry …: the same services as the pages, for administrators and scripts."""

from __future__ import annotations

from flask import Flask
from flask.cli import AppGroup

from registry.cli import accounts, demo, imports, operations, projects, report

group = AppGroup("registry", help="The registry's own commands.")


def register(app: Flask) -> None:
    """Attach the command group."""
    group.add_command(accounts.token)
    group.add_command(accounts.invite)
    group.add_command(demo.demo)
    group.add_command(report.report)
    imports.imports.add_command(projects.project)
    group.add_command(imports.imports)
    for command in (
        operations.doctor,
        operations.backup,
        operations.restore,
        operations.reconcile,
        operations.tick,
        operations.audit,
    ):
        group.add_command(command)
    app.cli.add_command(group)
