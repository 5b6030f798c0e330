"""Is this file what it says it is, and what does it tell beside the receipt? Checked by content, stripped of metadata.

Accepted are JPEG, PNG, WebP and PDF up to 10 MB. Images are drawn anew, pages of a PDF copied alone: positions of
cameras, names of authors, scripts and attached files stay behind.
"""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from registry.domain.errors import InvalidInput

MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
MAX_PAGES = 200
LONGEST_NAME = 160
EXTENSIONS = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
}
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_PAGE_SECRETS = ("/Metadata", "/PieceInfo", "/AA", "/LastModified", "/Annots")


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanFile:
    """A receipt without its metadata: type, content, and a name that is safe in a header."""

    media_type: str
    content: bytes
    file_name: str


def clean(file_name: str, content: bytes) -> CleanFile:
    """The receipt that is kept; InvalidInput on ``receipt`` when it is too large, of another type, or not sound."""
    if len(content) > MAX_BYTES:
        raise _refused(f"The file has {len(content) / 1e6:.0f} MB; at most {MAX_BYTES // 1_000_000} are kept.")
    media_type = _type_of(content)
    name = safe_name(file_name)
    if not name.lower().endswith(EXTENSIONS[media_type]):
        raise _refused(f"“{name}” holds {media_type}, which its name does not say. Save it under its own type.")
    stripped = _pdf(content) if media_type == "application/pdf" else _image(content, _FORMATS[media_type])
    return CleanFile(media_type=media_type, content=stripped, file_name=name)


def safe_name(file_name: str) -> str:
    """The last part of the path, without control and direction marks, at most 160 characters with its ending."""
    last = PureWindowsPath(PurePosixPath(file_name).name).name
    text = "".join(sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C")
    text = text.replace('"', "").strip(" .") or "receipt"
    stem, dot, ending = text.rpartition(".")
    return text if len(text) <= LONGEST_NAME else stem[: LONGEST_NAME - len(ending) - 1] + dot + ending


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput({"receipt": [sentence]})


def _type_of(content: bytes) -> str:
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    raise _refused("A receipt is a photo (JPEG, PNG, WebP) or a PDF.")


def _image(content: bytes, form: str) -> bytes:
    """The picture alone, turned upright, drawn anew in its format."""
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise _refused(f"The picture has more than {MAX_PIXELS // 1_000_000} million points. Make it smaller.")
            upright = ImageOps.exif_transpose(opened)
            plain = upright.convert("RGBA" if form != "JPEG" and upright.has_transparency_data else "RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise _refused("The picture is damaged or too large. Take it again.") from None
    # A fresh image carries points only: no notes, no profile, no hidden thumbnails.
    drawn = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    kept = io.BytesIO()
    drawn.save(kept, form, **({"quality": 90} if form != "PNG" else {"optimize": True}))
    return kept.getvalue()


def _pdf(content: bytes) -> bytes:
    """The pages alone: no author, script, form, note or attached file."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise _refused("The PDF is protected by a password. Save it without.")
        if not 1 <= len(reader.pages) <= MAX_PAGES:
            raise _refused(f"A receipt has between 1 and {MAX_PAGES} pages.")
        writer = PdfWriter()
        for page in reader.pages:
            for secret in _PAGE_SECRETS:
                page.pop(secret, None)
            writer.add_page(page)
        writer.metadata = None
        kept = io.BytesIO()
        writer.write(kept)
    except (PyPdfError, KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError, OSError):
        raise _refused("The PDF is damaged. Print it into a new one.") from None
    return kept.getvalue()
