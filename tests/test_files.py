"""Files of residents: known by their content, bounded, never run, kept with the plan and at their message."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.service.files import MAX_FILE, MIMES, FileRefused, clean_file

PDF = b"%PDF-1.7\n1 0 obj\n"


def packed(*names: str, mimetype: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for name in names:
            made.writestr(name, "x")
    return file.getvalue()


OFFICE = {
    "docx": packed("[Content_Types].xml", "word/document.xml"),
    "xlsx": packed("[Content_Types].xml", "xl/workbook.xml"),
    "pptx": packed("[Content_Types].xml", "ppt/presentation.xml"),
    **{kind: packed("content.xml", mimetype=MIMES[kind]) for kind in ("odt", "ods", "odp")},
    "pdf": PDF,
}


@pytest.mark.parametrize("kind", sorted(OFFICE))
@pytest.mark.parametrize("name", ["begroting.exe", "begroting", "..\\..\\begroting.docx", "/etc/begroting.pdf"])
def test_a_file_is_what_its_content_is(kind: str, name: str) -> None:
    kept = clean_file(name, OFFICE[kind])
    assert (kept.name, kept.mime, kept.data) == (f"begroting.{kind}", MIMES[kind], OFFICE[kind])


@pytest.mark.parametrize(
    "data",
    [
        b"", b"MZ\x90\x00", b"<html><script>", b"#!/bin/sh", b"PK\x03\x04broken", packed("a.exe"),
        packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        packed("content.xml", "Basic/Standard/Module1.xml", mimetype=MIMES["ods"]),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, PDF + b"x" * MAX_FILE,
    ],
    ids=range(10),
)  # fmt: skip
def test_what_may_run_or_is_something_else_is_refused(data: bytes) -> None:
    with pytest.raises(FileRefused):
        clean_file("begroting.pdf", data)


@given(st.text(max_size=200))
def test_a_name_is_safe_in_a_header_and_on_a_disk(name: str) -> None:
    kept = clean_file(name, PDF)
    assert kept.name.endswith(".pdf")
    assert not set(kept.name) & set('/\\"\r\n\0;:*?<>|')
    assert len(kept.name) <= 120
