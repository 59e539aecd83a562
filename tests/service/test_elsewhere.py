"""Links to go on in another channel: only to channels that are there."""

from __future__ import annotations

from bot.service.elsewhere import Elsewhere

CODE = "MM4Z-8P2W-ZBS5"


def test_each_channel_that_is_on_has_its_link() -> None:
    both = Elsewhere("https://bot.voorbeeld.nl/", lambda: "proefbot")
    assert both.links(CODE) == (f"https://bot.voorbeeld.nl/?ga={CODE}", f"https://t.me/proefbot?start={CODE}")


def test_a_bot_whose_name_is_not_known_yet_has_none() -> None:
    assert Elsewhere("https://bot.voorbeeld.nl").links(CODE) == (f"https://bot.voorbeeld.nl/?ga={CODE}",)
    assert Elsewhere().links(CODE) == ()
