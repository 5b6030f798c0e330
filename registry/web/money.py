"""The money page: budget against actual, where the money goes, and how each figure came about."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from fractions import Fraction
from tempfile import SpooledTemporaryFile
from typing import IO
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, render_template

from registry.domain.budget import BudgetAmount, BudgetCell, budget_matrix
from registry.domain.counts import Count
from registry.domain.errors import ReasonRequired
from registry.domain.permissions import Permission
from registry.edge import clock, current_project, requires, viewer
from registry.extensions import db
from registry.queries import cost_lines, expenditure
from registry.queries.cost_lines import LineFilter, Scope
from registry.reference import table
from registry.reports.burn import burn
from registry.reports.line_file import COLUMNS, rows_of
from registry.reports.writers.csv_file import stream_csv
from registry.web.asked import LONGEST_REASON, one
from registry.web.handed_over import MadeFile, auditor_read, hand_over

bp = Blueprint("money", __name__)

COUNTED_UP_TO = 100_000
BAR = 72
IN_MEMORY = 8 * 1024 * 1024


@bp.get("/p/<project_ref>/money")
@requires(Permission.MONEY_VIEW)
def page(project_ref: str) -> str:
    """The chain of figures, the matrix, the work packages, the burn and the lines."""
    session, scope, asked = db.session(), scope_of_request(), _filter()
    spent = expenditure.spending(session, scope.project_id)
    labels = {row["code"]: _heading(row["letter"], row["label"]) for row in table("budget_categories")}
    order = [name.label for name in spent.beneficiaries]
    every = asked == cost_lines.EVERYTHING and cost_lines.reads_every_line(scope)
    chart, months = burn(spent.by_month, spent.budgeted)
    lines = cost_lines.page(session, scope, asked, one("after"))
    shown = render_template(
        "money/page.html",
        project_ref=project_ref,
        spent=spent,
        total=BudgetCell(budget_minor=spent.budgeted.minor, actual_minor=spent.spent.minor),
        matrix=budget_matrix(spent.amounts, list(labels), order),
        packages=budget_matrix(
            [of_the_project(amount) for amount in spent.amounts], list(labels), by_work_package=True
        ),
        labels=labels,
        names={name.label: name for name in spent.beneficiaries},
        chart=chart,
        months=months,
        without_receipt=cost_lines.count(session, scope, LineFilter(state="no_receipt"), COUNTED_UP_TO),
        lines=lines,
        newest=not one("after"),
        listed=Count(spent.lines) if every else cost_lines.count(session, scope, asked, COUNTED_UP_TO),
        reads_every_line=cost_lines.reads_every_line(scope),
        asked=asked,
        cost_types={row["code"]: row["label"] for row in table("cost_types")},
        address=_address(project_ref, asked),
        bar=bar_width,
    )
    auditor_read("money.read", len(lines.lines), {"filter": urlencode(_pairs(asked))})
    return shown


@bp.post("/p/<project_ref>/money/lines.csv")
@requires(Permission.MONEY_VIEW)
def lines_file(project_ref: str) -> Response:
    """Every line that fits the filter and that the viewer may read, as CSV; a protected export, so it is asked why."""
    reason = one("reason", longest=LONGEST_REASON)
    if not reason:
        raise ReasonRequired("Say in a few words what the file is for.")
    scope, asked = scope_of_request(), _filter()
    file, digest, lines = _written(scope, asked)
    return hand_over(
        MadeFile(
            file=file,
            media_type="text/csv",
            name=f"cost-lines-{project_ref.lower()}.csv",
            action="cost_lines.export",
            rows=lines,
            content_hash=digest,
            reason=reason,
            details={"filter": urlencode(_pairs(asked)), "form": "csv"},
        )
    )


lines_file.commits = True  # type: ignore[attr-defined]  # by its last step: the file is made before the writing begins


def scope_of_request() -> Scope:
    """Whose lines: the project of the request, for its viewer, now."""
    project = current_project()
    return Scope(
        project_id=project.id,
        lead_organisation_id=project.lead_organisation_id,
        viewer=viewer(),
        now=clock().now(),
    )


def of_the_project(amount: BudgetAmount) -> BudgetAmount:
    """The amount without its beneficiary, so that rows are work packages of the whole project."""
    return BudgetAmount(
        beneficiary="",
        category=amount.category,
        work_package=amount.work_package,
        budget_minor=amount.budget_minor,
        actual_minor=amount.actual_minor,
    )


def _heading(letter: str, label: str) -> str:
    """A budget category as the forms head it: ``A. Personnel``, ``C.1 Travel and subsistence``."""
    return f"{letter} {label}" if "." in letter else f"{letter}. {label}"


def bar_width(cell: BudgetCell) -> float:
    """How long the bar of a cell is: its whole track at 100 % of the budget, and never longer."""
    share = cell.share
    return 0.0 if share is None else round(float(min(max(share, Fraction(0)), Fraction(1))) * BAR, 1)


def _written(scope: Scope, asked: LineFilter) -> tuple[IO[bytes], str, int]:
    """The file, its SHA-256 and its number of lines; large ones lie on disk while they are sent."""
    # Closed by the server once the answer is sent.
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    digest, lines = hashlib.sha256(), 0

    def counted() -> Iterator[cost_lines.Line]:
        nonlocal lines
        for line in cost_lines.stream(db.session(), scope, asked):
            lines += 1
            yield line

    for chunk in stream_csv(COLUMNS, rows_of(counted()), bom=True):
        digest.update(chunk)
        file.write(chunk)
    file.seek(0)
    return file, digest.hexdigest(), lines


def _filter() -> LineFilter:
    return LineFilter(
        beneficiary=one("beneficiary"),
        category=one("category"),
        work_package=one("work_package"),
        state=one("state", cost_lines.STATES),
    )


def _pairs(asked: LineFilter) -> list[tuple[str, str]]:
    names = ("beneficiary", "category", "work_package", "state")
    return [(name, getattr(asked, name)) for name in names if getattr(asked, name)]


def _address(project_ref: str, asked: LineFilter) -> str:
    """The page with its filter, ready for one more parameter."""
    query = urlencode(_pairs(asked))
    return f"/p/{quote(project_ref)}/money?{query}{'&' if query else ''}"
