"""Does the import page show before it writes, write what was shown, explain what is bad, and undo an import?"""

from __future__ import annotations

import csv
import io
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from registry.domain.permissions import Role
from registry.models.activities import Activity, ImportBatch
from registry.models.costs import ExchangeRate
from registry.services import derive
from registry.web import kept_uploads
from tests.factories import sign_in
from tests.functional.import_steps import (
    BAD_TABLES,
    GOOD,
    HEADER,
    MIXED,
    SAMPLES,
    assert_untouched,
    bad_files,
    everything,
    prepare,
)

PAGE = "/p/ATHENA/import"
RATES_PAGE = "/p/ATHENA/rates"


@pytest.fixture
def importing(session, factories, client):
    made = prepare(session, factories)
    sign_in(client, session, factories.user(made.project, made.owner, Role.COORDINATOR, email="ana@police.example"))
    return made


@pytest.fixture
def folder(app, tmp_path):
    app.config["INSTANCE"] = str(tmp_path)
    return Path(tmp_path) / "imports"


def choose(page_client, content, name="spring.csv", organisation="SI-POL", status=302):
    """Send a file from the form; the answer."""
    page_client.get(PAGE)
    form = {"file": (io.BytesIO(content), name), "organisation": organisation}
    return page_client.post(PAGE, form, status=status, content_type="multipart/form-data")


def preview(page_client, content, name="spring.csv", status=200):
    """The page with what an import of the file would do."""
    return page_client.get(choose(page_client, content, name).headers["Location"], status=status)


def confirm(page_client, page, rows="all"):
    return page_client.follow(page_client.post(page.path, {"rows": rows}))


def section(page, name):
    """The text of one part of the page."""
    found = [part for part in page.all("section") if part.get("aria-labelledby") == name]
    return " ".join(" ".join(found[0].itertext()).split()) if found else ""


def test_a_file_is_shown_row_by_row_before_anything_is_written(importing, session, page_client):
    before = everything(session)
    page = preview(page_client, GOOD)
    assert "3 rows are new, 0 recorded already, 0 to mend" in page.text
    assert "Patrol at the pass A-1 4 May 2026 IT, SI" in section(page, "new")
    assert "fewer than two countries" in section(page, "new")
    assert "Jun 2026" in section(page, "new")
    assert_untouched(session, before)


def test_what_was_shown_is_written_and_the_file_forgotten(importing, session, page_client, folder):
    page = preview(page_client, GOOD)
    listed = confirm(page_client, page)
    assert "3 activities written. 0 were recorded already." in listed.text
    assert "spring.csv SI-POL" in section(listed, "before")
    assert len(session.scalars(select(Activity)).all()) == 3
    assert derive.reconcile(session) == []
    assert list(folder.iterdir()) == []
    page_client.get(page.path, status=404)


def test_the_kept_file_is_for_the_registrys_eyes_and_its_senders(importing, session, page_client, folder, factories):
    page = preview(page_client, GOOD)
    [kept] = folder.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert page.path.endswith(kept.name)
    other = factories.user(importing.project, importing.owner, Role.COORDINATOR)
    sign_in(page_client.client, session, other)
    page_client.get(page.path, status=404)
    kept.unlink()


def test_files_nobody_came_back_for_are_removed_after_a_day(clock, tmp_path):
    upload = kept_uploads.KeptUpload(project="P", sender=1, organisation="O", file_name="a.csv", content=b"a")
    old = kept_uploads.keep(tmp_path, upload, clock.now() - timedelta(hours=25))
    young = kept_uploads.keep(
        tmp_path,
        kept_uploads.KeptUpload(project="P", sender=1, organisation="O", file_name="b.csv", content=b"b"),
        clock.now() - timedelta(hours=23),
    )
    kept_uploads.sweep(tmp_path, clock.now())
    assert {path.name for path in tmp_path.iterdir()} == {young} != {old}


def test_a_kept_file_that_was_changed_or_is_asked_for_wrongly_is_not_found(clock, tmp_path):
    upload = kept_uploads.KeptUpload(project="P", sender=1, organisation="O", file_name="a.csv", content=b"a\nb")
    key = kept_uploads.keep(tmp_path, upload, clock.now())
    assert kept_uploads.fetch(tmp_path, key, project="P", sender=1) == upload
    assert kept_uploads.fetch(tmp_path, key, project="Q", sender=1) is None
    assert kept_uploads.fetch(tmp_path, "../etc/passwd", project="P", sender=1) is None
    (tmp_path / key).write_bytes(b"{}")
    assert kept_uploads.fetch(tmp_path, key, project="P", sender=1) is None
    kept_uploads.discard(tmp_path, "../elsewhere")
    kept_uploads.discard(tmp_path, key)
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_a_file_is_tidied():
    assert kept_uploads.tidy_name("C:\\files\\spring\u202e.csv") == "spring.csv"
    assert kept_uploads.tidy_name("../../\n") == "file"


def test_the_same_file_again_has_nothing_to_write(importing, session, page_client):
    confirm(page_client, preview(page_client, GOOD))
    before = everything(session)
    page = preview(page_client, GOOD)
    assert "0 rows are new, 3 recorded already, 0 to mend" in page.text
    assert "Every row is recorded already" in page.text
    assert "Patrol at the pass" in section(page, "known")
    assert_untouched(session, before)


def test_other_content_under_a_known_reference_is_shown_as_changed(importing, page_client):
    confirm(page_client, preview(page_client, GOOD))
    page = preview(page_client, GOOD.replace(b"pass", b"hill"))
    assert "Patrol at the hill" in section(page, "changed")
    assert "2 reference “A-1” is recorded already, as JP-SI-POL-2026-0001" in section(page, "bad")


def test_bad_rows_are_shown_with_place_and_mending_and_keep_all_out(importing, session, page_client):
    before = everything(session)
    page = preview(page_client, MIXED)
    assert "3 starts_on “May” is not a date. Write a year, a month or a day" in section(page, "bad")
    assert "3 arrests “two” is not a count." in section(page, "bad")
    refused = confirm(page_client, page)
    assert "Nothing was written: 1 of 2 rows need mending first." in refused.text
    assert refused.path == page.path
    assert_untouched(session, before)


def test_the_good_rows_are_kept_and_the_others_offered_for_mending(importing, session, page_client, client):
    page = preview(page_client, MIXED)
    listed = confirm(page_client, page, rows="good")
    assert "1 activity written." in listed.text
    [link] = [href for href in listed.links() if href.endswith("rows-to-mend.csv")]
    answer = client.get(link)
    assert answer.headers["Content-Disposition"] == "attachment; filename=rows-to-mend.csv"
    [row] = csv.DictReader(answer.get_data().decode("utf-8-sig").splitlines())
    assert (row["row"], row["column"], row["title"]) == ("3", "starts_on; arrests", "'=Patrol")
    assert session.scalars(select(ImportBatch.rows_bad)).one() == 1
    page_client.get(link.removesuffix("/rows-to-mend.csv"), status=404)


def test_the_rows_to_mend_are_there_before_anything_is_decided(importing, page_client, client):
    page = preview(page_client, MIXED)
    [link] = [href for href in page.links() if href.endswith("rows-to-mend.csv")]
    assert b"How" not in client.get(link).data
    assert "“May” is not a date." in client.get(link).get_data(as_text=True)


def test_long_files_say_how_many_of_how_many_are_shown(importing, page_client):
    lines = "".join(f"L-{number},JP,Patrol {number},SI,SI;IT,2026-05-04,\n" for number in range(60))
    page = preview(page_client, f"{HEADER}\n{lines}".encode())
    assert "first 50 of 60" in section(page, "new")
    assert "Patrol 49" in section(page, "new")
    assert "Patrol 50" not in section(page, "new")


def test_every_bad_file_gets_a_clear_page_and_writes_nothing(importing, session, page_client):
    before = everything(session)
    for name, content in bad_files().items():
        address = choose(page_client, content, name).headers["Location"]
        page = page_client.get(address, status=page_client.client.get(address).status_code)
        if page.response.status_code == 422:
            assert "Nothing was written." in page.text, name
            assert len(page.one("div", class_="note-d").findtext(".//span") or "") > 20, name
        else:
            assert section(page, "bad"), name
            assert "Import 1 activity" not in page.text, name
            page_client.post(page.path, {"rows": "all"})
    assert_untouched(session, before)


if SAMPLES.is_dir():

    def test_a_table_of_another_program_is_told_what_it_needs(importing, page_client):
        page = preview(page_client, (SAMPLES / "wrong_line_length.csv").read_bytes(), status=422)
        assert "no column “kind”" in page.text
        assert "kind, title, starts_on are needed" in page.text


def test_without_a_file_or_an_organisation_the_form_says_so(importing, page_client):
    page_client.get(PAGE)
    page = page_client.post(PAGE, {"organisation": "IT-POL"}, status=422)
    assert "Choose a file." in page.text
    assert "Choose the organisation whose records these are." in page.text


def test_an_import_is_withdrawn_whole_with_a_reason(importing, session, page_client):
    confirm(page_client, preview(page_client, GOOD))
    batch = session.scalars(select(ImportBatch.id)).one()
    missing = page_client.post(f"{PAGE}/withdrawals", {"batch": batch, "reason": " "}, status=422)
    assert "Say in a few words why." in missing.text
    done = page_client.post(f"{PAGE}/withdrawals", {"batch": batch, "reason": "wrong year"})
    page = page_client.follow(done)
    assert "3 activities withdrawn." in page.text
    assert "wrong year" in section(page, "before")
    assert set(session.scalars(select(Activity.status))) == {"WITHDRAWN"}
    assert "3 rows are new" in preview(page_client, GOOD).text
    assert derive.reconcile(session) == []


@pytest.mark.parametrize("batch", ["", "x", "²", "999999", "1" * 30])
def test_an_import_that_does_not_exist_cannot_be_withdrawn(importing, page_client, batch):
    page_client.get(PAGE)
    page_client.post(f"{PAGE}/withdrawals", {"batch": batch, "reason": "none"}, status=404)


def test_the_imports_of_another_organisation_are_not_listed(importing, session, page_client, factories):
    confirm(page_client, preview(page_client, GOOD))
    sign_in(page_client.client, session, factories.user(importing.project, importing.partner, Role.COORDINATOR))
    page = page_client.get(PAGE)
    assert "spring.csv" not in page.text
    assert "SI-POL" not in page.text


def test_a_project_for_reading_takes_no_import(importing, session, page_client):
    importing.project.read_only = True
    page_client.get(PAGE, status=409)


def test_the_page_stands_in_the_navigation_of_who_may_import(importing, session, page_client, factories):
    assert PAGE in page_client.get(PAGE).links()
    sign_in(page_client.client, session, factories.user(importing.project, importing.owner, Role.OFFICER))
    assert PAGE not in page_client.get("/p/ATHENA/today").links()


def send_rates(page_client, content, status=302, source="ECB"):
    page_client.get(RATES_PAGE)
    form = {"file": (io.BytesIO(content), "rates.csv"), "source": source}
    return page_client.post(RATES_PAGE, form, status=status, content_type="multipart/form-data")


@pytest.fixture
def finance(session, factories, client):
    made = prepare(session, factories)
    made.project.lead_organisation_id = made.owner.id
    sign_in(client, session, factories.user(made.project, made.owner, Role.FINANCE_OFFICER))
    return made


def test_the_finance_officer_of_the_lead_partner_imports_rates(finance, session, page_client):
    content = b"Date,USD,RSD\n2026-10-05,1.1,117.05\n"
    page = page_client.follow(send_rates(page_client, content))
    assert "2 quotes stored. 0 were stored already." in page.text
    assert "RSD ECB 1 5 Oct 2026" in section(page, "stored")
    again = page_client.follow(send_rates(page_client, content))
    assert "0 quotes stored. 2 were stored already." in again.text
    assert len(session.scalars(select(ExchangeRate)).all()) == 2


def test_a_contradicting_quote_is_shown_with_its_row_and_nothing_is_stored(finance, session, page_client):
    send_rates(page_client, b"Date,RSD\n2026-10-05,117.05\n")
    before = everything(session)
    page = send_rates(page_client, b"Date,RSD\n2026-10-05,118.05\n2026-10-06,117\n", status=422)
    assert "2 RSD “118.05” contradicts the RSD stored for 2026-10-05: 117.05, by ECB." in section(page, "bad")
    assert_untouched(session, before)


def test_bad_rates_get_a_clear_page(finance, session, page_client):
    before = everything(session)
    for path in BAD_TABLES.glob("rates*"):
        page = send_rates(page_client, path.read_bytes(), status=422)
        assert "To mend" in page.text or "Please mend the marked fields" in page.text, path.name
    assert_untouched(session, before)


def test_rates_need_a_file_and_a_source_of_bearable_length(finance, page_client):
    page_client.get(RATES_PAGE)
    assert "Choose a file." in page_client.post(RATES_PAGE, {"source": "ECB"}, status=422).text
    assert "80 characters" in send_rates(page_client, b"Date,RSD\n2026-10-05,117\n", status=422, source="x" * 81).text


def test_the_finance_officer_of_another_partner_sees_the_rates_and_imports_none(
    finance, session, page_client, factories
):
    sign_in(page_client.client, session, factories.user(finance.project, finance.partner, Role.FINANCE_OFFICER))
    page = page_client.get(RATES_PAGE)
    assert "Rates are imported by the lead partner's finance officer." in page.text
    assert page.all("input", type="file") == []
    page_client.post(RATES_PAGE, {"source": "ECB"}, status=403)
