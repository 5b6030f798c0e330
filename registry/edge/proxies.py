"""Whose word about the sender's address and scheme is believed? Only that of the configured number of proxies."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def install(app: Flask) -> None:
    """Believe X-Forwarded-For, -Proto and -Host of so many proxies in front; of none, the socket's (ASVS 4.1.3)."""
    trusted = int(app.config.get("TRUSTED_PROXIES", 0))
    if trusted:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # the way Flask's manual says
            app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted
        )
