"""Does the page show the figures of the report, and the chart the figures of its table?"""

from __future__ import annotations

import html
import json
from datetime import UTC, datetime
from pathlib import Path

import jinja2
import pytest

from registry.domain.money import Money
from registry.reports.tables import Column, Paragraph, Report, Table, chart_of

TEMPLATES = Path(__file__).parents[2] / "templates"
COSTS = Table(
    key="costs",
    title="Costs by place",
    caption="Invented figures.",
    columns=(Column(key="place", label="Place"), Column(key="eur", label="Spent", kind="money", currency="EUR")),
    rows=(("<b>Škofije</b>", Money(123_450, "EUR")), ("Pesek", None)),
    footer=("All", Money(123_450, "EUR")),
    footnotes=("A note.",),
)
CHART = chart_of(COSTS, kind="bars", title="Costs", category="place", series=["eur"], unit="EUR")


@pytest.fixture(scope="module")
def environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.globals["_"] = lambda text, **values: text % values if values else text
    return environment


def page(environment: jinja2.Environment, *sections: Table | Paragraph) -> str:
    report = Report(
        name="r", title="R", subtitle="", project="TEST-A", period="2022", marking="", data_revision=1,
        generated_at=datetime(2023, 4, 29, tzinfo=UTC), sections=(CHART, *sections),
    )  # fmt: skip
    template = environment.from_string('{% from "macros/report.html" import report_sections %}{{ report_sections(r) }}')
    return template.render(r=report)


def test_the_page_shows_the_figures_of_the_table(environment: jinja2.Environment) -> None:
    shown = page(environment, COSTS, Paragraph(title="Note", text="Read with care."))
    assert '<h2 id="table-costs-title">Table 1. Costs by place</h2>' in shown
    assert '<th scope="col" class="n">Spent, EUR</th>' in shown
    assert '<td class="n">1,234.50</td>' in shown
    assert '<td class="n nc">–</td>' in shown
    assert '<th scope="row">All</th>' in shown
    assert "<caption>Invented figures.</caption>" in shown
    assert "<li>A note.</li>" in shown
    assert "<p>Read with care.</p>" in shown


def test_the_page_escapes_texts_and_sets_no_style(environment: jinja2.Environment) -> None:
    shown = page(environment, COSTS)
    assert "<b>" not in shown
    assert "&lt;b&gt;Škofije&lt;/b&gt;" in shown
    assert "style=" not in shown


def test_the_chart_carries_its_figures_and_says_them_in_words(environment: jinja2.Environment) -> None:
    shown = page(environment, COSTS)
    attribute = shown.partition('data-chart="')[2].partition('"')[0]
    assert json.loads(html.unescape(attribute)) == json.loads(CHART.as_json())
    assert "Figure 1. Costs, EUR" in shown
    assert 'class="chart-canvas chart-short" role="img"' in shown


def test_an_empty_table_says_that_there_is_nothing(environment: jinja2.Environment) -> None:
    empty = Table(key="empty", title="Empty", columns=COSTS.columns, rows=())
    assert '<td colspan="2">Nothing in this period.</td>' in page(environment, COSTS, empty)
