"""Is every layer of the map in its legend, answered by a route that exists, with the right that it names?"""

from __future__ import annotations

from registry.domain.permissions import Role
from registry.maps.layers import LAYERS
from tests.factories import sign_in


def test_every_layer_is_answered_under_the_right_it_names(app):
    wrong = [
        f"{layer.key}: {endpoint}"
        for layer in LAYERS
        for endpoint in (layer.endpoint, layer.near)
        if endpoint and getattr(app.view_functions.get(endpoint), "permission", None) is not layer.permission
    ]
    assert wrong == []


def test_every_layer_stands_in_the_legend(page_client, client, session, factories):
    project = factories.project()
    sign_in(client, session, factories.user(project, factories.organisation(), Role.COORDINATOR))
    page = page_client.get(f"/p/{project.reference}/map")
    assert [layer.label for layer in LAYERS if layer.label not in page.text] == []
