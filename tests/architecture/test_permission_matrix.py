"""Does every page of a project open for exactly the roles that the table of rights grants it to?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from registry.domain.permissions import GRANTS, Permission, Role
from tests.factories import sign_in

OPENED = {200, 302, 303, 304, 400, 404, 422}
"""What an allowed viewer may get: a page, a redirection, or that a made-up part does not exist."""
EVERYBODY = {Permission.PUBLIC, Permission.SIGNED_IN}


def pages_of_a_project(app: Any, reference: str) -> Iterator[tuple[str, Permission]]:
    """Every address that is read inside a project, with the right it asks for; made-up parts where more is named."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and "project_ref" in rule.arguments:
            parts: dict[str, Any] = dict.fromkeys(rule.arguments, 1 if "int:" in rule.rule else "none")
            address = adapter.build(rule.endpoint, {**parts, "project_ref": reference}, method="GET")
            yield address, app.view_functions[rule.endpoint].permission


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_what_it_is_granted_and_nothing_else(app, client, session, factories, role):
    project = factories.project()
    organisation = factories.organisation()
    sign_in(client, session, factories.user(project, organisation, role))
    wrong = []
    for address, permission in pages_of_a_project(app, project.reference):
        allowed = permission in EVERYBODY or permission in GRANTS[role]
        status = client.get(address).status_code
        if status not in OPENED if allowed else status != 403:
            wrong.append(f"{address} asks for {permission}: {status}")
    assert wrong == []


def test_outside_a_project_nothing_of_it_can_be_told_from_what_does_not_exist(app, client, session, factories):
    hidden = factories.project()
    own = factories.project()
    sign_in(client, session, factories.user(own, factories.organisation(), Role.COORDINATOR))
    pages = pages_of_a_project(app, hidden.reference)
    answers = {address: client.get(address).status_code for address, _right in pages}
    assert answers
    assert {address: status for address, status in answers.items() if status != 404} == {}


def test_signed_out_every_page_of_a_project_leads_to_signing_in(app, client, factories):
    project = factories.project()
    answers = {address: client.get(address) for address, _right in pages_of_a_project(app, project.reference)}
    wrong = {
        address: answer.status_code
        for address, answer in answers.items()
        if answer.status_code != 401 and "/login" not in answer.headers.get("Location", "")
    }
    assert wrong == {}
