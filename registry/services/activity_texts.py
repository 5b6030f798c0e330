"""By which words is a record found, and what is it called when nobody named it? Exact words and coarse ones apart."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.activities import Kind
from registry.domain.text import fold
from registry.models.activities import Activity, ActivityText, Participation
from registry.models.geography import Border, BorderSection, Country
from registry.models.projects import Organisation


def section_name(session: Session, activity: Activity) -> str:
    """``Italy–Slovenia 3``, the border alone without a section, else the names of the countries."""
    border = session.get(Border, activity.border_id) if activity.border_id else None
    codes = [border.a, border.b] if border else [code for code in activity.countries.split("|") if code]
    names = "–".join(_country_names(session, codes))
    section = session.get(BorderSection, activity.section_id) if activity.section_id else None
    return f"{names} {section.number}" if section else names


def generic_title(session: Session, activity: Activity) -> str:
    """``Joint patrol, Italy–Slovenia 3``: says no more than section and kind."""
    return ", ".join(filter(None, (Kind(activity.kind).label.capitalize(), section_name(session, activity))))


def _country_names(session: Session, codes: list[str]) -> list[str]:
    found = session.execute(select(Country.iso2, Country.name).where(Country.iso2.in_(codes)))
    names = {iso2: name for iso2, name in found}  # noqa: C416  # rows unpack, dict() does not type them
    return [names.get(code, code) for code in codes]


def write_text(session: Session, activity: Activity) -> None:
    """Write the folded words of a record; the coarse ones hold neither title nor typed place (finer than a cell)."""
    codes = [code for code in activity.countries.split("|") if code]
    section = session.get(BorderSection, activity.section_id) if activity.section_id else None
    coarse = [
        activity.reference,
        activity.kind,
        Kind(activity.kind).label,
        *codes,
        *_country_names(session, codes),
        *_organisation_names(session, activity),
        section_name(session, activity),
        section.code if section else "",
    ]
    exact = [
        *coarse,
        *(activity.external_reference or "", activity.title, activity.place_text, activity.aim),
        *(activity.crime_areas, activity.legal_basis, activity.facts, activity.assessment, activity.note),
    ]
    row = session.get(ActivityText, activity.id) or ActivityText(activity_id=activity.id)
    row.exact_text, row.coarse_text = (fold(" ".join(filter(None, words))) for words in (exact, coarse))
    session.add(row)


def _organisation_names(session: Session, activity: Activity) -> list[str]:
    statement = (
        select(Organisation.short, Organisation.name)
        .join(Participation, Participation.organisation_id == Organisation.id)
        .where(Participation.activity_id == activity.id)
        .order_by(Organisation.short)
    )
    return [word for row in session.execute(statement) for word in row]
