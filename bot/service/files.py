"""A file of a resident, fit to be kept: what it is by its content and not by its name. It is never opened here.

Only what an officer can read with a program that everybody has: PDF and Office, both kinds.
Nothing with macros in it, which run when it is opened.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

MAX_FILE = 10 * 1024 * 1024
"""Bytes of one file."""
MAX_OF_PLAN = 50 * 1024 * 1024
"""Bytes of all files of one plan."""
MAX_ENTRIES = 5_000
"""Of a packed file; a list that is longer is built to harm."""
UNSAFE = re.compile(r"[^\w .,()-]+")

MIMES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
BROKEN = (
    zipfile.BadZipFile, KeyError, StopIteration, UnicodeDecodeError, NotImplementedError, OSError, RuntimeError,
)  # fmt: skip
"""What is broken, locked or built to harm makes the reader raise."""
OF_FOLDER = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}


class FileRefused(Exception):  # noqa: N818 - told to somebody, no fault of the code
    """Too large, of another kind, or with something in it that runs."""


@dataclass(frozen=True, slots=True)
class CleanFile:
    name: str
    """Safe in a header and on a disk, with the ending that its content has."""
    mime: str
    data: bytes


def clean_file(name: str, data: bytes) -> CleanFile:
    """Raises FileRefused."""
    if not 0 < len(data) <= MAX_FILE:
        raise FileRefused
    ending = _ending(data)
    stem = UNSAFE.sub(" ", PurePosixPath(name.replace("\\", "/")).stem).strip(" .")[:80] or "bijlage"
    return CleanFile(f"{stem}.{ending}", MIMES[ending], data)


def _ending(data: bytes) -> str:
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    raise FileRefused  # among others the Office files of before 2007, in which macros cannot be told


def _packed(data: bytes) -> str:
    """Office files are packed; only their list of contents is read, and one entry of a few letters."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            if len(names) > MAX_ENTRIES or any(_runs(name) for name in names):
                raise FileRefused
            if "[Content_Types].xml" in names:
                return next(end for folder, end in OF_FOLDER.items() if any(one.startswith(folder) for one in names))
            with packed.open("mimetype") as kind:
                told = kind.read(100).decode("ascii")
            return next(ending for ending, mime in MIMES.items() if mime == told)
    except (
        zipfile.BadZipFile,
        KeyError,
        StopIteration,
        UnicodeDecodeError,
        NotImplementedError,
        OSError,
        RuntimeError,
    ):
        raise FileRefused from None


def _runs(name: str) -> bool:
    """Macros: of Microsoft's programs, and of LibreOffice."""
    return name.lower().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/"))
