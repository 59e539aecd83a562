"""Web chat and desk answer browsers alike: one rule for origin, cookies, tokens, client address and headers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.channels.http.cookies import CookieJar, form_token, is_token, new_secret
from bot.channels.http.headers import content_policy, site_headers
from bot.channels.http.origin import Site, client_address, is_own_origin
from bot.channels.http.static_files import BASE

SITE = Site("https://bot.voorbeeld.test", 1)
CHANNELS = BASE.parent.parent.parent


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),
        ({"Origin": "https://bot.voorbeeld.test"}, True),
        ({"Origin": "http://localhost:8080"}, True),
        ({"Origin": "https://localhost:8080"}, True),
        ({"Origin": "https://elders.test"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "null", "Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://bot.voorbeeld.test"}, False),
    ],
)
def test_origin_is_judged_by_one_rule(headers: dict[str, str], own: bool) -> None:
    request = make_mocked_request("POST", "/", {"Host": "localhost:8080", **headers})
    assert is_own_origin(request, SITE) is own


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "10.0.0.9", ""),
        (1, "1.2.3.4, 10.0.0.9", "10.0.0.9"),
        (2, "1.2.3.4, 10.0.0.9", "1.2.3.4"),
        (3, "1.2.3.4", ""),
    ],
)
def test_proxies_are_believed_as_many_as_are_configured(proxies: int, forwarded: str, expected: str) -> None:
    request = make_mocked_request("GET", "/", {"X-Forwarded-For": forwarded})
    assert client_address(request, Site("", proxies)) == expected


def test_a_token_is_of_one_secret_and_one_purpose() -> None:
    secret = new_secret()
    assert is_token(form_token(secret), secret)
    assert not is_token(form_token(secret), secret, "desk form")
    assert not is_token(form_token(""), "")
    assert not is_token(None, secret)


def test_cookies_of_a_secure_site_are_bound_to_its_host() -> None:
    assert CookieJar(SITE).name() == "__Host-wijkbot"
    assert CookieJar(SITE).name("bureau") == "__Host-wijkbot-bureau"
    assert CookieJar(Site("http://localhost")).name() == "wijkbot"


def test_only_a_secure_site_asks_for_https_for_ever() -> None:
    assert "Strict-Transport-Security" in site_headers(SITE)
    assert "Strict-Transport-Security" not in site_headers(Site())


def test_policy_allows_the_theme_and_what_a_part_adds() -> None:
    policy = content_policy("https://thema.test/stijl.css", script_src="'self'")
    assert "style-src 'self' https://thema.test" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self';" in content_policy("/eigen.css")


@pytest.mark.parametrize("part", ["web/static/chat.css", "desk/static/desk.css"])
def test_a_stylesheet_uses_only_tokens_that_are_set(part: str) -> None:
    base, own = BASE.read_text("utf-8"), (CHANNELS / part).read_text("utf-8")
    set_here = set(re.findall(r"(--[\w-]+):", base + own))
    assert not set(re.findall(r"var\((--[\w-]+)", own)) - set_here


def test_a_token_has_one_value_in_both_parts_or_stands_in_each() -> None:
    """What chat and desk both set to the same belongs in the base."""
    chat, desk = (
        dict(re.findall(r"(--[\w-]+): (.*?);", Path(CHANNELS / one).read_text("utf-8")))
        for one in ("web/static/chat.css", "desk/static/desk.css")
    )
    assert not [name for name in chat if desk.get(name) == chat[name]]
