"""The files that pages load: a part's own, and the base stylesheet under all of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from aiohttp import web

BASE = Path(__file__).parent / "static" / "base.css"
"""Design tokens, ground and focus: what web chat and desk share."""


class StaticFiles:
    """The folder of a part, served at ``<root>/static/``, with ``base.css`` beside its own files."""

    def __init__(self, folder: Path, root: str = "") -> None:
        self._folder, self._root = folder, root
        files = [*folder.iterdir(), BASE]
        self._versions = {one.name: hashlib.sha256(one.read_bytes()).hexdigest()[:12] for one in files}

    def address(self, name: str) -> str:
        """With a hash of the content, so that browsers may keep the file for ever."""
        return f"{self._root}/static/{name}?v={self._versions[name]}"

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get(f"/static/{BASE.name}", _base)
        router.add_static("/static/", self._folder)


async def _base(_: web.Request) -> web.FileResponse:
    return web.FileResponse(BASE)
