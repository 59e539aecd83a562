"""Mail as the programs in use write it: what somebody wrote is kept, what they quote is not, machines are told apart.

The kinds come from reports at other projects that read mail (GitHub's, Discourse's, Crisp's
and Zapier's reply parsers; imap_tools, FreeScout, flufl.bounce, curl).
"""

from __future__ import annotations

from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.email.answers import MailAnswer, read_answer
from bot.channels.email.quoted import html_text, own_words
from bot.channels.email.reports import read_report

OURS = "Uw plan ligt bij ons."
YES = "Ja hoor, akkoord."

INTRODUCTIONS = [
    "Van: Wijkbot gemeente Hilversum\n<b@x.nl>\nVerzonden: maandag 23 november 2026 10:12\nAan: Jan\nOnderwerp: plan\n",
    "Van: Wijkbot <b@x.nl>\nBeantwoorden - Aan: Wijkbot <b@x.nl>\nDatum: maandag om 10:12\nAan: Jan\nOnderwerp: plan\n",
    "From: Wijkbot <b@x.nl>\nSent: Monday\nTo: Jan\nSubject: plan\n",
    "*Van:* Wijkbot\n*Verzonden:* maandag\n",
    "---- Op ma, 23 nov. 2026 10:12:31 +0100 Wijkbot <b@x.nl> schreef ----\n",
    "Op ma 23 nov 2026 om 10:12 schreef Wijkbot <b@x.nl>:\n",
    "Op ma, 23 nov. 2026 om 10:12 schreef Wijkbot\n<b@x.nl>:\n",
    "On Mon, Nov 23, 2026 at 10:12 AM Wijkbot <b@x.nl> wrote:\n",
    "2026-11-23 10:12 GMT+01:00 Wijkbot <b@x.nl>:\n",
    "Wijkbot schreef:\n",
    "Begin doorgestuurd bericht:\n\nVan: Wijkbot <b@x.nl>\nOnderwerp: plan\nDatum: 23 november 2026 om 10:12:31 CET\n",
    "---------- Forwarded message ---------\nVan: Wijkbot <b@x.nl>\nDate: ma 23 nov 2026 om 10:12\nSubject: plan\n",
    "-----Oorspronkelijk bericht-----\nVan: Wijkbot\n",
    "________________________________\nVan: Wijkbot\n",
]
RUN_ON = "Op ma, 23 nov. 2026 om 10:12 schreef Wijkbot<b@x.nl>:   Uw plan ligt bij ons."


@pytest.mark.parametrize("introduced", INTRODUCTIONS)
@pytest.mark.parametrize("quote", [OURS, f"> {OURS}"])
def test_the_mail_behind_an_answer_stays_behind(introduced: str, quote: str) -> None:
    assert own_words(f"{YES}\n\n{introduced}\n{quote}") == YES


def test_the_mail_on_the_same_line_stays_behind_too() -> None:
    assert own_words(f"{YES}\n\n{RUN_ON}") == YES


@pytest.mark.parametrize(
    "device",
    ["Download Outlook voor iOS<https://aka.ms/x>", "Get Outlook for Android", "Verstuurd vanaf mijn iPhone",
     "Verzonden met Proton Mail", "Sent from my Galaxy"],
)  # fmt: skip
def test_what_a_telephone_adds_is_not_theirs(device: str) -> None:
    assert own_words(f"{YES}\n\n{device}\n________________________________\nVan: Wijkbot") == YES
    assert own_words(f"{YES}\n\n{device}") == YES


@pytest.mark.parametrize(
    "theirs",
    [
        "Voor de pot:\nVan: buurtvereniging De Linde\nAan: gemeente Hilversum\nBedrag: 500 euro",
        "Wij willen:\n- bankje\n--\n- plantenbak",
        "Op maandag schreef ik de buren:\nwie doet er mee?",
        "De voorzitter schreef:\n\nwij doen mee.",
        "Van: de buren\nWij doen mee.",
        "2026-11-23 is de dag.",
    ],
)
def test_what_only_looks_like_a_quote_is_kept(theirs: str) -> None:
    assert own_words(theirs) == theirs


def test_an_answer_under_a_mail_without_marks_is_not_lost() -> None:
    assert "Linde 3" in own_words(f"Op ma 23 nov 2026 om 10:12 schreef Wijkbot <b@x.nl>:\n{OURS}\n\nLinde 3")


def test_an_answer_written_into_the_quote_is_kept_with_its_marks() -> None:
    html = '<blockquote type="cite"><div>Wat is het bedrag?</div><div style="color:red">500 euro</div></blockquote>'
    assert own_words(html_text(html)) == "> Wat is het bedrag?\n> 500 euro"


@given(st.lists(st.sampled_from(["Ja.", "- bankje", "Het kost 500 euro", "Linde 3"]), min_size=1, max_size=4),
       st.sampled_from(INTRODUCTIONS))  # fmt: skip
def test_whatever_is_written_above_the_other_mail_is_kept_whole(lines: list[str], introduced: str) -> None:
    written = "\n".join(lines)
    assert own_words(f"{written}\n\n{introduced}\n{OURS}") == written


# -- whole mails --------------------------------------------------------------------------


def headed(message: Message, subject: str = "Re: Uw plan", **headers: str) -> bytes:
    message["From"], message["Subject"], message["Message-ID"] = "sam@example.org", subject, "<1@example.org>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return message.as_bytes()


def read(data: bytes) -> MailAnswer:
    answer = read_answer(data)
    assert isinstance(answer, MailAnswer), answer
    return answer


def mixed(*parts: Message, kind: str = "mixed") -> MIMEMultipart:
    made = MIMEMultipart(kind)
    for part in parts:
        made.attach(part)
    return made


def test_an_empty_plain_text_beside_html_hides_nothing() -> None:
    html = MIMEText("<p>Ja, akkoord met 500 euro.</p>", "html")
    assert read(headed(mixed(MIMEText(""), html, kind="alternative"))).text == "Ja, akkoord met 500 euro."
    assert read(headed(mixed(html, MIMEText("  \n"), kind="alternative"))).text == "Ja, akkoord met 500 euro."


def test_a_scanners_footer_is_not_the_answer() -> None:
    made = mixed(MIMEText("<p>Ja, akkoord.</p>", "html"), MIMEText("Gecontroleerd op virussen."))
    assert read(headed(made)).text == "Ja, akkoord."


def test_words_under_a_picture_are_theirs() -> None:
    assert read(headed(mixed(MIMEText("Hier."), MIMEText("En daar.")))).text == "Hier.\n\nEn daar."


def test_a_head_that_is_never_closed_hides_no_words() -> None:
    html = MIMEText('<html><head><meta name="x"><body><p>Ja, akkoord.</p>', "html")
    assert read(headed(html)).text == "Ja, akkoord."


def test_the_real_photo_comes_before_the_signs_of_a_signature() -> None:
    made = EmailMessage(policy=SMTP)
    made.set_content("Foto van de plek.")
    for _ in range(5):
        made.add_attachment(b"icon", maintype="image", subtype="png", disposition="inline", filename="logo.png")
    made.add_attachment(b"real", maintype="image", subtype="jpeg", filename="foto.jpg")
    answer = read(headed(made))
    assert answer.photos[0] == b"real"
    assert answer.text == "Foto van de plek."


@pytest.mark.parametrize("disposition", ["inline", "attachment"])
def test_a_file_comes_along_however_the_program_shows_it(disposition: str) -> None:
    made = EmailMessage(policy=SMTP)
    made.set_content("Offerte erbij")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", disposition=disposition, filename="offerte.pdf")
    made.add_attachment(b"seal", maintype="application", subtype="pgp-signature", filename="signature.asc")
    answer = read(headed(made))
    assert [(file.name, file.data) for file in answer.files] == [("offerte.pdf", b"%PDF")]
    assert (answer.text, answer.photos, answer.left_out) == ("Offerte erbij", (), 0)


def test_a_reaction_in_gmail_is_its_sign() -> None:
    text = "👍\n\nJan heeft gereageerd via Gmail\n<https://www.google.com/gmail/about/>"
    sign = MIMEText('{"emoji": "👍", "version": 1}', "vnd.google.email-reaction+json", "utf-8")
    made = mixed(
        MIMEText(text, "plain", "utf-8"), sign, MIMEText(f"<p>{text}</p>", "html", "utf-8"), kind="alternative"
    )
    answer = read(headed(made))
    assert (answer.text, answer.files, answer.left_out) == ("👍", (), 0)


@pytest.mark.parametrize(
    "subject",
    ["Afwezig: Re: Uw plan", "Niet aanwezig: Uw plan", "Afwezigheidsbericht", "Automatisch antwoord: Uw plan",
     "Out of office: Uw plan", "Automatic reply: Uw plan", "Abwesend: Uw plan"],
)  # fmt: skip
def test_an_absence_notice_is_no_answer_and_no_bounce(subject: str) -> None:
    assert read_answer(headed(MIMEText("Ik ben er 3 januari weer."), subject)) == "automatic"
    assert read_report(headed(MIMEText("Ik ben er 3 januari weer."), subject), from_nobody=True) == "other"


@pytest.mark.parametrize("subject", ["Re: Afwezig op de bewonersavond", "Afwezigen bij ons plan"])
def test_who_writes_about_absence_is_no_machine(subject: str) -> None:
    assert isinstance(read_answer(headed(MIMEText("Wij komen niet."), subject)), MailAnswer)


# -- reports ------------------------------------------------------------------------------


def report(action: str, kind: str = "delivery-status", *, wrapped: bool = False) -> bytes:
    status = MIMEText(
        f"Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; a@b.nl\nAction: {action}\n", "x-s"
    )
    made = MIMEMultipart("report", report_type="delivery-status")
    made.attach(MIMEText("Your message."))
    made.attach(status)
    data = headed(mixed(made) if wrapped else made)
    return data.replace(b'text/x-s; charset="us-ascii"', f"message/{kind}".encode())


@pytest.mark.parametrize("kind", ["delivery-status", "global-delivery-status"])
@pytest.mark.parametrize(("action", "verdict"), [("failed", "failed"), ("delayed", "other"), ("relayed", "other")])
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_report_is_read_wrapped_and_in_both_forms(kind: str, action: str, verdict: str, wrapped: bool) -> None:
    assert read_report(report(action, kind, wrapped=wrapped), from_nobody=True) == verdict


@pytest.mark.parametrize(
    ("subject", "text", "verdict"),
    [
        ("Warning: message delayed 24 hours", "We keep trying.", "other"),
        ("Mail delivery", "Warning: could not send message for past 4 hours. It is still being retried.", "other"),
        ("Undelivered Mail Returned to Sender", "550 5.1.1 no such user", "failed"),
        ("Mail delivery failed", "The following address failed", "failed"),
    ],
)
def test_a_plain_warning_is_no_failure(subject: str, text: str, verdict: str) -> None:
    assert read_report(headed(MIMEText(text), subject), from_nobody=True) == verdict


def test_what_exchange_answers_for_somebody_is_no_failure() -> None:
    data = headed(
        MIMEText("Ik ben er niet."), "Automatisch antwoord", Auto_Submitted="auto-generated",
        X_MS_Exchange_Inbox_Rules_Loop="sam@example.org",
    )  # fmt: skip
    assert read_report(data, from_nobody=True) == "other"
