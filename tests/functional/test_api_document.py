"""The API says what it can do, to who is signed in, and answers every error as a problem; pages stay pages."""

from __future__ import annotations

import pytest

from registry.domain.permissions import Role
from tests.factories import bearer, sign_in


@pytest.fixture
def officer(factories):
    """An officer of one project."""
    return factories.user(factories.project("ATHENA"), factories.organisation(), Role.OFFICER)


def test_the_document_is_openapi_3_1_and_describes_errors_as_problems(client, session, officer):
    answer = client.get("/api/v1/openapi.json", headers=bearer(session, officer))
    assert answer.status_code == 200
    assert answer.get_json()["openapi"] == "3.1.0"
    default = answer.get_json()["components"]["responses"]["DEFAULT_ERROR"]["content"]
    assert list(default) == ["application/problem+json"]


def test_the_document_is_not_for_strangers(client):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"


def test_the_documentation_page_is_made_from_the_document(page_client, client, session, officer):
    sign_in(client, session, officer)
    page = page_client.get("/api/")
    assert "/api/v1/projects" in page.text
    assert "application/problem+json" in page.text


def test_a_token_opens_no_page_even_under_api(client, session, officer):
    other = client.get("/account/", headers=bearer(session, officer))
    assert other.status_code == 302


def test_an_unknown_address_of_the_api_is_a_problem_with_a_stable_type(client, session, officer):
    answer = client.get("/api/v1/nothing", headers=bearer(session, officer))
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["type"] == "/problems/not-found"


def test_an_unknown_page_stays_html(client, session, officer):
    sign_in(client, session, officer)
    answer = client.get("/nothing", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"


def test_a_method_that_is_not_listed_is_a_405_that_names_those_allowed(client, session, officer):
    answer = client.delete("/api/v1/projects", headers=bearer(session, officer))
    assert answer.status_code == 405
    assert answer.content_type == "application/problem+json"
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_one_lists_the_projects_one_belongs_to_and_no_other(client, session, officer, factories):
    factories.project("OTHER")
    answer = client.get("/api/v1/projects", headers=bearer(session, officer)).get_json()
    assert [project["reference"] for project in answer["items"]] == ["ATHENA"]
    assert answer["total"] == answer["shown"] == 1


def test_a_token_without_the_read_scope_reads_nothing(client, session, officer):
    answer = client.get("/api/v1/projects", headers=bearer(session, officer, scopes="write"))
    assert answer.status_code == 403
    assert answer.get_json()["type"] == "/problems/not-allowed"
