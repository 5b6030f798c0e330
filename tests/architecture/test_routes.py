"""Does every route say who may use it, and is everything that changes something committed once?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from registry import create_app
from registry.domain.permissions import Permission

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
WITHOUT_PERMISSION = {"static": "files of the product itself, the same for everybody"}
CHANGES_NOTHING: dict[str, str] = {}
"""POST routes that write nothing: endpoint → reason. Empty is best."""


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An application that is only looked at, never asked."""
    return create_app({"INSTANCE": str(tmp_path_factory.mktemp("routes")), "TESTING": True})


def routes(application: Any) -> Iterator[tuple[Any, Any]]:
    """Every rule with its view."""
    for rule in application.url_map.iter_rules():
        yield rule, application.view_functions[rule.endpoint]


def test_every_route_declares_one_permission(application):
    without = [
        rule.rule
        for rule, view in routes(application)
        if rule.endpoint not in WITHOUT_PERMISSION and not isinstance(getattr(view, "permission", None), Permission)
    ]
    assert without == []


def test_every_route_that_changes_something_commits(application):
    silent = [
        f"{sorted(rule.methods & UNSAFE)} {rule.rule}"
        for rule, view in routes(application)
        if rule.methods & UNSAFE and not getattr(view, "commits", False) and rule.endpoint not in CHANGES_NOTHING
    ]
    assert silent == []


def test_only_signing_in_and_what_leads_to_it_is_public(application):
    public = {
        rule.endpoint for rule, view in routes(application) if getattr(view, "permission", None) is Permission.PUBLIC
    }
    beyond = {name for name in public if not name.startswith("security.")}
    assert beyond <= {"health.alive", "health.live", "shell.manifest", "offline.worker"}


def test_a_route_of_a_project_asks_for_a_right_in_it(application):
    lax = [
        rule.rule
        for rule, view in routes(application)
        if "project_ref" in rule.arguments
        and getattr(view, "permission", None) in (Permission.PUBLIC, Permission.SIGNED_IN)
        and rule.endpoint != "projects.more"
    ]
    assert lax == []


def test_no_address_shows_the_number_of_a_record(application):
    allowed = ("/admin/people/", "/account/")  # accounts and their own sessions have no public reference
    numbered = [
        rule.rule for rule, _view in routes(application) if "<int:" in rule.rule and not rule.rule.startswith(allowed)
    ]
    assert numbered == []


def test_every_api_route_stands_in_the_api_document(application):
    document = application.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    documented = set(document["paths"])
    in_map = {
        rule.rule.replace("<", "{").replace(">", "}").replace("{path:", "{")
        for rule, _view in routes(application)
        if rule.rule.startswith("/api/v1/") and rule.endpoint.split(".")[0] not in ("api_document", "map_api")
    }
    assert in_map - documented == set()
