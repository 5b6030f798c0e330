"""How does a request become a log form, and a form a command? Begin, copy, go on with a draft, read what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import g, request, url_for
from werkzeug.datastructures import FileStorage

from registry.domain.activities import Kind
from registry.domain.commands import LogActivity
from registry.domain.errors import InvalidInput
from registry.edge import clock, current_project, viewer
from registry.extensions import db
from registry.ingest.tracks import read_track
from registry.queries import log_form as queries
from registry.web import log_begin, log_options, log_place
from registry.web.log_kinds import LogForm
from registry.web.log_page import LogPage
from registry.web.log_typed import Typed, compacted, renamed


def own_zone() -> str:
    """The clock of the signed-in person."""
    return str(g.get("zone") or "UTC")


def new_form(form: LogForm) -> Typed:
    """An empty form with a key of its own."""
    offered = queries.choices(db.session(), viewer(), current_project().id)
    at_once = form.kind is Kind.JOINT_PATROL
    typed = log_begin.empty(offered, clock().now(), own_zone(), at_once=at_once)
    return typed.with_values({"client_uuid": str(uuid4())})


def opened(form: LogForm) -> LogPage:
    """The form as its address asks: a draft, a copy, a new one, or what was begun last."""
    found, key = None, request.args.get("draft", "")
    if key:
        found = queries.draft(db.session(), viewer(), current_project().id, key)
    elif "copy" in request.args:
        return copied(form, new_form(form), request.args["copy"])
    elif "new" not in request.args:
        found = queries.latest_draft(db.session(), viewer(), current_project().id, str(form.kind))
    if found is None or found.kind != form.kind:
        return page_of(form, new_form(form))
    typed = Typed.from_draft(found.content).with_values({"client_uuid": found.key})
    return page_of(form, typed, saved_at=found.saved_at, restored=True)


def copied(form: LogForm, typed: Typed, reference: str = "last") -> LogPage:
    """The form with what the last activity, or the one named, had; results typed already stay."""
    wanted = "" if reference == "last" else reference
    now, project_id = clock().now(), current_project().id
    past = queries.last_activity(db.session(), viewer(), project_id, now, kind=str(form.kind), reference=wanted)
    if past is None:
        return page_of(form, typed)
    return page_of(form, log_begin.copied(past, typed, now, own_zone()), copied=True, section_id=past.section_id)


def page_of(
    form: LogForm,
    typed: Typed,
    *,
    errors: Mapping[str, list[str]] | None = None,
    section_id: int | None = None,
    action: str = "",
    **facts: Any,
) -> LogPage:
    """Everything the template of a form shows."""
    session, person, project, now = db.session(), viewer(), current_project(), clock().now()
    understood = log_place.answer_for(session, typed)
    section = (understood.section_id if understood else None) or section_id
    patrol = form.kind is Kind.JOINT_PATROL and not facts.get("amending")
    past = queries.last_lines(session, person, project.id, now, section) if patrol else ()
    return LogPage(
        kind=form.kind,
        project_ref=project.reference,
        action=action or f"/p/{project.reference}/log/{form.path}",
        typed=typed,
        choices=queries.choices(session, person, project.id),
        zone=typed.get("zone") or own_zone(),
        now=now,
        errors=errors or {},
        last=queries.last_activity(session, person, project.id, now, kind=str(form.kind)) if patrol else None,
        past=past or (queries.last_lines(session, person, project.id, now, None) if patrol else ()),
        on_section=bool(past) and section is not None,
        understood=understood,
        base_url=url_for("map.base", name="NAME"),
        **facts,
    )


def sent() -> tuple[Typed, dict[str, FileStorage]]:
    """The form that was sent, empty rows gone, and its files by field. A track's way stands in the form afterwards."""
    files = {name: file for name, file in request.files.items() if file.filename}
    typed, names = compacted(Typed.of(request.form.items(multi=True)), files)
    files = {renamed(name, names): file for name, file in files.items()}
    track = files.pop("track_file", None)
    return (with_track(typed, track) if track else typed), files


def with_track(typed: Typed, file: FileStorage) -> Typed:
    """The way of a file in the place of what was drawn; BadFile when it is none, with the field's name."""
    try:
        track = read_track(file.filename or "", file.read())
    except InvalidInput as refusal:
        raise InvalidInput({"track_file": refusal.errors.get("file", [refusal.message])}) from None
    return typed.with_values(
        {"place-geometry": log_place.as_field(track.geometry), "place-source": "file", "place-uncertainty_m": ""}
    )


def command_of(form: LogForm, typed: Typed) -> LogActivity:
    """The command in a form; InvalidInput by field."""
    schema = form.schema(project=current_project().reference, zone=typed.get("zone") or own_zone())
    ready = typed.without_empty_functions()
    if any(name.startswith("outcomes-") for name in typed.fields):
        # What was asked and left empty is on the record as not counted, which is not the same as not asked.
        asked = (measure.name for measure in log_options.measures() if not measure.more)
        ready = ready.with_values({name: "n.c." for name in asked if not typed.get(name).strip()})
    if form.path.startswith("activity/"):
        ready = ready.with_values({"kind": str(form.kind)})
    command: LogActivity = schema.load_form(ready)
    return command
