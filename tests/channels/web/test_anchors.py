from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web.anchors import link, to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        # addresses of pages
        (
            "Zie https://www.voorbeeld.nl/a?b=1&c=2.",
            'Zie <a href="https://www.voorbeeld.nl/a?b=1&amp;c=2">https://www.voorbeeld.nl/a?b=1&amp;c=2</a>.',
        ),
        ("(https://voorbeeld.nl)", '(<a href="https://voorbeeld.nl">https://voorbeeld.nl</a>)'),
        ("www.voorbeeld.nl.", '<a href="https://www.voorbeeld.nl">www.voorbeeld.nl</a>.'),
        ("http://onveilig.nl en http://www.onveilig.nl", "http://onveilig.nl en http://www.onveilig.nl"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        # telephone numbers
        ("Bel 14 035.", 'Bel <a class="wb-tel" href="tel:14035">14 035</a>.'),
        ("Bel 112!", 'Bel <a class="wb-tel" href="tel:112">112</a>!'),
        (
            "Bel 0800-0113 of 0900-8844",
            'Bel <a class="wb-tel" href="tel:08000113">0800-0113</a> of '
            '<a class="wb-tel" href="tel:09008844">0900-8844</a>',
        ),
        ("06-12345678", '<a class="wb-tel" href="tel:0612345678">06-12345678</a>'),
        ("+31 35 629 2111", '<a class="wb-tel" href="tel:+31356292111">+31 35 629 2111</a>'),
        # numbers that are none
        ("€ 112 of 112 euro, 112 000 en 1.112", "€ 112 of 112 euro, 112 000 en 1.112"),
        ("1221 AB, 2020-2024, € 45.000, 20-11-2026", "1221 AB, 2020-2024, € 45.000, 20-11-2026"),
        # e-mail
        ("Mail wijk@voorbeeld.nl.", 'Mail <a href="mailto:wijk@voorbeeld.nl">wijk@voorbeeld.nl</a>.'),
        ("iemand@", "iemand@"),
        # one link, not two
        (
            "https://voorbeeld.nl/0800-0113",
            '<a href="https://voorbeeld.nl/0800-0113">https://voorbeeld.nl/0800-0113</a>',
        ),
    ],
)
def test_what_can_be_followed_is_a_link(text: str, html: str) -> None:
    assert str(link(text)) == html


def test_paragraphs_lists_and_line_breaks() -> None:
    assert str(to_html("Een\ntwee\n\nDrie:\n- a\n- b\nvier")) == (
        "<p>Een<br>twee</p>\n<p>Drie:</p>\n<ul><li>a</li><li>b</li></ul>\n<p>vier</p>"
    )


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=a()>', 'https://a.nl/"><b>', "a&b"]
)
def test_html_in_a_text_is_shown_and_not_followed(text: str) -> None:
    tags = set(re.findall(r"<(\w+)", str(to_html(text))))
    assert tags <= {"p", "a"}


@given(st.text())
def test_any_text_is_drawn_with_known_tags_only(text: str) -> None:
    html = str(to_html(text))
    without = re.sub(r'</?(?:p|ul|li|br)>|<a (?:class="wb-tel" )?href="[^"<>]*">|</a>', "", html)
    assert "<" not in without
    assert ">" not in without
