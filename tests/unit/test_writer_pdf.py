"""Is the PDF archivable, marked on every page, and true to the tables?"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pypdf
import pytest

from registry.domain.money import Money
from registry.reports.tables import Chart, Column, Paragraph, Report, Table, chart_of
from registry.reports.writers import drawing, typesetter
from registry.reports.writers.pdf import TypesettingFailed, as_pdf, printable

COSTS = Table(
    key="costs",
    title="Costs by beneficiary",
    caption="Invented figures.",
    columns=(
        Column(key="who", label="Beneficiary"),
        Column(key="spent", label="Spent", kind="money", currency="EUR"),
        Column(key="budget", label="Budget", kind="money", currency="EUR"),
        Column(key="paid_on", label="Paid on", kind="date"),
    ),
    rows=(
        ("Дирекция „Гранична полиция“", Money(360_541_58, "EUR"), Money(380_000_00, "EUR"), date(2023, 4, 29)),
        ("#panic(1) $x$ *Škofije* ț ħ", None, Money(-5, "EUR"), None),
    ),
    footer=("All", Money(360_541_58, "EUR"), Money(379_999_95, "EUR"), None),
    footnotes=("Rounded half-up to the cent.", "Another note."),
)
CHARTS = (
    chart_of(COSTS, kind="bars", title="Costs", category="who", series=["spent", "budget"], unit="EUR"),
    chart_of(COSTS, kind="bars", title="Costs alone", category="who", series=["spent"]),
    chart_of(COSTS, kind="grouped_bars", title="Side by side", category="who", series=["spent", "budget"]),
    chart_of(COSTS, kind="line", title="In a line", category="who", series=["spent"]),
)
REPORT = Report(
    name="expenditure", title="Expenditure “2022”", subtitle="Costs and budget", project="TEST-A (TEST-2)",
    period="1 Mar 2022 to 28 Feb 2023", marking="SENSITIVE, NOT CLASSIFIED",
    generated_at=datetime(2023, 4, 29, 14, 2, tzinfo=UTC), data_revision=118, filters=(("Country", "SI"),),
    sections=(Paragraph(text="Read with care.", title="Note"), *CHARTS, COSTS),
)  # fmt: skip


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return as_pdf(REPORT)


def text_of(page: pypdf.PageObject) -> str:
    return " ".join(page.extract_text().split())


def test_the_figures_and_texts_stand_in_the_pdf_as_they_stand_in_the_table(pdf: bytes) -> None:
    text = " ".join(text_of(page) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    for expected in (
        "360,541.58", "380,000.00", "−0.05", "29 Apr 2023", "Дирекция „Гранична полиция“",
        "#panic(1) $x$ *Škofije* ț ħ", "Rounded half-up to the cent.", "Read with care.",
        "Table 1. Costs by beneficiary",
        "Figure 4. In a line", "Data revision", "118", REPORT.content_hash[:8],
    ):  # fmt: skip
        assert expected in text


def test_the_pdf_is_archivable_tagged_and_has_language_and_title(pdf: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    catalogue = reader.trailer["/Root"]
    metadata = catalogue["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en"
    assert reader.metadata is not None
    assert reader.metadata.title == "Expenditure “2022”"


def test_equal_reports_give_equal_bytes(pdf: bytes) -> None:
    assert as_pdf(REPORT) == pdf


def test_a_long_table_repeats_its_marking_and_its_heading_on_every_page() -> None:
    rows = tuple((f"P{index}", Money(index, "EUR"), None, None) for index in range(150))
    pages = pypdf.PdfReader(io.BytesIO(as_pdf(replace(REPORT, sections=(replace(COSTS, rows=rows),))))).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert "SENSITIVE, NOT CLASSIFIED" in text_of(page)
        assert f"Page {number} of {len(pages)}" in text_of(page)
    for page in pages[1:-1]:
        assert "Beneficiary" in text_of(page)


def test_a_wide_table_lies_on_its_side_and_a_narrow_one_does_not() -> None:
    columns = tuple(Column(key=f"c{index}", label=f"Column {index}") for index in range(12))
    wide = Table(key="wide", title="Wide", columns=columns, rows=((*["a rather long text"] * 12,),))
    sections = printable(replace(REPORT, sections=(wide, COSTS)))["sections"]
    assert isinstance(sections, list)
    assert [(section["wide"], section["size"]) for section in sections] == [(True, 7), (False, 8)]


def test_columns_of_figures_alone_share_the_width() -> None:
    figures = Table(key="f", title="F", columns=(Column(key="n", label="N", kind="int"),), rows=((1,),))
    sections = printable(replace(REPORT, sections=(figures,)))["sections"]
    assert isinstance(sections, list)
    assert sections[0]["columns"] == [{"heading": "N", "side": "right", "share": 1}]


def test_a_document_that_cannot_be_set_is_an_error_of_ours() -> None:
    with pytest.raises(TypesettingFailed, match="could not be produced"):
        as_pdf(replace(REPORT, language="not a language"))


def test_a_document_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.reports.writers.pdf._SECONDS_ALLOWED", 0.01)
    with pytest.raises(TypesettingFailed, match="not finished"):
        as_pdf(REPORT)


def test_the_typesetter_sets_a_document_without_charts() -> None:
    document = printable(replace(REPORT, sections=(COSTS,)))
    assert typesetter.typeset(document).startswith(b"%PDF-1.7")


def test_the_typesetter_draws_the_charts_it_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert typesetter.typeset(printable(REPORT)).startswith(b"%PDF-1.7")
    monkeypatch.setattr(typesetter, "FONTS", tmp_path / "none")
    assert typesetter.typeset(printable(REPORT)).startswith(b"%PDF-1.7")


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.title)
def test_equal_figures_are_drawn_as_equal_svg(chart: Chart) -> None:
    drawing.use_fonts(None)
    svg = drawing.as_svg(chart.drawn())
    assert svg == drawing.as_svg(chart.drawn())
    assert b"<svg" in svg
