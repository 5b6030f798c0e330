"""Are receipts kept without what they tell beside the receipt, and opened only by who may see evidence?"""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.domain.clock import FixedClock
from registry.domain.errors import InvalidInput, NotAllowed, NotFound, ReasonRequired
from registry.domain.permissions import Role
from registry.models.activities import Activity
from registry.models.audit import AuditEvent
from registry.models.costs import CostLine, Document
from registry.services import documents
from registry.services.log_activity import log
from registry.services.receipt_files import MAX_BYTES, clean, safe_name
from tests.factories import Factories, viewer_for
from tests.factories.logging import Field, field_of


@pytest.fixture
def stage(factories: Factories) -> Field:
    """Slovenia and Italy; Slovenia is a beneficiary."""
    return field_of(factories)


def photo(form: str = "JPEG", size: tuple[int, int] = (40, 20)) -> bytes:
    """A picture that tells where and with what it was taken."""
    exif = Image.Exif()
    exif[0x0110] = "Camera of Janez"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[2] = (45.0, 37.0, 12.0)
    kept = io.BytesIO()
    Image.new("RGB", size, "navy").save(kept, form, exif=exif)
    return kept.getvalue()


def pdf(pages: int = 1, password: str = "") -> bytes:
    """A PDF with an author, a script and an attached file."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    writer.add_metadata({"/Author": "Janez Novak"})
    writer.add_open_action(JavaScript("app.alert('x')"))
    writer.add_attachment("secret.txt", b"secret text")
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("form", "name"), [("JPEG", "a.jpg"), ("JPEG", "A.JPEG"), ("PNG", "a.png"), ("WEBP", "a.webp")]
)
def test_a_photo_loses_its_metadata_and_stands_upright(form: str, name: str) -> None:
    """No camera, no position, and drawn as it was meant."""
    file = clean(name, photo(form))
    with Image.open(io.BytesIO(file.content)) as kept:
        assert kept.format == form
        assert not dict(kept.getexif())
        assert kept.size == (20, 40)
    assert b"Janez" not in file.content


def test_a_pdf_keeps_its_pages_alone() -> None:
    """Author, script and attachment stay behind."""
    file = clean("bill.pdf", pdf(2))
    kept = PdfReader(io.BytesIO(file.content))
    assert len(kept.pages) == 2
    assert not kept.metadata
    assert not kept.attachments
    assert "/Names" not in kept.trailer["/Root"]
    for word in (b"Janez", b"app.alert", b"secret"):
        assert word not in file.content


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("bill.pdf", b"MZ\x90\x00", "photo"),
        ("bill.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo"),
        ("bill.pdf", photo(), "image/jpeg"),
        ("bill.jpg", b"\xff\xd8\xff\xe0 broken", "damaged"),
        ("bill.pdf", b"%PDF-1.7 broken", "damaged"),
        ("bill.pdf", pdf(password="x"), "password"),
        ("bill.pdf", pdf(201), "pages"),
        ("bill.jpg", b"\xff" * (MAX_BYTES + 1), "MB"),
        ("wide.png", b"", "photo"),
    ],
)
def test_what_is_no_receipt_is_refused(name: str, content: bytes, says: str) -> None:
    """Content decides, and the name must not say otherwise."""
    with pytest.raises(InvalidInput) as refusal:
        clean(name, content)
    assert says in refusal.value.errors["receipt"][0]


def test_a_picture_with_too_many_points_is_refused() -> None:
    """Before it is unpacked."""
    kept = io.BytesIO()
    Image.new("1", (9000, 5000)).save(kept, "PNG")
    with pytest.raises(InvalidInput, match="mend"):
        clean("wide.png", kept.getvalue())


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/bill.pdf", "bill.pdf"),
        ("C:\\Users\\x\\bill.pdf", "bill.pdf"),
        ("bi\u202ell\r\n.pdf", "bill.pdf"),
        ("račun št. 7.pdf", "račun št. 7.pdf"),
        ("", "receipt"),
        ("a" * 300 + ".pdf", "a" * 156 + ".pdf"),
    ],
)
def test_the_name_of_a_file_is_safe_in_a_header(name: str, kept: str) -> None:
    """No path, no control and no direction marks."""
    assert safe_name(name) == kept


def test_a_receipt_is_kept_by_hash_and_linked_by_its_cost(
    session: Session, stage: Field, clock: FixedClock, tmp_path: Path
) -> None:
    """The original's hash stays beside it; the same content is one file."""
    ref, content = stage.project.reference, photo()
    kept = documents.store(session, ref, "x.jpg", content, instance=tmp_path, actor=stage.officer, clock=clock)
    again = documents.store(session, ref, "y.jpg", content, instance=tmp_path, actor=stage.officer, clock=clock)
    assert (kept.reference, again.reference) == ("DOC-SI-2026-0001", "DOC-SI-2026-0002")
    assert kept.path == again.path
    assert [path.name for path in (tmp_path / "documents").iterdir()] == [kept.path.name]
    assert kept.path.stat().st_mode & 0o077 == 0
    row = session.scalars(select(Document).where(Document.reference == kept.reference)).one()
    assert row.original_sha256 == hashlib.sha256(content).hexdigest()
    assert row.sha256 == hashlib.sha256(kept.path.read_bytes()).hexdigest() == kept.path.name
    cost = {"cost_type": "TRAVEL", "amount": "12", "incurred_on": "2026-11-20", "receipt": kept.reference}
    log(session, stage.log_command(costs=[cost]), actor=stage.officer, clock=clock)
    assert session.scalars(select(CostLine.document_id)).one() == row.id
    assert row.activity_id == session.scalars(select(Activity.id)).one()


def test_evidence_is_opened_by_its_organisation_the_lead_and_auditors(
    session: Session, stage: Field, factories: Factories, clock: FixedClock, tmp_path: Path
) -> None:
    """Auditors give a reason; every opening is logged; for anybody else there is no such receipt."""
    ref = stage.project.reference
    kept = documents.store(session, ref, "x.jpg", photo(), instance=tmp_path, actor=stage.officer, clock=clock)
    stage.project.lead_organisation_id = stage.italy.id
    lead = viewer_for(factories.user(stage.project, stage.italy, Role.FINANCE_OFFICER))
    auditor = viewer_for(factories.user(stage.project, None, Role.AUDITOR))
    for actor in (stage.officer, stage.verifier, lead):
        found = documents.open_document(session, kept.reference, instance=tmp_path, actor=actor, clock=clock)
        assert found.path.is_file()
    with pytest.raises(ReasonRequired):
        documents.open_document(session, kept.reference, instance=tmp_path, actor=auditor, clock=clock)
    documents.open_document(session, kept.reference, instance=tmp_path, actor=auditor, clock=clock, reason="Sample 4")
    analyst = viewer_for(factories.user(stage.project, stage.slovenia, Role.ANALYST))
    for actor in (stage.italian, analyst):
        with pytest.raises(NotFound):
            documents.open_document(session, kept.reference, instance=tmp_path, actor=actor, clock=clock)
    opened = session.scalars(select(AuditEvent).where(AuditEvent.action == "document.open")).all()
    assert len(opened) == 4
    assert opened[-1].reason == "Sample 4"


def test_a_receipt_is_kept_for_an_organisation(
    session: Session, stage: Field, factories: Factories, clock: FixedClock, tmp_path: Path
) -> None:
    """Who acts for two says which; who may not record costs keeps none."""
    both = factories.user(stage.project, stage.slovenia, Role.OFFICER)
    both.assignments.append(factories.user(stage.project, stage.italy, Role.OFFICER).assignments.pop())
    actor, ref = viewer_for(both), stage.project.reference
    with pytest.raises(InvalidInput) as refusal:
        documents.store(session, ref, "x.jpg", photo(), instance=tmp_path, actor=actor, clock=clock)
    assert "organisation" in refusal.value.errors
    kept = documents.store(
        session, ref, "x.jpg", photo(), instance=tmp_path, actor=actor, clock=clock, organisation="IT"
    )
    assert kept.reference == "DOC-IT-2026-0001"
    with pytest.raises(InvalidInput):
        documents.store(
            session, ref, "x.jpg", photo(), instance=tmp_path, actor=stage.officer, clock=clock, organisation="IT"
        )
    with pytest.raises(NotAllowed):
        documents.store(session, ref, "x.jpg", photo(), instance=tmp_path, actor=stage.verifier, clock=clock)
