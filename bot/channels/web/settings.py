"""What an operator can set about the web chat; ``bot.config`` fills it from ``config.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.channels.http.origin import Site

MAX_TEXT = 4_096
"""Characters in one message, the same as in the other channels."""

MAX_PHOTO = 10 * 1024 * 1024
"""Bytes of one photo."""

MAX_PHOTOS = 5
"""Photos in one form."""

MAX_BODY = MAX_PHOTOS * MAX_PHOTO + 1024 * 1024
"""Bytes of a whole request. What is longer is not even read."""


@dataclass(frozen=True, slots=True)
class WebSettings:
    public_url: str = ""
    """Address of the page as residents see it, without a slash at the end; "" when run on this machine only."""
    theme_css: str = ""
    """URL or path of a stylesheet with the municipality's own design tokens, loaded after ours."""
    frame_ancestors: tuple[str, ...] = ()
    """Origins besides our own whose pages may show this page in a frame."""
    trusted_proxies: int = 0
    """How many proxies before us add to X-Forwarded-For; 0: nobody is believed."""
    timezone: str = "Europe/Amsterdam"
    """IANA name, for the times shown beside messages."""
    telephone_region: str = "NL"
    """ISO country whose telephone numbers are recognised without a country code."""
    session_days: int = 90
    """How long a browser keeps its conversation after the last visit."""
    messages_a_minute: int = 30
    """Messages from one conversation before it is asked to wait."""
    messages_a_minute_per_address: int = 300
    """The same for one network address; a library or a school shares one."""
    views_a_minute_per_address: int = 1_200
    waiting_per_session: int = 6
    """Open requests for news of one conversation, one per tab."""
    waiting_seconds: float = 25.0
    """How long a request for news stays open; shorter than the time-out of common proxies."""

    @property
    def site(self) -> Site:
        parts = urlsplit(self.public_url)
        return Site(f"{parts.scheme}://{parts.netloc}" if parts.netloc else "", self.trusted_proxies)
