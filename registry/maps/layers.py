"""Which layers does the map have? As data: legend, page, API and the test of permissions follow from this list."""

from __future__ import annotations

from dataclasses import dataclass

from registry.domain.permissions import Permission


def _(text: str) -> str:
    """Mark a label for translation; the page translates it."""
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer: ``endpoint`` answers its content far out, ``near`` (if any) one by one close in.

    ``legend`` names the sign that stands beside the label: ring, line, diamond, book or none.
    """

    key: str
    label: str
    legend: str
    endpoint: str
    permission: Permission
    on: bool
    near: str = ""
    listed: bool = False
    base: str = ""


LAYERS: tuple[Layer, ...] = (
    Layer(
        key="activities",
        label=_("Activities"),
        legend="ring",
        endpoint="map_api.cells",
        near="map_api.features",
        permission=Permission.ACTIVITY_VIEW,
        on=True,
    ),
    Layer(
        key="sections",
        label=_("Border sections, ours"),
        legend="line",
        endpoint="map.base",
        base="sections",
        permission=Permission.SIGNED_IN,
        on=True,
    ),
    Layer(
        key="crossings",
        label=_("Crossing points"),
        legend="diamond",
        endpoint="map_api.crossing_points",
        permission=Permission.ACTIVITY_VIEW,
        on=True,
    ),
    Layer(
        key="published",
        label=_("Published record"),
        legend="book",
        endpoint="map_api.published",
        permission=Permission.ACTIVITY_VIEW,
        on=False,
    ),
    Layer(
        key="episodes",
        label=_("Control episodes"),
        legend="none",
        endpoint="map_api.control_episodes",
        permission=Permission.ACTIVITY_VIEW,
        on=False,
        listed=True,
    ),
)
