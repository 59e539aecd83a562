"""What the conversation is told of a resident's plans."""

from __future__ import annotations

import pytest

from bot.record import _in_a_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("Dank u wel", "Dank u wel"),
        ("De bewoners doen: maaien\nDe gemeente doet: de bank.\nBedrag: € 1.500",
         "De bewoners doen: maaien. De gemeente doet: de bank. Bedrag: € 1.500"),
        ("\n\nEen\r\n\r\n twee! \n", "Een. twee!"),
    ],
)  # fmt: skip
def test_what_was_said_with_a_status_is_one_line_of_the_timeline(text: str, line: str) -> None:
    assert _in_a_line(text) == line
