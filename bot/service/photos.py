"""Makes a resident's photo safe to keep: no hidden data, no surprises, no more pixels than needed.

Re-encoding from the bare pixels drops EXIF, and with it the place where the photo was
taken, as well as anything that was hidden behind the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.ports.backend import PhotoRefused

MAX_BYTES = 10 * 1024 * 1024
"""As the resident is told."""
MAX_PIXELS = 64_000_000
"""Of the picture as sent: a small file can unpack to gigabytes."""
LONGEST_SIDE = 2000
"""Pixels kept: enough to read a sign in the street."""
QUALITY = 85


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    data: bytes
    width: int
    height: int
    mime: str = "image/jpeg"


def clean(data: bytes) -> CleanPhoto:
    """The photo as a JPEG of at most ``LONGEST_SIDE`` pixels. Raises PhotoRefused. Takes some CPU time."""
    if len(data) > MAX_BYTES:
        raise PhotoRefused("photo_too_large")
    try:
        return _encoded(Image.open(BytesIO(data)))
    except Image.DecompressionBombError as error:
        raise PhotoRefused("photo_too_large") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        # Pillow's decoders raise all of these on broken files.
        raise PhotoRefused("photo_unreadable") from error


def _encoded(picture: Image.Image) -> CleanPhoto:
    if picture.width * picture.height > MAX_PIXELS:
        raise PhotoRefused("photo_too_large")
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # lets the JPEG decoder skip what is not needed
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    flat = Image.new("RGB", upright.size, "white")
    # Transparent parts turn white; all metadata stays behind in ``upright``.
    flat.paste(upright.convert("RGBA"), mask=upright.convert("RGBA").getchannel("A"))
    encoded = BytesIO()
    flat.save(encoded, "JPEG", quality=QUALITY, optimize=True)
    return CleanPhoto(encoded.getvalue(), flat.width, flat.height)
