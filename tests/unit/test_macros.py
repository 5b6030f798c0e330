"""What do the macros draw? Marks of kinds, states and counts; fields whose errors can be reached and read."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from flask_babel import Babel

from registry.domain.activities import Kind, Status
from registry.domain.counts import NOT_COUNTED
from registry.web import formats

ROOT = Path(__file__).parents[2]
SPRITE = (ROOT / "registry" / "static" / "icons.svg").read_text()


@pytest.fixture(scope="module")
def app() -> Flask:
    made = Flask("macros", template_folder=str(ROOT / "templates"))
    Babel(made)
    formats.install(made)
    made.jinja_env.globals["csrf_token"] = lambda: "token"
    return made


def drawn(app: Flask, call: str, **values: Any) -> Element:
    source = '{% import "macros/ui.html" as ui %}{% import "macros/forms.html" as forms %}' + call
    with app.test_request_context("/"):
        text = app.jinja_env.from_string(source).render(**values)
    parser = html5lib.HTMLParser(namespaceHTMLElements=False, strict=True)
    return parser.parseFragment(text)


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("kind", list(Kind))
def test_a_kind_is_an_icon_of_the_sprite_a_code_and_a_word(app: Flask, kind: Kind) -> None:
    mark = drawn(app, "{{ ui.kind(kind) }}", kind=kind.value).find("span")
    assert mark.get("class") == f"k k-{kind.value.lower()}"
    assert mark.get("title") == kind.label
    assert words(mark) == kind.value
    name = next(use.get("href") or use.attrib[next(iter(use.attrib))] for use in mark.iter() if "use" in str(use.tag))
    assert f'id="{name.partition("#")[2]}"' in SPRITE


@pytest.mark.parametrize("state", list(Status))
def test_a_state_is_a_glyph_of_the_sprite_and_a_word(app: Flask, state: Status) -> None:
    mark = drawn(app, "{{ ui.status(state) }}", state=state.value).find("span")
    assert words(mark)
    assert "_" not in words(mark)
    name = next(use.get("href") or use.attrib[next(iter(use.attrib))] for use in mark.iter() if "use" in str(use.tag))
    assert f'id="{name.partition("#")[2]}"' in SPRITE


def test_only_a_state_that_asks_for_something_is_coloured(app: Flask) -> None:
    assert drawn(app, "{{ ui.status('REPORTED') }}").find("span").get("class") == "st"
    assert drawn(app, "{{ ui.status('AWAITING_PARTNER') }}").find("span").get("class") == "st st-wait"


def test_a_count_and_an_amount_that_are_not_known_are_not_zero(app: Flask) -> None:
    assert words(drawn(app, "{{ ui.count(c) }}", c=NOT_COUNTED)) == "n.c."
    assert words(drawn(app, "{{ ui.count(none) }}")) == "–"
    assert words(drawn(app, "{{ ui.money(none) }}")) == "not converted"


def test_a_pager_says_what_is_shown_of_how_many(app: Flask) -> None:
    pager = drawn(app, "{{ ui.pager(28, 4700, older='?after=x') }}")
    assert "28 of 4,700" in words(pager)
    assert [link.get("rel") for link in pager.iter("a")] == ["next"]


def test_the_summary_of_errors_links_to_the_field_that_carries_the_message(app: Flask) -> None:
    errors = {"costs.0.amount": ["Write an amount such as 12.50."]}
    page = drawn(
        app,
        "{{ forms.error_summary(errors, {'costs.0.amount': 'Amount'}) }}"
        "{{ forms.field('Amount', 'costs.0.amount', '12,5O', help='Two decimals.', errors=errors) }}",
        errors=errors,
    )
    link = next(page.iter("a"))
    field = next(page.iter("input"))
    assert link.get("href") == "#" + field.get("id")
    assert words(link) == "Amount: Write an amount such as 12.50."
    assert field.get("value") == "12,5O"
    assert field.get("aria-invalid") == "true"
    described = {element.get("id"): words(element) for element in page.iter() if element.get("id")}
    texts = [described[name] for name in field.get("aria-describedby").split()]
    assert texts == ["Write an amount such as 12.50.", "Two decimals."]


def test_a_field_without_fault_is_not_marked(app: Flask) -> None:
    field = next(drawn(app, "{{ forms.field('Aim', 'aim', none) }}").iter("input"))
    assert field.get("value") == ""
    assert field.get("aria-invalid") is None
    assert field.get("aria-describedby") is None
    assert not list(drawn(app, "{{ forms.error_summary({}) }}").iter("div"))


def test_a_password_and_a_file_are_never_written_back(app: Flask) -> None:
    for kind in ("password", "file"):
        field = next(drawn(app, "{{ forms.field('X', 'x', 'secret', type=kind) }}", kind=kind).iter("input"))
        assert field.get("value") is None


def test_a_choice_keeps_what_was_chosen(app: Flask) -> None:
    options = [("IT", "Italy"), ("SI", "Slovenia")]
    page = drawn(app, "{{ forms.select('Host', 'host', options, 'SI') }}", options=options)
    assert [o.get("value") for o in page.iter("option") if o.get("selected") is not None] == ["SI"]
    page = drawn(app, "{{ forms.checkboxes('Countries', 'countries', options, ['IT']) }}", options=options)
    assert [i.get("value") for i in page.iter("input") if i.get("checked") is not None] == ["IT"]


def test_a_counter_left_alone_is_not_counted_and_can_be_typed(app: Flask) -> None:
    page = drawn(app, "{{ forms.counter('Hits', 'hits', none, finding=True) }}")
    field = next(page.iter("input"))
    assert field.get("value") == ""
    assert field.get("placeholder") == "n.c."
    assert field.get("data-find") is not None
    assert [button.get("aria-label") for button in page.iter("button")] == ["One less: Hits", "One more: Hits"]
    assert next(drawn(app, "{{ forms.counter('Hits', 'hits', 0) }}").iter("input")).get("value") == "0"


def test_what_was_typed_is_shown_literally(app: Flask) -> None:
    page = drawn(app, "{{ forms.textarea('Facts', 'facts', text) }}", text="</textarea><script>alert(1)</script>")
    assert next(page.iter("textarea")).text.strip() == "</textarea><script>alert(1)</script>"
    assert not list(page.iter("script"))
