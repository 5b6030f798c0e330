"""Is every page any test opens sound? A client that parses each page and checks what all pages promise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

DEFAULT_CEILING = 40
CEILINGS: tuple[tuple[str, int], ...] = (
    (r"/p/[^/]+/activities/[^/]+/withdraw", 60),  # a refused form is the verb and then its page again
    (r"/p/[^/]+/activities/[^/]+/amend", 100),  # refused by its place, when stored counts were already taken back
)
"""Pages that may ask the database more often than the rest: pattern of the path, and how often."""

UNTRANSLATED = re.compile(r"%\(\w+\)[sd]|\{\{|\}\}|\{%|%\}")
UNLABELLED_TYPES = {"hidden", "submit", "button", "reset", "image"}
ADDRESSES = ("src", "href", "action", "formaction", "poster", "data", "hx-get", "hx-post")
NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")


class RegistryClient(FlaskClient):
    """Flask's client; what the test's session holds is committed before a request and read anew after it."""

    test_session: Session

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send one request."""
        self.test_session.commit()
        response = super().open(*args, **kwargs)
        self.test_session.expire_all()
        return response


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was fetched and found sound."""

    path: str
    response: Any
    document: Element
    queries: tuple[str, ...]

    @property
    def text(self) -> str:
        """What a reader reads, spaces folded; neither scripts nor styles."""
        return " ".join(" ".join(_texts(self.document)).split())

    @property
    def title(self) -> str:
        """The page's title."""
        return " ".join(self.document.findtext(".//title", "").split())

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Every element of this tag with these attributes; ``class_`` asks for one class among others."""
        return [element for element in self.document.iter(tag) if _fits(element, attributes)]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only element of this tag with these attributes."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} <{tag}> with {attributes} on {self.path}"
        return found[0]

    def links(self) -> list[str]:
        """The addresses of its links."""
        return [element.get("href", "") for element in self.all("a")]

    def csrf_token(self) -> str:
        """The token its forms carry."""
        tokens = [element.get("value", "") for element in self.all("input", name="csrf_token")]
        metas = [element.get("content", "") for element in self.all("meta", name="csrf-token")]
        assert tokens + metas, f"no form on {self.path} carries a token"
        return (tokens + metas)[0]


class PageClient:
    """Opens pages as a browser would and fails on the first fault of any of them."""

    def __init__(self, client: RegistryClient, connection: Connection) -> None:
        self.client = client
        self.connection = connection
        self.last: Page | None = None

    def get(self, path: str, *, status: int = 200, ceiling: int | None = None, **options: Any) -> Page:
        """Open a page; ``options`` are those of Flask's test client (``query_string``, ``headers`` ...)."""
        with counted(self.connection) as queries:
            response = self.client.get(path, **options)
        assert response.status_code == status, f"GET {path}: {response.status_code}, not {status}"
        return self._checked(path, response, tuple(queries), ceiling)

    def post(self, path: str, form: Mapping[str, Any] | None = None, *, status: int = 302, **options: Any) -> Any:
        """Send a form with the token of the last page; returns the ``Page``, or the response when it redirects."""
        token = {"csrf_token": self.last.csrf_token()} if self.last else {}
        with counted(self.connection) as queries:
            response = self.client.post(path, data={**token, **(form or {})}, **options)
        assert response.status_code == status, f"POST {path}: {response.status_code}, not {status}"
        if response.mimetype != "text/html" or 300 <= status < 400:
            return response
        return self._checked(path, response, tuple(queries), None)

    def follow(self, response: Any) -> Page:
        """Open the page a response redirects to."""
        return self.get(response.headers["Location"])

    def _checked(self, path: str, response: Any, queries: tuple[str, ...], ceiling: int | None) -> Page:
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        document = parser.parse(response.get_data(as_text=True))
        page = Page(path, response, document, queries)
        errors = [f"line {place[0]}: {code} {values}" for place, code, values in parser.errors]
        faults = [*errors, *faults_of(page), *_too_many(page, ceiling)]
        assert not faults, f"{path}:\n" + "\n".join(faults)
        self.last = page
        return page


@contextmanager
def counted(connection: Connection) -> Iterator[list[str]]:
    """The statements sent while the block runs, savepoints aside."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().upper().startswith(NOT_COUNTED):
            sent.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", note)


def faults_of(page: Page) -> list[str]:
    """What is wrong with a page, in sentences."""
    return [
        *_outline_faults(page),
        *_label_faults(page.document),
        *_policy_faults(page),
        *_address_faults(page.document),
        *(f"untranslated or unfilled: {text.strip()!r}" for text in _texts(page.document) if UNTRANSLATED.search(text)),
    ]


def _outline_faults(page: Page) -> Iterator[str]:
    headings = page.all("h1")
    if len(headings) != 1:
        yield f"{len(headings)} h1 elements, not one"
    if not page.title:
        yield "no title"
    if not page.one("html").get("lang"):
        yield "the html element names no language"
    ids = Counter(element.get("id") for element in page.document.iter() if element.get("id"))
    yield from (f"the id {name!r} stands {count} times" for name, count in ids.items() if count > 1)
    for element in page.document.iter():
        for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            lost = [name for name in element.get(attribute, "").split() if name not in ids]
            if lost:
                yield f"{attribute} of <{element.tag}> names {lost}, which is not on the page"


def _label_faults(document: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in document.iter("label")}
    wrapped = {id(field) for label in document.iter("label") for field in label.iter()}
    for tag in ("input", "select", "textarea"):
        for field in document.iter(tag):
            named = field.get("aria-label") or field.get("aria-labelledby")
            if field.get("type") in UNLABELLED_TYPES or named or field.get("id") in labelled or id(field) in wrapped:
                continue
            yield f"<{tag} name={field.get('name')!r}> has no label"


def _policy_faults(page: Page) -> Iterator[str]:
    policy = page.response.headers.get("Content-Security-Policy", "")
    nonce = re.search(r"'nonce-([^']+)'", policy)
    if nonce is None:
        yield "the Content-Security-Policy has no nonce"
        return
    for element in page.document.iter():
        if element.tag in ("script", "style") and element.get("nonce") != nonce[1]:
            yield f"a <{element.tag}> without the page's nonce"
        for attribute in dict(element.items()):
            if str(attribute).startswith("on") or attribute == "style":
                yield f"<{element.tag}> has the inline attribute {attribute}"


def _address_faults(document: Element) -> Iterator[str]:
    for element in document.iter():
        if element.tag == "a" and "external" in element.get("rel", "").split():
            continue  # a link out that says so; nothing is fetched until somebody follows it
        for attribute in ADDRESSES:
            parts = urlsplit(element.get(attribute, ""))
            if parts.netloc not in ("", "localhost") or parts.scheme == "javascript":
                yield f"<{element.tag}> {attribute} leads outside: {element.get(attribute)}"


def _too_many(page: Page, ceiling: int | None) -> Iterator[str]:
    path = urlsplit(page.path).path
    listed = next((most for pattern, most in CEILINGS if re.fullmatch(pattern, path)), DEFAULT_CEILING)
    most = ceiling or listed
    if len(page.queries) > most:
        repeated = Counter(page.queries).most_common(3)
        yield f"{len(page.queries)} queries, at most {most}; most repeated: {repeated}"


def _texts(element: Element) -> Iterator[str]:
    if element.tag not in ("script", "style", "template"):
        if isinstance(element.tag, str):
            yield element.text or ""
        for child in element:
            yield from _texts(child)
            yield child.tail or ""


def _fits(element: Element, wanted: Mapping[str, str]) -> bool:
    for name, value in wanted.items():
        attribute = name.rstrip("_").replace("_", "-") if name != "csrf_token" else name
        have = element.get(attribute, "")
        if not (value in have.split() if attribute == "class" else have == value):
            return False
    return True
