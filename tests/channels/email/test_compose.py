"""A letter as text and as HTML: equally complete, safe, and without anything from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.office.letters.composition import WIDTH, compose
from bot.ports.letter import Letter, LetterRow, LetterSection
from bot.ports.mail import MAX_SUBJECT, one_line, subject_of
from tests.channels.email.letters import letter


class Reader(HTMLParser):
    """The words, addresses and tags of a page as a mail program sees them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def everything(written: Letter) -> list[str]:
    """Every word that the letter holds, as single lines."""
    texts = [written.kicker, written.title, written.banner, *written.paragraphs, *written.footer]
    for section in written.sections:
        texts += section.paragraphs
        texts += [part for row in (*section.facts, *section.answers) for part in (row.label, row.value)]
        texts += [part for mark in section.marks for part in (mark.label, mark.title, *mark.lines)]
        texts += [part for button in section.buttons for part in (button.label, button.url)]
    return [line for text in texts for line in text.splitlines()]


def test_text_and_html_say_the_same() -> None:
    written = letter()
    composed = compose(written)
    reader = Reader(composed.html)
    links = " ".join(str(attributes.get("href")) for _, attributes in reader.tags)
    flat = " ".join(composed.text.split())
    for line in everything(written):
        assert " ".join(line.split()) in flat
        assert line in f"{reader.text} {links}"


def test_section_titles_stand_in_the_text_too() -> None:
    assert "WAT WILT U DOEN?" in compose(letter()).text


def test_what_a_resident_typed_is_never_html() -> None:
    html = compose(letter(title="<script>alert(1)</script>", banner='"><img src=x>')).html
    assert not {"script", "img"} & {tag for tag, _ in Reader(html).tags}
    assert "&lt;script&gt;" in html


def test_the_html_loads_nothing() -> None:
    html = compose(letter()).html
    reader = Reader(html)
    assert not {"img", "link", "script", "iframe", "object", "form"} & {tag for tag, _ in reader.tags}
    assert not any("src" in attributes or "background" in attributes for _, attributes in reader.tags)
    assert "url(" not in html
    assert "@import" not in html


def test_the_html_names_its_language_title_and_colour_schemes() -> None:
    reader = Reader(compose(letter()).html)
    assert ("html", {"lang": "nl", "dir": "ltr"}) in reader.tags
    assert "Nieuw plan HV-7KM-4PX-9RT" in reader.text
    assert ("meta", {"name": "color-scheme", "content": "light dark"}) in reader.tags


def test_tables_are_for_layout_or_have_headings() -> None:
    """A screen reader reads a table without a role as a table of facts, so it must be one."""
    tags = Reader(compose(letter()).html).tags
    facts = [attributes for tag, attributes in tags if tag == "table" and attributes.get("role") != "presentation"]
    assert len(facts) == 2
    assert sum(tag == "th" and attributes.get("scope") == "row" for tag, attributes in tags) == 3


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_words_stand_out_in_light_and_dark() -> None:
    """WCAG 1.4.3: at least 4.5 to 1 for every colour of words, on the card they stand on."""
    html = compose(letter()).html
    light = set(re.findall(r"(?<![-\w])color:(#[0-9a-f]{6})", html.split("</style>")[1]))
    on_white = light - {"#ffffff", "#eef1f5", "#3a2a00"}  # on a button, hidden, on the banner
    assert len(on_white) >= 3
    assert all(contrast(colour, "#ffffff") >= 4.5 for colour in on_white)
    assert contrast("#3a2a00", "#fff4d1") >= 4.5
    assert contrast("#0b5394", "#ffffff") >= 4.5
    dark = dict(re.findall(r"\.([a-z0-9-]+) \{[^}]*?(?<!-)color: (#[0-9a-f]{6})", html))
    assert contrast(dark.pop("button-1"), "#8ec5ff") >= 4.5
    assert contrast(dark.pop("banner"), "#3b2e05") >= 4.5
    assert {"ink", "faint", "link", "good", "todo", "bad", "unknown", "button-2"} <= set(dark)
    assert all(contrast(colour, "#1f2328") >= 4.5 for colour in dark.values())


def test_addresses_are_never_broken_over_lines() -> None:
    url = "https://bot.test/ambtenaar/stap/" + "a" * 200
    written = letter(sections=(LetterSection("x", paragraphs=(f"zie {url}",), facts=(LetterRow("Link", url),)),))
    assert sum(url in line for line in compose(written).text.splitlines()) == 2


def test_text_lines_fit_a_quoted_mail() -> None:
    written = letter(paragraphs=("een zin die langer is dan een regel " * 20,))
    assert max(map(len, compose(written).text.splitlines())) <= WIDTH


def test_line_breaks_of_the_resident_stay() -> None:
    composed = compose(letter())
    assert "  - op maandag\n  - op vrijdag" in composed.text
    assert "<br>- op maandag<br>" in composed.html


def test_a_telephone_number_and_an_amount_stay_on_one_line_of_the_html_only() -> None:
    facts = LetterSection("x", facts=(LetterRow("Telefoon", "06 12 34 56 78", "tel:+31612345678"),))
    composed = compose(letter(paragraphs=("Bel 14 035. Er is € 1.500.",), sections=(facts,)))
    assert "Bel 14\xa0035. Er is €\xa01.500." in composed.html
    assert "06\xa012\xa034\xa056\xa078" in composed.html
    assert "\xa0" not in composed.text


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\x00"])
def test_a_subject_is_one_line(end: str) -> None:
    assert subject_of(f"Plan{end}Bcc: iedereen@voorbeeld.test") == "Plan Bcc: iedereen@voorbeeld.test"


def test_direction_marks_do_not_reach_the_subject() -> None:
    assert one_line("veilig\u202egpj.exe") == "veilig gpj.exe"


def test_a_long_subject_is_cut_at_a_word() -> None:
    subject = subject_of("woord " * 100)
    assert len(subject) <= MAX_SUBJECT
    assert subject.endswith("woord …")


@given(st.text())
def test_any_text_makes_a_letter(text: str) -> None:
    section = LetterSection(text, (text,), (LetterRow(text, text, "mailto:a@b.test"),), (LetterRow(text, text),))
    composed = compose(letter(subject=text, title=text, banner=text, sections=(section,)))
    assert "\n" not in composed.subject
    assert composed.text.endswith("\n")
    assert "</html>" in composed.html
