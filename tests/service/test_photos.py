"""Photos as residents' telephones make them, and files that only pretend to be one."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.ports.backend import PhotoRefused
from bot.service.photos import LONGEST_SIDE, MAX_BYTES, clean

# Pillow warns of what it then refuses or mends.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::PIL.Image.DecompressionBombWarning")

GPS_INFO, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F
STARTS = [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x10\0\0\0WEBP", b"II*\0", b"\xff\xd8\xff\xe0"]


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    data = BytesIO()
    picture.save(data, kind, **options)
    return data.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(clean(data).data))


def test_place_and_device_are_gone() -> None:
    exif = Image.Exif()
    exif[MAKE] = "Telephone"
    exif.get_ifd(GPS_INFO)[1] = "N"
    data = encoded(Image.new("RGB", (20, 10), "red"), exif=exif, comment=b"secret")
    assert b"Telephone" in data
    picture = opened(data)
    assert not picture.getexif()
    assert "comment" not in picture.info
    assert b"Telephone" not in clean(data).data


def test_a_sideways_photo_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    photo = clean(encoded(Image.new("RGB", (20, 10)), exif=exif))
    assert (photo.width, photo.height) == (10, 20)


def test_a_big_photo_becomes_smaller_and_a_small_one_stays() -> None:
    big, small = clean(encoded(Image.new("RGB", (5000, 2500)))), clean(encoded(Image.new("RGB", (30, 40))))
    assert (big.width, big.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)
    assert (small.width, small.height) == (30, 40)


@pytest.mark.parametrize(
    ("mode", "kind"), [("RGBA", "PNG"), ("LA", "PNG"), ("P", "GIF"), ("L", "PNG"), ("CMYK", "JPEG"), ("RGB", "WEBP")]
)
def test_all_usual_kinds_become_jpeg(mode: str, kind: str) -> None:
    picture = opened(encoded(Image.new(mode, (8, 8)), kind))
    assert (picture.format, picture.mode) == ("JPEG", "RGB")


def test_what_is_transparent_becomes_white() -> None:
    assert opened(encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG")).getpixel((4, 4)) == (255, 255, 255)


def test_a_huge_file_is_refused() -> None:
    with pytest.raises(PhotoRefused, match="photo_too_large"):
        clean(b"x" * (MAX_BYTES + 1))


@pytest.mark.parametrize("side", [9_000, 20_000])
def test_a_small_file_that_unpacks_to_gigabytes_is_refused(side: int) -> None:
    data = encoded(Image.new("1", (side, side)), "PNG")
    assert len(data) < MAX_BYTES
    with pytest.raises(PhotoRefused, match="photo_too_large"):
        clean(data)


@pytest.mark.parametrize("data", [b"", b"hallo", b"%PDF-1.7", b"<svg/>", b"\xff\xd8\xff\xe0" + b"\0" * 50])
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(PhotoRefused, match="photo_unreadable"):
        clean(data)


def test_a_photo_cut_short_is_refused() -> None:
    data = encoded(Image.effect_noise((200, 200), 50))
    with pytest.raises(PhotoRefused, match="photo_unreadable"):
        clean(data[: len(data) // 2])


@given(st.binary(max_size=300), st.sampled_from(STARTS))
def test_no_bytes_lead_to_another_error(data: bytes, start: bytes) -> None:
    with suppress(PhotoRefused):
        clean(start + data)
