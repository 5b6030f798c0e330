"""Which countries, borders and sections must be there before activities can be placed? Loaded where none are yet."""

from __future__ import annotations

from datetime import date, timedelta

from shapely.geometry import shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import reference
from registry.models.geography import Border, BorderSection, BorderStatus, Country


def load_missing(session: Session) -> None:
    """The shipped countries and land borders with their sections, unless the database has countries already."""
    if session.scalar(select(Country.iso2).limit(1)) is not None:
        return
    for row in reference.table("countries"):
        session.add(
            Country(
                iso2=row["iso2"],
                iso3=row["iso3"],
                name=row["name"],
                currency=row["currency"],
                euro_from=date.fromisoformat(row["euro_from"]) if row["euro_from"] else None,
            )
        )
    session.flush()
    borders: dict[str, Border] = {}
    for row in reference.table("borders"):
        sea = row["kind"] == "sea"
        code = f"{row['a']}-{row['b']}" + ("-SEA" if sea else "")
        if code not in borders:
            borders[code] = Border(code=code, a=row["a"], b=row["b"], kind=row["kind"], waters=row["waters"])
            session.add(borders[code])
            session.flush()
        until = date.fromisoformat(row["valid_to"]) + timedelta(days=1) if row["valid_to"] else None
        session.add(
            BorderStatus(
                border_id=borders[code].id,
                status=row["status"],
                valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
                valid_until=until,
                trust=row["trust"],
            )
        )
    for feature in reference.geojson("sections")["features"]:
        facts = feature["properties"]
        border = borders.get(f"{facts['a']}-{facts['b']}")
        if border is not None:
            session.add(
                BorderSection(
                    code=facts["code"],
                    border_id=border.id,
                    number=facts["number"],
                    length_km=facts["length_km"],
                    ours=facts["ours"],
                    shape=shape(feature["geometry"]),
                    mid_lon=facts["mid_lon"],
                    mid_lat=facts["mid_lat"],
                )
            )
    session.flush()
