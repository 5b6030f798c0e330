"""JSON API /api/v1: the same commands and queries as the pages."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Register the API's blueprints."""
