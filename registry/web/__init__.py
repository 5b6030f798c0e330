"""The pages, one module per page family; every blueprint is registered here."""

from __future__ import annotations

from flask import Flask

from registry.web import account, people, projects, shell, today


def register(app: Flask) -> None:
    """Register the layout's context and every page blueprint."""
    shell.install(app)
    for module in (projects, today, account, people):
        app.register_blueprint(module.bp)
