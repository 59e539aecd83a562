"""What of a mail is taken to be the resident's own words and photos; as the programs in use write them."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from bot.channels.email.answers import MAX_PHOTOS, MailAnswer, read_answer
from bot.channels.email.quoted import html_text, own_words
from tests.growth import LONGER, grows_linearly
from tests.hostile import REPEATED, hostile_texts

LETTER = "Beste Sam,\n\nAnne Bos heeft een vraag.\n\n-- \nDit bericht is gemaakt door de Wijkbot."
QUOTED = "\n".join(f"> {line}" for line in LETTER.splitlines())


def mail(text: str = "Naast de vijver.", **headers: str) -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"] = "Sam Smit <sam@example.org>", "bounces+rhv-1@example.org"
    made["Subject"], made["Message-ID"] = "Re: Een vraag over uw plan", "<1@example.org>"
    made.set_content(text)
    for name, value in headers.items():
        del made[name.replace("_", "-")]
        made[name.replace("_", "-")] = value
    return made


def read(message: EmailMessage) -> MailAnswer:
    answer = read_answer(message.as_bytes())
    assert isinstance(answer, MailAnswer), answer
    return answer


@pytest.mark.parametrize(
    ("written", "own"),
    [
        ("Naast de vijver.", "Naast de vijver."),
        (f"Naast de vijver.\n\nOp ma 23 nov 2026 om 10:00 schreef Wijkbot <wijkbot@example.org>:\n\n{QUOTED}",
         "Naast de vijver."),
        (f"Naast de vijver.\n\nOp ma 23 nov 2026 om 10:00 schreef Wijkbot\n<wijkbot@example.org>:\n{LETTER}",
         "Naast de vijver."),
        (f"By the pond.\n\nOn Mon, Nov 23, 2026 at 10:00 AM Wijkbot <w@example.org> wrote:\n{QUOTED}", "By the pond."),
        (f"Hier.\n\nOp 23 nov. 2026 om 10:00 heeft Wijkbot <w@example.org> het volgende geschreven:\n{LETTER}",
         "Hier."),
        (f"Hier.\n\n-----Oorspronkelijk bericht-----\nVan: Wijkbot\nVerzonden: maandag\n{LETTER}", "Hier."),
        (f"Hier.\n\n________________________________\nVan: Wijkbot <w@example.org>\nVerzonden: ma\n{LETTER}", "Hier."),
        (f"Hier.\n\nVan: Wijkbot <w@example.org>\nDatum: maandag\nAan: Sam\n\n{LETTER}", "Hier."),
        (f"*Van:* Wijkbot\n*Verzonden:* maandag\n\n{LETTER}", ""),
        (f"Op 23-11-2026 om 10:00 schreef Wijkbot:\n{QUOTED}\n\nOnder de mail.", "Onder de mail."),
        ("> Waar komt het?\nHier.\n> En wanneer?\nIn mei.", "Hier.\nIn mei."),
        ("Hier.\n-- \nSam Smit\nvoorzitter", "Hier."),
        ("Hier.\n\nVerstuurd vanaf mijn iPhone", "Hier."),
        ("Hier.\r\n\r\n\r\n\r\nDaar.", "Hier.\n\nDaar."),
        # what only looks like it
        ("Op maandag schreef ik de buren:\nwie doet er mee?", "Op maandag schreef ik de buren:\nwie doet er mee?"),
        ("Van: de buren, namens ons allen.\nWij doen mee.", "Van: de buren, namens ons allen.\nWij doen mee."),
        ("- een\n-- twee", "- een\n-- twee"),
    ],
)  # fmt: skip
def test_the_quoted_mail_and_the_signature_stay_behind(written: str, own: str) -> None:
    assert own_words(written) == own
    assert read(mail(written)).text == own


def test_a_mail_in_html_only_is_read_as_text() -> None:
    made = mail()
    made.set_content(
        "<html><head><title>x</title><style>p {}</style></head><body><div>Naast de <b>vijver</b>.<br>In&nbsp;mei.</div>"
        "<p>Groet</p><div>Op ma 23 nov 2026 om 10:00 schreef Wijkbot:<br></div>"
        f"<blockquote><div>{LETTER}</div><p>nog iets</p></blockquote></body></html>",
        subtype="html",
    )
    assert read(made).text == "Naast de vijver.\nIn mei.\nGroet"


def test_html_without_end_tags_is_read_too() -> None:
    assert html_text("<p>een<p>twee<script>alert(1)") == "een\ntwee"


def test_plain_text_goes_before_html() -> None:
    made = mail("Gewoon.")
    made.add_alternative("<p>Opgemaakt.</p>", subtype="html")
    assert read(made).text == "Gewoon."


def test_pictures_come_along_and_other_files_are_counted() -> None:
    made = mail()
    for number in range(MAX_PHOTOS + 1):
        made.add_attachment(b"jpeg%d" % number, maintype="image", subtype="jpeg", disposition="inline")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="begroting.pdf")
    answer = read(made)
    assert answer.photos == tuple(b"jpeg%d" % number for number in range(MAX_PHOTOS))
    assert answer.left_out == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"}, {"Auto_Submitted": "auto-generated (rejected)"}, {"Precedence": "bulk"},
        {"Precedence": "Auto_Reply"}, {"X_Autoreply": "yes"}, {"List_Id": "<buurt.example.org>"},
        {"Subject": "Automatisch antwoord: Een vraag over uw plan"}, {"Subject": "Automatic reply: Uw plan"},
        {"Subject": "Out of Office: Uw plan"},
    ],
)  # fmt: skip
def test_what_a_machine_answers_is_no_answer(headers: dict[str, str]) -> None:
    assert read_answer(mail("Ik ben er maandag weer.", **headers).as_bytes()) == "automatic"


@pytest.mark.parametrize(
    "headers", [{"Auto_Submitted": "no"}, {"Subject": "Ik ben afwezig in mei"}, {"Precedence": "normal"}]
)
def test_what_a_person_writes_is_one(headers: dict[str, str]) -> None:
    assert read(mail(**headers)).text == "Naast de vijver."


@pytest.mark.parametrize(
    ("sender", "read_as"),
    [
        ("Sam@Example.org", "Sam@Example.org"), ("sam@example.org, ina@example.org", ""), ("", ""),
        ('"ina@example.org" <sam@example.org>', "sam@example.org"), ("groep: sam@example.org, b@example.org;", ""),
    ],
)  # fmt: skip
def test_who_it_says_it_is_from(sender: str, read_as: str) -> None:
    data = mail().as_bytes().replace(b"Sam Smit <sam@example.org>", sender.encode())
    answer = read_answer(data)
    assert isinstance(answer, MailAnswer)
    assert answer.sender == read_as


def test_the_same_mail_is_known_again_by_its_id() -> None:
    assert read(mail("een")).identity == read(mail("twee")).identity
    assert read(mail(Message_ID="<2@example.org>")).identity != read(mail()).identity


BOUNDARY = b'Content-Type: multipart/mixed; boundary="a"\r\n\r\n'
HARMFUL = [
    b"", b"\xff\x00\r\n", b"From: \xff\xfe\r\n\r\nhallo", b"Content-Type: message/rfc822\r\n\r\n" * 5000,
    BOUNDARY + b"--a\r\n" * 20_000, b"Content-Type: text/plain; charset=nergens\r\n\r\nhallo \xe9",
    b"Content-Transfer-Encoding: base64\r\n\r\n!!!", b"Subject: =?utf-8?b?!!!?=\r\n\r\nop 1:11 " + b"1:11 " * 400_000,
    b"\r\n" + b"> " * 1_000_000, b"Content-Type: text/html\r\n\r\n" + b"<div>" * 200_000,
]  # fmt: skip


@pytest.mark.parametrize("data", HARMFUL, ids=range(len(HARMFUL)))
def test_what_is_broken_or_built_to_harm_is_read_or_refused(data: bytes) -> None:
    answer = read_answer(data)
    assert answer == "unreadable" or isinstance(answer, MailAnswer)


def test_signs_that_nobody_sees_are_dropped() -> None:
    made = mail("Hier\x00.")
    assert "\x00" not in read(made).text


MARKUP = (
    "<!--", "<![CDATA[", "<?", "<", "<a ", "<a a=", "<a a='", "</", "<!", "<script>", "&", "&#1", "</a", "<style></",
    "<blockquote>", "<p>x</p>",
)  # fmt: skip


def test_no_mail_is_read_in_the_square_of_its_length() -> None:
    texts = zip(hostile_texts(1_500).values(), hostile_texts(1_500 * LONGER).values(), strict=True)
    assert not grows_linearly(own_words, texts)
    said = "Op ma 23 nov 10:00 schreef ", "op schreef wrote 10:00\n", "on 10:00 wrote:\n\n\n"
    assert not grows_linearly(own_words, ((piece * 100, piece * 100 * LONGER) for piece in said))


def test_no_markup_is_read_in_the_square_of_its_length() -> None:
    pieces = [*MARKUP, *REPEATED.values()]
    assert not grows_linearly(html_text, ((piece * 200, piece * 200 * LONGER) for piece in pieces))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p title='a > b'>Ja.</p>", "Ja."),
        ("<o:p>Ja</o:p>, graag", "Ja, graag"),
        ("Meer dan < 5 en > 3", "Meer dan < 5 en > 3"),
        ("<style>p > a { x: '<b>' }</style>Ja", "Ja"),
        ("<!-- <p>weg</p> -->Ja<!-- einde", "Ja"),
        ("<!DOCTYPE html><?xml x?>Ja &amp; nee &euro;", "Ja & nee €"),
        ("<BR/>Ja<br>nee", "Ja\nnee"),
        ("<p class=\"half>Ja</p>", "Ja"),
    ],
)  # fmt: skip
def test_what_is_text_in_markup(html: str, text: str) -> None:
    assert html_text(html).strip() == text
