"""By which words is a record found, and what is it called when nobody named it? Exact words and coarse ones apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.activities import Kind
from registry.domain.text import fold
from registry.models.activities import Activity, ActivityText, Participation
from registry.models.geography import Border, BorderSection, Country
from registry.models.projects import Organisation

Names = Mapping[str, str]


def section_name(session: Session, activity: Activity, names: Names | None = None) -> str:
    """``Italy–Slovenia 3``, the border alone without a section, else the names of the countries."""
    names = _country_names(session) if names is None else names
    border = session.get(Border, activity.border_id) if activity.border_id else None
    codes = [border.a, border.b] if border else _codes(activity)
    words = "–".join(names.get(code, code) for code in codes)
    section = session.get(BorderSection, activity.section_id) if activity.section_id else None
    return f"{words} {section.number}" if section else words


def generic_title(session: Session, activity: Activity) -> str:
    """``Joint patrol, Italy–Slovenia 3``: says no more than section and kind."""
    return ", ".join(filter(None, (Kind(activity.kind).label.capitalize(), section_name(session, activity))))


def _codes(activity: Activity) -> list[str]:
    return [code for code in activity.countries.split("|") if code]


def _country_names(session: Session) -> Names:
    return {iso2: name for iso2, name in session.execute(select(Country.iso2, Country.name))}  # noqa: C416  # typed


def write(session: Session, activity_ids: Iterable[int]) -> None:
    """Write the words of stored records, such as those of an imported file."""
    for activity_id in activity_ids:
        write_text(session, session.get_one(Activity, activity_id))


def write_text(session: Session, activity: Activity) -> None:
    """Write the folded words of a record; the coarse ones hold neither title nor typed place (finer than a cell)."""
    write_texts(session, [activity])


def write_texts(session: Session, activities: Sequence[Activity]) -> None:
    """The same for some hundred records at once: as many questions as for one."""
    ids = [activity.id for activity in activities]
    names = _country_names(session)
    authorities = _organisation_names(session, ids)
    written = session.scalars(select(ActivityText).where(ActivityText.activity_id.in_(ids)))
    rows = {row.activity_id: row for row in written}
    for activity in activities:
        coarse = [*_coarse_words(session, activity, names), *authorities.get(activity.id, ())]
        exact = [
            *coarse,
            *(activity.external_reference or "", activity.title, activity.place_text, activity.aim),
            *(activity.crime_areas, activity.legal_basis, activity.facts, activity.assessment, activity.note),
        ]
        row = rows.get(activity.id) or ActivityText(activity_id=activity.id)
        row.exact_text, row.coarse_text = (fold(" ".join(filter(None, words))) for words in (exact, coarse))
        session.add(row)


def _coarse_words(session: Session, activity: Activity, names: Names) -> list[str]:
    codes = _codes(activity)
    section = session.get(BorderSection, activity.section_id) if activity.section_id else None
    return [
        activity.reference,
        activity.kind,
        Kind(activity.kind).label,
        *codes,
        *(names.get(code, code) for code in codes),
        section_name(session, activity, names),
        section.code if section else "",
    ]


def _organisation_names(session: Session, activity_ids: Sequence[int]) -> dict[int, list[str]]:
    """The short codes and names of the authorities that take part, by activity."""
    statement = (
        select(Participation.activity_id, Organisation.short, Organisation.name)
        .join(Organisation, Organisation.id == Participation.organisation_id)
        .where(Participation.activity_id.in_(activity_ids))
        .order_by(Participation.activity_id, Organisation.short)
    )
    found: dict[int, list[str]] = {}
    for activity_id, short, name in session.execute(statement):
        found.setdefault(activity_id, []).extend((short, name))
    return found
