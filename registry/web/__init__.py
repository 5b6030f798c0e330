"""The pages, one module per page family; every blueprint is registered here."""

from __future__ import annotations

from flask import Flask

from registry.web import shell
from registry.web.account import bp as account
from registry.web.activities import bp as activities
from registry.web.activity import bp as activity
from registry.web.activity_amend import bp as amendment
from registry.web.api_docs import bp as api_docs
from registry.web.audit import bp as audit
from registry.web.documents import bp as documents
from registry.web.health import bp as health
from registry.web.imports import bp as imports
from registry.web.log import bp as log
from registry.web.map import bp as map_page
from registry.web.money import bp as money
from registry.web.people import bp as people
from registry.web.projects import bp as projects
from registry.web.rates import bp as rates
from registry.web.reports import bp as reports
from registry.web.targets import bp as targets
from registry.web.today import bp as today

PAGES = (
    *(projects, today, log, activities, activity, account, people, api_docs, audit, map_page, targets, money, reports),
    *(amendment, documents, imports, rates, health),
)


def register(app: Flask) -> None:
    """Register the layout's context and every page blueprint."""
    shell.install(app)
    for page in PAGES:
        app.register_blueprint(page)
