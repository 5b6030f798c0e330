"""The HTTP toolkit: who asks, may they, when is committed, which headers go out, how an error is answered."""

from __future__ import annotations

from registry.edge.context import ProjectHead, clock, current_project, nonce, viewer
from registry.edge.rights import requires
from registry.edge.transactions import commits, write_unit

__all__ = ["ProjectHead", "clock", "commits", "current_project", "nonce", "requires", "viewer", "write_unit"]
