"""Where do the marks of the targets page stand? Bars and small multiples as coordinates, so that SVG needs no style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from registry.queries.targets import BoardRow, PartnerLine

BAR_WIDTH = 300.0
TARGET_AT = 187.5
"""The target stands at the same place in every bar; what reaches beyond the track is cut at its end."""

WIDTH, FOOT, HEADROOM = 150.0, 70.0, 66.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Held, planned behind it, the forecast band, what is expected by today, and the target."""

    held: float
    planned: float
    forecast_from: float | None
    forecast_width: float
    pace: float
    target: float = TARGET_AT


def bar(row: BoardRow) -> Bar:
    """The marks of one target."""
    found = row.progress
    promised = found.target.target.value or 1
    held, end = _along(found.held, promised), _along(found.held + found.planned, promised)
    low, high = found.forecast_low, found.forecast_high
    start = None if low is None else _along(low, promised)
    width = 0.0 if start is None or high is None else max(_along(high, promised) - start, 1.0)
    return Bar(
        held=held,
        planned=round(end - held, 1),
        forecast_from=start,
        forecast_width=round(min(width, BAR_WIDTH - (start or 0)), 1),
        pace=_along(found.expected_by_today, promised),
    )


def _along(number: float, promised: int) -> float:
    return round(min(number / promised * TARGET_AT, BAR_WIDTH), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The cumulated activities of a partner as a line and the area under it; ``today`` is where they end."""

    line: str
    area: str
    today: float


def steps(partner: PartnerLine, most: int, share: float) -> Steps:
    """The steps of one partner, all partners on one scale: ``most`` activities fill the height."""
    today = round(WIDTH * share, 1)
    months = len(partner.by_month)
    points, so_far = ["M0 70H0"], 0
    for index, number in enumerate(partner.by_month):
        so_far += number
        right = min(round(WIDTH * (index + 1) / months, 1), today)
        points.append(f"V{round(FOOT - HEADROOM * so_far / max(most, 1), 1)}H{right}")
        if right >= today:
            break
    line = "".join(points)
    return Steps(line=line, area=f"{line}V70Z", today=today)


def most_active(partners: Sequence[PartnerLine]) -> int:
    """What fills the height of the small multiples."""
    return max((partner.total for partner in partners), default=0)
