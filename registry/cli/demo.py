"""flask --app wsgi registry demo: fill an empty database with a marked, invented year."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from registry import reference
from registry.domain.imported import ActivityRow
from registry.edge import clock, write_unit
from registry.extensions import db
from registry.ingest.activities import Codes, read_activities
from registry.ingest.tables import read_table
from registry.services import demo as demonstration
from registry.services.demo.accounts import PASSWORD


@click.command("demo")
@click.option("--seed", default=7, show_default=True, help="The same seed gives the same records on the same day.")
@click.option("--activities", default=145, show_default=True, help="How many activities, 1,000,000 at most.")
@click.option("--cost-lines", default=600, show_default=True, help="How many cost lines, 5,000,000 at most.")
@click.option("--if-empty", is_flag=True, help="Do nothing, without complaint, where there are records or accounts.")
@with_appcontext
def demo(seed: int, activities: int, cost_lines: int, if_empty: bool) -> None:
    """Fill an EMPTY database with two invented projects, and print the accounts to look at them."""
    from flask_security.utils import hash_password  # needs the bound application

    with write_unit():
        session = db.session()
        if if_empty and demonstration.holds_anything(session):
            made = None
        else:
            command = demonstration.FillDemo(
                seed=seed, activities=activities, cost_lines=cost_lines, password_hash=hash_password(PASSWORD)
            )
            made = demonstration.fill(session, command, published_rows(), instance=_instance(), clock=clock())
    if made is not None:
        click.echo(f"The demo holds {made.activities:,} activities and {made.cost_lines:,} cost lines, all invented.")
    if demonstration.is_demo_database(db.session()):
        _print_accounts()


def _instance() -> Path:
    return Path(current_app.config["INSTANCE"])


def published_rows() -> list[ActivityRow]:
    """The published activities that are shipped."""
    codes = Codes(
        kinds=[row["code"] for row in reference.table("activity_kinds")],
        countries={row[key]: row["iso2"] for row in reference.table("countries") for key in ("iso2", "iso3")},
        measures=[row["code"] for row in reference.table("measures")],
    )
    content = reference.path("real_activities.csv").read_bytes()
    return read_activities(read_table("real_activities.csv", content), codes).rows


def _print_accounts() -> None:
    accounts = demonstration.demo_accounts()
    width = max(len(email) for email, _, _ in accounts)
    click.echo(f"Demo accounts, all with the password “{PASSWORD}”:")
    for email, _, role in accounts:
        click.echo(f"  {email:<{width}}  {role}")
