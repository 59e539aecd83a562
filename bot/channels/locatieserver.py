"""Asks the Locatieserver of PDOK (Kadaster) for the postcode of an address. Off unless its address is set.

Only the street and the number are sent, never the message around them. It is a convenience:
whatever goes wrong there, and when it takes long, the resident is simply asked for the postcode.
"""

from __future__ import annotations

import re

import aiohttp
import structlog

log = structlog.get_logger(__name__)

PATIENCE = 2.0
"""Seconds that a resident waits for it at most."""
LONGEST = 100
"""Characters of an address."""
_POSTCODE = re.compile(r"[1-9]\d{3}[A-Z]{2}")


class Locatieserver:
    """A ``Locator``. ``url`` is the address of the free search, as PDOK publishes it."""

    def __init__(self, url: str, municipality: str, seconds: float = PATIENCE) -> None:
        self._url = url
        self._municipality = municipality
        self._timeout = aiohttp.ClientTimeout(total=seconds)

    async def postcode(self, address: str) -> str:
        asked = {
            "q": address[:LONGEST],
            "fq": f'type:adres AND gemeentenaam:"{self._municipality}"',
            "fl": "postcode",
            "rows": "1",
        }
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout) as session,
                session.get(self._url, params=asked, allow_redirects=False) as response,
            ):
                response.raise_for_status()
                return _postcode_in(await response.json(content_type=None))
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.warning("address_not_looked_up", error=type(error).__name__)
            return ""


def _postcode_in(answer: object) -> str:
    """The postcode of the first document, as Solr gives it; "" for anything else."""
    response = answer.get("response") if isinstance(answer, dict) else None
    found = response.get("docs") if isinstance(response, dict) else None
    first = found[0] if isinstance(found, list) and found else None
    postcode = str(first.get("postcode", "")) if isinstance(first, dict) else ""
    return postcode if _POSTCODE.fullmatch(postcode) else ""
