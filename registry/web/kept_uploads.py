"""Where does a chosen file wait between preview and confirmation? In the instance folder, for a day, for its sender."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

KEPT_FOR = timedelta(days=1)
LONGEST_NAME = 160
_KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptUpload:
    """A file with what was said of it: whose it is, for which project and organisation, and what it holds."""

    project: str
    sender: int
    organisation: str
    file_name: str
    content: bytes
    what: str = "activities"

    def _packed(self) -> bytes:
        said = [self.project, self.sender, self.organisation, self.file_name, self.what]
        return json.dumps(said).encode() + b"\n" + self.content


def tidy_name(name: str | None) -> str:
    """The name of an uploaded file for showing: without folders and without characters that disturb a line."""
    last = re.split(r"[/\\]", name or "")[-1]
    return _NOT_IN_NAMES.sub("", last).strip()[-LONGEST_NAME:] or "file"


def keep(folder: Path, upload: KeptUpload, now: datetime) -> str:
    """Store the file for its owner's eyes only; the key is the hash of file, sender and project together."""
    sweep(folder, now)
    packed = upload._packed()
    key = hashlib.sha256(packed).hexdigest()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{uuid4().hex}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(packed)
    os.utime(draft, (now.timestamp(), now.timestamp()))
    draft.replace(folder / key)
    return key


def fetch(folder: Path, key: str, *, project: str, sender: int | None) -> KeptUpload | None:
    """The file of a key, for who sent it to this project; None when it is another's, too old or used already."""
    if not _KEY.fullmatch(key) or not (folder / key).is_file():
        return None
    packed = (folder / key).read_bytes()
    if hashlib.sha256(packed).hexdigest() != key:
        return None
    said, _, content = packed.partition(b"\n")
    of_project, of_sender, organisation, file_name, what = json.loads(said)
    if (of_project, of_sender) != (project, sender):
        return None
    return KeptUpload(
        project=project,
        sender=of_sender,
        organisation=organisation,
        file_name=file_name,
        content=content,
        what=what,
    )


def discard(folder: Path, key: str) -> None:
    """Remove a file that has served its purpose."""
    if _KEY.fullmatch(key):
        (folder / key).unlink(missing_ok=True)


def sweep(folder: Path, now: datetime) -> None:
    """Remove what nobody came back for within a day."""
    if not folder.is_dir():
        return
    oldest = (now - KEPT_FOR).timestamp()
    for path in folder.iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
