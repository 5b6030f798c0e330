"""What did a demonstration activity find? Counts with their qualifiers, many of them zero, some not counted."""

from __future__ import annotations

import math
from random import Random
from typing import Any

from registry.domain.counts import Qualifier

COUNTING = frozenset({"JP", "JO", "JAD"})
NULL_RESULT_SHARE = 0.38
NOT_COUNTED_SHARE = 0.07
_EFFORT = ("persons_checked", "vehicles_checked", "consultations")
_FINDINGS = ("hits", "apprehended", "arrests", "forged_documents", "seizures")
_RARE = ("facilitators", "stolen_vehicles", "weapons", "fines", "reports")
_SCALE = {"JP": 1.0, "JO": 6.0, "JAD": 25.0}


def outcomes(kind: str, rng: Random, *, internal: bool, lean: bool) -> tuple[list[dict[str, Any]], bool]:
    """The counts of a held activity and whether nothing was found. ``lean`` leaves rare measures out."""
    if kind not in COUNTING:
        return _other(kind, rng), False
    nothing = kind == "JP" and rng.random() < NULL_RESULT_SHARE
    scale = _SCALE[kind]
    persons = int(rng.lognormvariate(3.2, 0.6) * scale)
    numbers = {
        "persons_checked": persons,
        "vehicles_checked": int(persons * rng.uniform(0.3, 0.7)),
        "consultations": int(persons * rng.uniform(0.9, 1.2)),
    }
    for rank, measure in enumerate(_FINDINGS[: 3 if lean else None]):
        numbers[measure] = 0 if nothing else _few(rng, scale * 0.8 / (rank + 1))
    numbers["arrests"] = min(numbers["arrests"], numbers["apprehended"])
    if not lean and not nothing:
        numbers.update({measure: _few(rng, scale * 0.3) for measure in _RARE if rng.random() < 0.25})
        numbers["transfers_23a" if internal else "refusals_of_entry"] = _few(rng, scale * 0.3)
    counts = [_count(measure, number, rng, certain=nothing) for measure, number in numbers.items()]
    # A null result is said, not left over: the form asks for it where all findings are zero.
    return counts, all(count["value"] == 0 for count in counts if count["measure"] not in _EFFORT)


def _few(rng: Random, mean: float) -> int:
    """A small number around a mean, often zero: counts of findings are skewed."""
    return int(-math.log(1 - rng.random()) * mean)


def _count(measure: str, number: int, rng: Random, *, certain: bool) -> dict[str, Any]:
    draw = rng.random()
    if not certain and draw < NOT_COUNTED_SHARE:
        return {"measure": measure, "value": None, "qualifier": str(Qualifier.NOT_COUNTED)}
    if number > 200 and draw < 0.5:
        kind = Qualifier.APPROXIMATE if draw < 0.3 else Qualifier.MORE_THAN
        return {"measure": measure, "value": number // 100 * 100, "qualifier": str(kind)}
    return {"measure": measure, "value": number, "qualifier": str(Qualifier.EXACT)}


def _other(kind: str, rng: Random) -> list[dict[str, Any]]:
    """Observations and investigations report arrests and seizures at most; meetings report nothing."""
    if kind not in ("CBO", "JIT"):
        return []
    return [_count(measure, _few(rng, 0.7), rng, certain=False) for measure in ("arrests", "seizures")]
