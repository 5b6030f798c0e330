"""When is what was done committed? Here and nowhere else: on success of the response, or at the end of a write unit."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from flask import make_response
from sqlalchemy.orm import Session, scoped_session

from registry.db.engine import begin_write
from registry.extensions import db

View = TypeVar("View", bound=Callable[..., Any])


def _begin() -> None:
    # Flask-SQLAlchemy's session is a Session; its scoped type is invariant in the kind of session.
    begin_write(cast("scoped_session[Session]", db.session))


def commits(view: View) -> View:
    """Commit when the view answers below 400, roll back otherwise: one request, one transaction."""

    @functools.wraps(view)
    def committed(*args: Any, **kwargs: Any) -> Any:
        _begin()
        try:
            response = make_response(view(*args, **kwargs))
        except BaseException:
            db.session.rollback()
            raise
        if response.status_code < 400:
            db.session.commit()
        else:
            db.session.rollback()
        return response

    committed.commits = True  # type: ignore[attr-defined]  # read by the architecture tests
    return committed  # type: ignore[return-value]  # the wrapped view keeps its signature


@contextmanager
def write_unit() -> Iterator[None]:
    """One transaction of a command or of the edge's own bookkeeping: all of it or nothing."""
    _begin()
    try:
        yield
    except BaseException:
        db.session.rollback()
        raise
    db.session.commit()
