"""flask --app wsgi registry import project FILE: a project with its partners, promises and budget."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from registry.domain.errors import InvalidInput, RegistryError
from registry.domain.permissions import SYSTEM
from registry.edge import clock, write_unit
from registry.extensions import db
from registry.schemas.projects import SetUpProjectIn
from registry.services import accounts
from registry.services.set_up_project import ProjectSetUp, set_up_project


@click.command("project")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "email", default="", metavar="EMAIL", help="Whose rights to use; default: the system's own.")
@with_appcontext
def project(*, file: Path, email: str) -> None:
    """Make the project of FILE (JSON), or bring it in step with FILE: all of it, or nothing. Nothing is deleted."""
    try:
        command = SetUpProjectIn().load_json(_read(file))
        with write_unit():
            session = db.session()
            actor = accounts.viewer_of(accounts.user_by_email(session, email)) if email else SYSTEM
            done = set_up_project(session, command, actor=actor, clock=clock())
    except InvalidInput as refusal:
        _refuse(refusal)
    except RegistryError as error:
        raise click.ClickException(error.message) from error
    else:
        _say(done)


def _refuse(refusal: InvalidInput) -> None:
    for path, texts in refusal.errors.items():
        for text in texts:
            click.echo(text if path == "form" else f"{path}: {text}")
    raise click.ClickException("Nothing was written. Mend the file and import it again.")


def _say(done: ProjectSetUp) -> None:
    for sentence in done.kept:
        click.echo(sentence)
    if not done.touched:
        click.echo(f"Nothing changed: {done.reference} stands as in the file.")
    for word, counts in (("Made", done.made), ("Changed", done.changed)):
        if counts:
            click.echo(f"{word}: {', '.join(f'{part} {number}' for part, number in counts.items())}.")
    click.echo(f"Next: give people their roles in {done.reference} under /admin/people.")


def _read(file: Path) -> Any:
    """What stands in the file; InvalidInput says where it cannot be read."""
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise InvalidInput({"form": ["The file is not in UTF-8. Save it as JSON in UTF-8."]}) from None
    except json.JSONDecodeError as error:
        sentence = f"The file is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        raise InvalidInput({"form": [sentence]}) from None
    except RecursionError:
        raise InvalidInput({"form": ["The file is nested too deeply to be a project."]}) from None


def _once(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    """An object whose names stand in it once: of two, JSON would silently keep the last."""
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for place, (name, _) in enumerate(pairs) if name in dict(pairs[:place]))
        raise InvalidInput({"form": [f"“{twice}” stands twice in the same object. Write it once."]})
    return found
