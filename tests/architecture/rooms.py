"""Where are the sources that the architecture tests read?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "registry"
TEMPLATES = ROOT / "templates"
DOCS = ROOT / "docs"


def modules() -> Iterator[Path]:
    """Every module of the product."""
    yield from sorted(path for path in PACKAGE.rglob("*.py") if "static" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    """The parsed source of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    """A path as messages show it: from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def templates() -> list[Path]:
    """Every HTML template."""
    return sorted(TEMPLATES.rglob("*.html"))
