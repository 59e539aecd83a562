"""The message on the wire: the same each time, safe headers, whole attachments."""

from __future__ import annotations

import email
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.email.message import build_message
from bot.ports.mail import BadAddress, Mail, Picture, mailbox
from tests.channels.email.letters import AT, JPEG, mail

SENDER = "Wijkbot Gemeente Übermeer <wijkbot@voorbeeld.test>"


def built(written: Mail | None = None, key: str = "plan:1", **changes: Any) -> EmailMessage:
    return build_message(written or mail(**changes), sender=SENDER, dedupe_key=key)


def reread(message: EmailMessage) -> EmailMessage:
    """As the receiving side parses the bytes."""
    read = email.message_from_bytes(message.as_bytes(), policy=SMTP)
    assert isinstance(read, EmailMessage)
    return read


def test_headers() -> None:
    message = reread(built())
    assert message["From"].addresses[0].display_name == "Wijkbot Gemeente Übermeer"
    assert message["To"] == "zuid@voorbeeld.test"
    assert message["Subject"] == "Nieuw plan HV-7KM-4PX-9RT: Café voor Zoë & co (Zuid)"
    assert message["Reply-To"].addresses[0].display_name == "Zoë de Vries"
    assert message["Reply-To"].addresses[0].addr_spec == "zoe@voorbeeld.test"
    assert parsedate_to_datetime(message["Date"]) == AT
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Content-Language"] == "nl"
    assert message["Message-ID"].endswith("@voorbeeld.test>")


def test_text_comes_before_html_and_both_are_whole() -> None:
    written = mail()
    message = reread(built(written))
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == written.text
    assert html.get_content().replace("\r\n", "\n") == written.html


def test_photos_are_attached_with_the_same_bytes() -> None:
    pictures = [Picture("image/jpeg", JPEG), Picture("image/png", b"\x89PNG\r\n")]
    message = reread(build_message(mail(photo_name="HV-1"), sender=SENDER, dedupe_key="k", pictures=pictures))
    attached = list(message.iter_attachments())
    assert [part.get_content() for part in attached] == [JPEG, b"\x89PNG\r\n"]
    assert [part.get_filename() for part in attached] == ["HV-1-1.jpg", "HV-1-2.png"]
    assert [part.get_content_disposition() for part in attached] == ["attachment", "attachment"]


def test_a_mail_sent_twice_is_the_same_to_the_last_byte() -> None:
    pictures = [Picture("image/jpeg", JPEG)]
    first, second = (
        build_message(mail(), sender=SENDER, dedupe_key="plan:1", pictures=pictures).as_bytes() for _ in range(2)
    )
    assert first == second


def test_another_mail_has_another_id_in_the_same_thread() -> None:
    one, other = built(key="plan:1"), built(key="change:7")
    assert one["Message-ID"] != other["Message-ID"]
    assert one["References"] == other["References"]


def test_ids_give_nothing_away() -> None:
    message = built(key="plan:HV-7KM-4PX-9RT:zuid@voorbeeld.test")
    assert "HV-7KM" not in message["Message-ID"] + message["References"]


INJECTIONS = ["\r\nBcc: boef@voorbeeld.test", "\nBcc: boef@voorbeeld.test", "\rBcc: boef@voorbeeld.test", "\r\n\r\nHoi"]


@pytest.mark.parametrize("tail", INJECTIONS)
@pytest.mark.parametrize("field", ["subject", "reply_to_name", "language", "photo_name", "reply_to"])
def test_no_field_starts_a_header(field: str, tail: str) -> None:
    changed = mail(**{field: f"Jan{tail}"})
    message = build_message(changed, sender=SENDER, dedupe_key="k", pictures=[Picture("image/jpeg", JPEG)])
    read = reread(message)
    assert read["Bcc"] is None
    assert [name for name, _ in read.items()] == [name for name, _ in message.items()]
    assert read.get_content_type() == "multipart/mixed"


@pytest.mark.parametrize("tail", INJECTIONS)
def test_no_recipient_starts_a_header(tail: str) -> None:
    with pytest.raises(BadAddress):
        built(to=f"zuid@voorbeeld.test{tail}")


@given(st.text(), st.text())
def test_any_name_and_subject_reads_back_on_one_line(name: str, subject: str) -> None:
    message = reread(built(reply_to_name=name, subject=subject))
    assert message["Bcc"] is None
    assert message["To"] == "zuid@voorbeeld.test"
    assert message["Reply-To"].addresses[0].addr_spec == "zoe@voorbeeld.test"


@pytest.mark.parametrize("address", ["", "zoe", "zoe@", "@voorbeeld.test", "zoë@voorbeeld.test", "a b@c.test", "a@b@c"])
def test_a_bad_reply_to_is_left_out(address: str) -> None:
    assert built(reply_to=address)["Reply-To"] is None


@pytest.mark.parametrize("address", ["", "zuid", "zuid@", "zuid @b.test", "a@b.test, c@d.test", "a@b.test;c@d.test"])
def test_a_bad_recipient_is_named_without_quoting_it(address: str) -> None:
    with pytest.raises(BadAddress) as error:
        built(to=address)
    assert not address or address not in str(error.value)


def test_international_domains_are_written_in_ascii() -> None:
    assert mailbox("", "zoe@caffè.test").addr_spec == "zoe@xn--caff-8oa.test"
