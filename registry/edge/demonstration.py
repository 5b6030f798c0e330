"""Is this installation a demo, and with which accounts is it tried out? Asked of the database, once per request."""

from __future__ import annotations

from flask import Flask, g, has_request_context
from sqlalchemy.exc import SQLAlchemyError

from registry.extensions import db
from registry.services.demo.accounts import demo_accounts, is_demo_database


def install(app: Flask) -> None:
    """Set ``IS_DEMO`` and ``DEMO_ACCOUNTS`` unless they are given (decision 9)."""
    app.config.setdefault("DEMO_ACCOUNTS", demo_accounts)
    app.config.setdefault("IS_DEMO", _is_demo)


def _is_demo() -> bool:
    if not has_request_context():
        return _asked()
    if "is_demo" not in g:
        g.is_demo = _asked()
    answer: bool = g.is_demo
    return answer


def _asked() -> bool:
    """The page that says the database is away must not fail for want of the database: then it is no demo."""
    try:
        return is_demo_database(db.session())
    except SQLAlchemyError:
        return False
