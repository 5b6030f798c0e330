"""What does the demonstration consist of? Two projects with a synthetic year, seeded, and accounts to look at it."""

from __future__ import annotations

from registry.services.demo.accounts import demo_accounts, is_demo_database
from registry.services.demo.filling import FillDemo, Filled, fill, holds_anything

__all__ = ["FillDemo", "Filled", "demo_accounts", "fill", "holds_anything", "is_demo_database"]
