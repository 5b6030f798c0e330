"""The targets page: will the project keep its promises?"""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, render_template

from registry.domain.activities import HELD, Kind
from registry.domain.filters import ActivityFilters
from registry.domain.indicators import CountingRule, Verdict
from registry.domain.periods import DatePeriod
from registry.domain.permissions import Permission
from registry.edge import clock, current_project, requires, viewer
from registry.edge.ticking import tick_if_overdue
from registry.extensions import db
from registry.queries import targets as queries
from registry.web.asked import one
from registry.web.handed_over import auditor_read
from registry.web.target_drawing import bar, most_active, steps

bp = Blueprint("targets", __name__)


@bp.get("/p/<project_ref>/targets")
@requires(Permission.TARGETS_VIEW)
def page(project_ref: str) -> str:
    """The board in the order of the promise, and what each partner took part in."""
    tick_if_overdue()
    project = current_project()
    rule = CountingRule(one("rule", list(CountingRule)) or CountingRule.EVERY_KIND)
    if project.from_on is None or project.until_on is None:
        return render_template("targets/undated.html", project_ref=project_ref)
    period, now = DatePeriod(from_on=project.from_on, until_on=project.until_on), clock().now()
    board = queries.board(db.session(), viewer(), project.id, period, rule=rule, now=now)
    partners = queries.by_partner(db.session(), viewer(), project.id, period, now)
    most = most_active(partners)
    shown = render_template(
        "targets/page.html",
        project_ref=project_ref,
        board=board,
        rows=[(row, bar(row), list_address(project_ref, row.kind, period)) for row in board.rows],
        reached=board.verdicts(Verdict.REACHED, Verdict.ON_TARGET),
        missed=board.verdicts(Verdict.WILL_MISS),
        in_doubt=board.verdicts(Verdict.IN_DOUBT),
        partners=[(partner, steps(partner, most, board.share)) for partner in partners],
    )
    auditor_read("targets.read", len(board.rows), {"rule": rule.value})
    return shown


def list_address(project_ref: str, kind: str, period: DatePeriod) -> str:
    """The list of the held activities behind a number; of every kind where officers are counted."""
    states = HELD[Kind(kind)] if kind else set().union(*HELD.values())
    filters = ActivityFilters(
        kind=(kind,) if kind else (),
        status=tuple(sorted(states)),
        from_on=period.from_on,
        last_on=period.last_on,
    )
    return f"/p/{quote(project_ref)}/activities?{filters.query_string()}"
