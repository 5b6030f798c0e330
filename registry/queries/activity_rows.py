"""What does one line of a list say? Records by their keys, each at the precision of its viewer.

The rows of the list, of files, of the head of an activity's page and of whatever else lists records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.activities import Status
from registry.domain.counts import Count
from registry.domain.precision import ActivityFacts, View, view_of
from registry.models.activities import Activity, OutcomeCount, Participation
from registry.models.geography import Border, BorderSection, Country
from registry.models.projects import Project
from registry.queries.filtering import Scope
from registry.queries.presentation import (
    NO_VALUE,
    Labels,
    Stored,
    When,
    Where,
    shown_count,
    shown_title,
    shown_when,
    shown_where,
)

LISTED_MEASURES = ("persons_checked", "vehicles_checked", "arrests")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow:
    """One record as the viewer may know it. ``results`` has the listed measures; None is *not yet*."""

    id: int
    project: str
    reference: str
    kind: str
    status: str
    title: str
    when: When
    where: Where
    countries: tuple[str, ...]
    officers: Count | None
    results: Mapping[str, Count | None]
    verified: bool
    published: bool
    sensitive: bool
    view: View


_COLUMNS = (
    *(
        "id",
        "project_id",
        "reference",
        "kind",
        "status",
        "title",
        "zone",
        "starts_at",
        "ends_at",
        "from_on",
        "until_on",
    ),
    *("countries", "host_country", "place_text", "uncertainty_m", "lon", "lat", "cell_e", "cell_n", "length_m"),
    *("officers", "officers_qualifier", "owner_organisation_id", "released_at", "verified_at", "sensitive"),
)


def rows_of(session: Session, scope: Scope, ids: Sequence[int]) -> tuple[ActivityRow, ...]:
    """The records of these keys, in their order, each at the viewer's precision; hidden ones are left out."""
    if not ids:
        return ()
    query = (
        select(
            *(getattr(Activity, name) for name in _COLUMNS),
            Project.reference.label("project"),
            Project.read_only.label("published"),
            Border.code.label("border"),
            BorderSection.code.label("section"),
            BorderSection.number.label("section_number"),
        )
        .join(Project, Project.id == Activity.project_id)
        .outerjoin(Border, Border.id == Activity.border_id)
        .outerjoin(BorderSection, BorderSection.id == Activity.section_id)
        .where(Activity.id.in_(ids))
    )
    found: dict[int, Mapping[str, Any]] = {row["id"]: dict(row) for row in session.execute(query).mappings()}
    participants = participants_of(session, ids)
    results = results_of(session, ids, LISTED_MEASURES)
    labels = labels_of(session)
    made = []
    for key in ids:
        if key in found:
            row, parts = found[key], participants.get(key, frozenset())
            view = view_of(facts_of_row(row, parts), scope.viewer, scope.now)
            if view.listed:
                made.append(_row(row, view, labels, results.get(key, {})))
    return tuple(made)


def labels_of(session: Session) -> Labels:
    """The names rows are written with."""
    return Labels(countries={row[0]: row[1] for row in session.execute(select(Country.iso2, Country.name))})


def participants_of(session: Session, ids: Sequence[int]) -> dict[int, frozenset[int]]:
    """The organisations that take part in each activity."""
    query = select(Participation.activity_id, Participation.organisation_id).where(Participation.activity_id.in_(ids))
    found: dict[int, set[int]] = {}
    for activity_id, organisation_id in session.execute(query):
        if organisation_id is not None:
            found.setdefault(activity_id, set()).add(organisation_id)
    return {activity_id: frozenset(organisations) for activity_id, organisations in found.items()}


def results_of(session: Session, ids: Sequence[int], measures: Sequence[str]) -> dict[int, dict[str, Stored]]:
    """Value and qualifier of some measures of each activity."""
    query = select(OutcomeCount.activity_id, OutcomeCount.measure, OutcomeCount.value, OutcomeCount.qualifier).where(
        OutcomeCount.activity_id.in_(ids), OutcomeCount.measure.in_(measures)
    )
    found: dict[int, dict[str, Stored]] = {}
    for activity_id, measure, value, qualifier in session.execute(query):
        found.setdefault(activity_id, {})[measure] = (value, qualifier)
    return found


def facts_of_row(row: Mapping[str, Any], participants: frozenset[int]) -> ActivityFacts:
    """The facts of a selected row that decide its precision."""
    return ActivityFacts(
        project_id=row["project_id"],
        kind=row["kind"],
        owner_organisation_id=row["owner_organisation_id"],
        participating_organisation_ids=participants,
        released_at=row["released_at"],
        sensitive=row["sensitive"],
        published=row["published"],
    )


def _row(row: Mapping[str, Any], view: View, labels: Labels, results: Mapping[str, Stored]) -> ActivityRow:
    kind, status = row["kind"], row["status"]
    return ActivityRow(
        id=row["id"],
        project=row["project"],
        reference=row["reference"],
        kind=kind,
        status=status,
        title=shown_title(row, view, labels),
        when=shown_when(row, view),
        where=shown_where(row, view, labels),
        countries=tuple(code for code in row["countries"].split("|") if code),
        officers=shown_count((row["officers"], row["officers_qualifier"]), kind, status),
        results={measure: shown_count(results.get(measure, NO_VALUE), kind, status) for measure in LISTED_MEASURES},
        verified=row["verified_at"] is not None and status != Status.WITHDRAWN,
        published=row["published"],
        sensitive=row["sensitive"] and view.exact,
        view=view,
    )
