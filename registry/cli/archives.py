"""How do database and receipts go into one file and come back from it?

The archive is a tar: ``manifest.json`` (when, which database, rows of each table), ``database`` (SQLite's own copy, or
PostgreSQL's custom dump) and ``documents/`` with the receipts by the hash of their content.
"""

from __future__ import annotations

import json
import os
import shutil
import tarfile
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from registry.db import backup as databases
from registry.db.backup import BackupError
from registry.db.engine import normalise_url

DATABASE, DOCUMENTS, MANIFEST = "database", "documents", "manifest.json"


def save(url: str, documents: Path, archive: Path, now: datetime) -> dict[str, int]:
    """Write the archive, whole or not at all, readable by its owner only; the rows of each table.

    Receipts are added after the database: one that was added in between is there without its row, never the reverse.
    Raises BackupError when the file exists, its folder does not, or the copy is not sound.
    """
    if archive.exists():
        raise BackupError(f"{archive.name} exists already: choose another name, a backup never replaces a file.")
    if not archive.parent.is_dir():
        raise BackupError(f"There is no folder {archive.parent}.")
    with TemporaryDirectory(dir=archive.parent) as name:
        folder = Path(name)
        counts = databases.backup(url, folder / DATABASE)
        backend = normalise_url(url).get_backend_name()
        manifest = {"database": backend, "saved_at": now.isoformat(), "rows": counts}
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=2, sort_keys=True))
        draft = folder / "archive.tar"
        with tarfile.open(draft, "w") as tar:
            tar.add(folder / MANIFEST, MANIFEST)
            tar.add(folder / DATABASE, DATABASE)
            if documents.is_dir():
                tar.add(documents, DOCUMENTS)
        draft.chmod(0o600)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        os.link(draft, archive)  # fails rather than replaces, if the name was taken meanwhile
    return counts


def bring_back(url: str, documents: Path, archive: Path, *, force: bool) -> dict[str, int]:
    """Restore database and receipts; the rows of each table, which are those of the backup.

    Raises BackupError when the database is not empty (unless forced), the archive is not one, or rows are missing.
    """
    try:
        with tarfile.open(archive) as tar, TemporaryDirectory(dir=documents.parent) as name:
            tar.extractall(name, filter="data")
            return _bring_back(url, documents, Path(name), force=force)
    except (tarfile.TarError, OSError, ValueError) as error:
        raise BackupError(f"{archive.name} is not a backup of the registry: {error}.") from error


def _bring_back(url: str, documents: Path, folder: Path, *, force: bool) -> dict[str, int]:
    manifest = json.loads((folder / MANIFEST).read_text())
    backend = normalise_url(url).get_backend_name()
    if manifest["database"] != backend:
        raise BackupError(f"This is a backup of {manifest['database']}; this installation runs on {backend}.")
    counts = databases.restore(url, folder / DATABASE, force=force)
    if counts != manifest["rows"]:
        raise BackupError("The restored database does not hold the rows of the backup: restore it again elsewhere.")
    if (folder / DOCUMENTS).is_dir():
        documents.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file in (folder / DOCUMENTS).iterdir():
            shutil.move(file, documents / file.name)
    return counts
