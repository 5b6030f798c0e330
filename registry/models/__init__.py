"""The tables, one aggregate a module; importing this package registers them all on the metadata."""

from __future__ import annotations

from registry.models import accounts, activities, aggregates, audit, costs, geography, projects

__all__ = ["accounts", "activities", "aggregates", "audit", "costs", "geography", "projects"]
