"""A posted form to what the conversation knows: ``web.Request`` → ``PostedForm`` → events.

The same form comes from the page without JavaScript (``multipart/form-data`` with
everything in it) and from the script (one thing at a time).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite

from aiohttp import BodyPartReader, web

from bot.channels.http.request import posted, reading
from bot.channels.web.settings import MAX_BODY, MAX_PHOTO, MAX_PHOTOS, MAX_TEXT
from bot.conversation.turn.events import AnyEvent, Located, Pictured, Pressed, Said, Unread, Unreadable

MAX_FIELD = 400_000
"""Bytes of one field that is no photo: a text that is far too long is still given back to who typed it."""

ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(slots=True)
class PostedForm:
    """What was posted; fields that were not are empty."""

    token: str = ""
    id: str = ""
    """Made with the form, so that the same form sent twice has one effect."""
    text: str = ""
    data: str = ""
    """Of the pressed button."""
    place: str = ""
    """"latitude,longitude"."""
    after: int = 0
    """Id of the last line that the page shows already."""
    photos: list[bytes] = field(default_factory=list)
    unread: list[Unreadable] = field(default_factory=list)
    """Files that are no photo or too large."""

    @property
    def is_too_long(self) -> bool:
        return len(self.text) > MAX_TEXT

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.data or self.place or self.photos or self.unread)

    def event_id(self, *content: str) -> str:
        """With the content in it: a form that is sent again after changing it is another event."""
        digest = hashlib.sha256("\0".join(content).encode()).hexdigest()
        return f"{self.id}-{digest[:16]}"


async def read_form(request: web.Request) -> PostedForm:
    """Raises HTTPRequestEntityTooLarge and HTTPBadRequest; a photo that is too large is only noted."""
    if (request.content_length or 0) > MAX_BODY:
        raise web.HTTPRequestEntityTooLarge(MAX_BODY, request.content_length or 0)
    form = PostedForm()
    if request.content_type == "multipart/form-data":
        with reading():
            await _read_multipart(request, form)
    else:
        for name, value in (await posted(request, 4 * MAX_FIELD)).items():
            _take(form, name, value)
    if not ID.fullmatch(form.id):
        form.id = secrets.token_urlsafe(16)
    return form


async def _read_multipart(request: web.Request, form: PostedForm) -> None:
    left = MAX_BODY
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise web.HTTPBadRequest
        data, size = await _read_part(part, MAX_PHOTO if part.filename else MAX_FIELD, left)
        left -= size
        if part.name == "photo":
            _take_photo(form, part, data, size)
        else:
            _take(form, part.name or "", data.decode("utf-8", errors="replace"))


async def _read_part(part: BodyPartReader, keep: int, limit: int) -> tuple[bytes, int]:
    """Up to ``keep`` bytes of the part and its whole size. The rest is read and let go: a connection
    that is cut in the middle of an upload shows the resident an error of the browser, not ours."""
    data, size = bytearray(), 0
    while chunk := await part.read_chunk(65_536):
        size += len(chunk)
        if size > limit:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY, MAX_BODY + 1)
        if size <= keep:
            data += chunk
    return bytes(data), size


def _take_photo(form: PostedForm, part: BodyPartReader, data: bytes, size: int) -> None:
    kind = part.headers.get("Content-Type", "").split("/")[0]
    if not size and not part.filename:  # the field was left empty
        return
    if size > MAX_PHOTO:
        form.unread.append("photo_too_large")
    elif kind == "video":
        form.unread.append("video")
    elif kind in ("application", "text"):
        form.unread.append("document")
    elif len(form.photos) < MAX_PHOTOS:
        form.photos.append(data)


def _take(form: PostedForm, name: str, value: str) -> None:
    value = CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    match name:
        case "text":
            form.text = value.strip()
        case "token" | "id" | "data" | "place":
            setattr(form, name, value.strip())
        case "after" if value.isascii() and value.isdigit() and len(value) < 19:
            form.after = int(value)


def to_events(form: PostedForm, at: datetime) -> list[AnyEvent]:
    """Everything in the form but its photos, which have to be stored first. A button wins from typed text.

    Raises ValueError for a place that is none.
    """
    events: list[AnyEvent] = [
        Unread(id=form.event_id("unread", kind, str(number)), at=at, nonce=_nonce(), kind=kind)
        for number, kind in enumerate(form.unread)
    ]
    if form.data:
        events.append(Pressed(id=form.event_id("data", form.data), at=at, nonce=_nonce(), data=form.data))
    elif form.place:
        latitude, longitude = _degrees(form.place)
        identity = form.event_id("place", form.place)
        events.append(Located(id=identity, at=at, nonce=_nonce(), latitude=latitude, longitude=longitude))
    elif form.text and not form.photos:
        events.append(spoken(form, at))
    return events


def spoken(form: PostedForm, at: datetime) -> Said:
    return Said(id=form.event_id("text", form.text), at=at, nonce=_nonce(), text=form.text)


def picture(form: PostedForm, number: int, photo: str, caption: str, at: datetime) -> Pictured:
    """The event for a stored photo."""
    return Pictured(id=_photo_id(form, number), at=at, nonce=_nonce(), photo=photo, caption=caption)


def refused_picture(form: PostedForm, number: int, kind: Unreadable, at: datetime) -> Unread:
    return Unread(id=_photo_id(form, number), at=at, nonce=_nonce(), kind=kind)


def _photo_id(form: PostedForm, number: int) -> str:
    return form.event_id("photo", hashlib.sha256(form.photos[number]).hexdigest(), str(number))


def _degrees(place: str) -> tuple[float, float]:
    latitude, longitude = (float(part) for part in place.split(","))
    if not (isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError("no place on earth")
    return latitude, longitude


def _nonce() -> str:
    return secrets.token_hex(16)
