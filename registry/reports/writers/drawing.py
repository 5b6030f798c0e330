"""What does a chart look like on paper? An SVG drawn by matplotlib from the figures the page shows.

Imported only inside the short-lived typesetter: matplotlib is large and slow to load.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

INK, INK_2, HAIR = "#151a21", "#465060", "#c3cad4"
# The colours of the activity kinds on light ground; a series of anything else is drawn in greys.
KIND_COLOURS = {
    "jp": "#0b64a8", "jo": "#08735a", "jad": "#0a6b7c", "cbo": "#a84600", "jit": "#7439b8",
    "meet": "#5c6400", "ws": "#94298b", "tr": "#39701c", "ex": "#8b4636",
}  # fmt: skip
GREYS = ("#465060", "#9aa4b2", "#c9cfd8", "#727d8c", "#1f2730")
_WIDTH_INCHES = 7.1


def use_fonts(folder: Path | None) -> None:
    """Draws with the fonts of the folder, if there is one, and with DejaVu Sans where they lack a letter."""
    families = ["DejaVu Sans"]
    for path in sorted(folder.glob("*.ttf")) if folder else []:
        font_manager.fontManager.addfont(str(path))
        families.insert(0, font_manager.FontProperties(fname=str(path)).get_name())
    mpl.rcParams.update({
        "font.family": list(dict.fromkeys(families)), "font.size": 7.5, "svg.fonttype": "path",
        # Element names are drawn from this salt, so that equal figures give equal bytes.
        "svg.hashsalt": "registry", "axes.linewidth": 0.6, "text.parse_math": False,
    })  # fmt: skip


def as_svg(chart: Mapping[str, Any]) -> bytes:
    """One chart (kind, categories, series of label, values and printed, unit) as SVG."""
    draw = {"bars": _measured_bars, "grouped_bars": _grouped_bars, "line": _lines}[chart["kind"]]
    figure = draw(chart["categories"], chart["series"], chart["unit"])
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def _measured_bars(categories: Sequence[str], series: Sequence[Mapping[str, Any]], _unit: str) -> Figure:
    """Filled bars of the first series, inside outlined bars of the second where there is one, with their figures."""
    figure, axes = _canvas(0.27 * max(1, len(categories)) + 0.06)
    measured, limit = series[0], series[1] if len(series) > 1 else None
    ends = [max(_bare(row["values"][at]) for row in series[:2]) for at in range(len(categories))]
    widest = max([*ends, 1e-9])
    for at, end in enumerate(ends):
        if limit is not None:
            axes.barh(at, _bare(limit["values"][at]), height=0.62, fill=False, edgecolor=INK_2, linewidth=0.7)
        axes.barh(at, _bare(measured["values"][at]), height=0.42, color=INK_2)
        beside = axes.annotate(
            measured["printed"][at], (end, at), (6, 0), textcoords="offset points", va="center", color=INK
        )
        if limit is not None:
            axes.annotate(
                f" of {limit['printed'][at]}", (1, 0), xycoords=beside, va="bottom", color=INK_2, annotation_clip=False
            )
    axes.set_yticks(range(len(categories)), [textwrap.fill(category, 34) for category in categories])
    axes.set_ylim(len(categories) - 0.5, -0.5)
    axes.set_xlim(0, widest * 1.62)
    axes.set_xticks([])
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(length=0, pad=6)
    return figure


def _grouped_bars(categories: Sequence[str], series: Sequence[Mapping[str, Any]], unit: str) -> Figure:
    figure, axes = _canvas(2.1)
    width = 0.8 / max(1, len(series))
    for position, row in enumerate(series):
        offsets = [at - 0.4 + width * (position + 0.5) for at in range(len(categories))]
        heights = [_bare(value) for value in row["values"]]
        axes.bar(offsets, heights, width * 0.88, color=_colour(row, position), label=row["label"])
    return _finish(figure, axes, categories, unit)


def _lines(categories: Sequence[str], series: Sequence[Mapping[str, Any]], unit: str) -> Figure:
    figure, axes = _canvas(2.1)
    for position, row in enumerate(series):
        heights = [float("nan") if value is None else value for value in row["values"]]
        axes.plot(
            range(len(categories)), heights, color=_colour(row, position), label=row["label"],
            marker="osD^v"[position % 5], markersize=3, linewidth=1.2,
        )  # fmt: skip
    axes.set_ylim(bottom=0)
    return _finish(figure, axes, categories, unit)


def _canvas(height: float) -> tuple[Figure, Any]:
    # A Figure of our own instead of pyplot: no window system and nothing kept between charts.
    figure = Figure(figsize=(_WIDTH_INCHES, height), layout=ConstrainedLayoutEngine(w_pad=0.02, h_pad=0.02))
    axes = figure.add_subplot()
    axes.patch.set_alpha(0)
    return figure, axes


def _finish(figure: Figure, axes: Any, categories: Sequence[str], unit: str) -> Figure:
    axes.set_xticks(range(len(categories)), categories)
    axes.set_ylabel(unit, color=INK_2)
    axes.yaxis.get_major_locator().set_params(integer=True, nbins=5)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.yaxis.grid(visible=True, color=HAIR, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(length=0, labelcolor=INK_2)
    figure.legend(loc="outside upper left", ncols=8, frameon=False, handlelength=1, columnspacing=1.4)
    return figure


def _colour(row: Mapping[str, Any], position: int) -> str:
    return KIND_COLOURS.get(str(row["key"]).lower(), GREYS[position % len(GREYS)])


def _bare(value: float | None) -> float:
    return 0.0 if value is None else float(value)
