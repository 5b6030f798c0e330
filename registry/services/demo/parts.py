"""Who took part, on whose soil, with which facts of its kind? The rows beside a demonstration activity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from registry.services.demo.authorities import REGIONAL, Authority
from registry.services.demo.spots import jittered
from registry.services.demo.wording import URGENT

if TYPE_CHECKING:
    from registry.services.demo.activities import Drawer, Rows
    from registry.services.demo.lives import Life, Span

_OFFICERS: dict[str, tuple[int, int]] = {
    "JP": (1, 3),
    "CBO": (1, 2),
    "JIT": (1, 2),
    "JO": (1, 3),
    "JAD": (2, 6),
    "MEET": (1, 1),
    "WS": (1, 2),
    "TR": (1, 3),
    "EX": (1, 1),
}
NOT_COUNTED_SHARE = 0.02
CROSSES_SHARE = 0.3
AMENDED_SHARE = 0.06
_OFFENCES = ("smuggling of migrants", "drugs trafficking", "aggravated theft", "firearms trafficking")
_END_REASONS = ("target returned", "handed over", "aim reached", "target lost")


def participate(
    rows: Rows, drawer: Drawer, row: dict[str, Any], members: Sequence[Authority], life: Life, *, held: bool
) -> None:
    """Participations with head-counts, and one leg per soil, each verified by its host."""
    rng, setting = drawer.rng, drawer.setting
    total: int | None = 0
    for number, authority in enumerate(members):
        drawer.numbers.participation += 1
        counted = held and rng.random() >= NOT_COUNTED_SHARE
        officers = rng.randint(*_OFFICERS[row["kind"]]) if counted else None
        women = sum(rng.random() < 0.22 for _ in range(officers)) if officers is not None else None
        total = None if total is None or officers is None else total + officers
        regional = authority.short in REGIONAL
        rows.participations.append(
            {
                "id": drawer.numbers.participation,
                "activity_id": row["id"],
                "organisation_id": setting.organisations[authority.short],
                "country_iso2": None if regional else authority.country,
                "role": "HOST" if number == 0 else "SUPPORT_AGENCY" if regional else "SECONDING",
                "officers": officers,
                "women": women,
                "men": None if officers is None or women is None else officers - women,
                "officer_in_charge": f"{authority.short}-{rng.randint(100, 4999):04d}" if number == 0 else "",
            }
        )
        if officers and (not setting.lean or rng.random() < 0.05):
            rows.head_counts.extend(_head_counts(drawer.numbers.participation, officers, number == 0))
    row["officers"] = total
    row["officers_qualifier"] = "not_counted" if total is None else "exact"
    hosts = [member for member in members if member.short not in REGIONAL]
    crosses = row["kind"] in ("JP", "CBO") and len(hosts) > 1 and rng.random() < CROSSES_SHARE
    _legs(rows, drawer, row, hosts[: 2 if crosses else 1], life)


def _head_counts(participation_id: int, officers: int, leads: bool) -> list[dict[str, Any]]:
    numbers = {"leader": 1, "officer": officers - 1} if leads else {"officer": officers}
    return [
        {"participation_id": participation_id, "function": function, "gender": "unknown", "number": number}
        for function, number in numbers.items()
        if number
    ]


def _legs(rows: Rows, drawer: Drawer, row: dict[str, Any], hosts: Sequence[Authority], life: Life) -> None:
    """An activity is verified when every host has verified its leg (decision 17): some wait for the second host."""
    for number, host in enumerate(hosts, start=1):
        verified_at = life.verified_at
        if number == 1 and len(hosts) > 1 and verified_at is None and row["counts_on"] is not None:
            early = life.entered_at + timedelta(hours=3)
            verified_at = early if early < drawer.setting.now and row["status"] == "REPORTED" else None
        rows.legs.append(
            {
                "activity_id": row["id"],
                "number": number,
                "host_organisation_id": drawer.setting.organisations[host.short],
                "verified_at": verified_at,
                "verified_by": f"verifier of {host.short}" if verified_at else "",
            }
        )


def of_kind(rows: Rows, row: dict[str, Any], when: Span, life: Life, rng: Random) -> None:
    """The facts that only a patrol, an observation or an investigation team has, and now and then an older version."""
    if row["kind"] == "JP":
        internal = row["border_status"] == "internal"
        basis = rng.choice(("POLICE_INFORMATION", "EXPERIENCE", "RISK_ASSESSMENT")) if internal else ""
        rows.patrols.append(
            {
                "activity_id": row["id"],
                "check_basis": basis,
                "risk_reference": f"RA {row['countries'].replace('|', '-')} {when.from_on:%Y-%m}" if basis else "",
                "km_driven": rng.randint(15, 140) if life.counts_on and rng.random() < 0.7 else None,
            }
        )
    elif row["kind"] == "CBO":
        _observation(rows, row, when, rng)
    elif row["kind"] == "JIT":
        signed = row["counts_on"]
        rows.teams.append(
            {
                "activity_id": row["id"],
                "signed_on": signed,
                "agreement_until_on": row["until_on"] if signed else None,
                "purpose": "Dismantling a network that works on both sides of the border.",
                "agencies": rng.choice(("Eurojust|Europol", "Eurojust", "Europol", "")),
            }
        )
    if row["verified_at"] is not None and rng.random() < AMENDED_SHARE:
        _amend(rows, row)


def _observation(rows: Rows, row: dict[str, Any], when: Span, rng: Random) -> None:
    urgent = row["title"].startswith(URGENT)
    done = row["status"] in ("ENDED", "REPORT_SENT", "CLOSED")
    rows.observations.append(
        {
            "activity_id": row["id"],
            "mode": "urgent" if urgent else "ordinary",
            "offence": rng.choice(_OFFENCES),
            "request_reference": f"OBS-{rng.randint(1000, 9999)}",
            "crossed_at": when.starts_at + timedelta(minutes=20) if done else None,
            "authorised_at": min(row["created_at"], when.starts_at)
            if not urgent
            else when.starts_at + timedelta(minutes=95),
            "end_reason": rng.choice(_END_REASONS) if done else "",
        }
    )


def _amend(rows: Rows, row: dict[str, Any]) -> None:
    old = {"title": row["title"], "aim": row["aim"], "assessment": "", "status": row["status"]}
    rows.versions.append(
        {
            "activity_id": row["id"],
            "version": 1,
            "content": old,
            "reason": "Assessment added after the crews had talked.",
            "amended_at": row["verified_at"],
            "amended_by": "demo",
        }
    )
    row["version"] = 2


def walk(lon: float, lat: float, rng: Random) -> list[tuple[float, float]]:
    """A way of 8 to 30 points through the neighbourhood: it keeps its direction and wavers."""
    east, north = rng.gauss(0, 0.004), rng.gauss(0, 0.003)
    way = [(lon, lat)]
    for _ in range(rng.randint(7, 29)):
        lon, lat = jittered(lon + east, lat + north, 120, rng)
        way.append((lon, lat))
    return way
