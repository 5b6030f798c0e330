"""Cross-border operations registry: joint patrols, observations and investigation teams, their results and costs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

TEMPLATES = Path(__file__).parent.parent / "templates"


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application, configured from the environment (``config.py``) and overridden by ``settings``."""
    # config.py lies beside the package and is read by whoever makes an application, never by a room below.
    import config
    from registry import api, cli, extensions, web  # the rooms need this package to exist
    from registry.domain.clock import SystemClock
    from registry.edge import demonstration, headers, identity, problems, proxies

    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder="static")
    app.config.from_mapping({"CLOCK": SystemClock(), **config.load(os.environ), **(settings or {})})
    demonstration.install(app)
    extensions.init_app(app)
    proxies.install(app)
    headers.install(app)
    problems.install(app)
    identity.install(app)
    web.register(app)
    api.register(app)
    cli.register(app)
    return app
