"""Who hears what about a plan, with the sentences as shipped."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.email.message import build_message
from bot.conversation.turn.replies import MAX_CHOICE_DATA
from bot.initiative.draft import PlanDraft
from bot.initiative.lifecycle import STATUSES
from bot.office.letters.correspondence import Correspondence
from bot.office.letters.step_links import StepPages
from bot.office.notices import Notice
from bot.office.officers.links import PLAN_LINK, VALID_FOR, Links
from bot.office.officers.routing import UNSET_TEAM, Routing
from bot.ports.addresses import STEP
from bot.ports.mail import Mail
from bot.ports.signed_addresses import ReplyAddresses
from tests.plans import NOW, PHOTOS, REFERENCE, ROUTING, SECRET, Team, change, criteria, draft, record, shipped

URL = "https://bot.voorbeeld.test"
LINKS = Links(SECRET, lambda: NOW)


def letters(routing: Routing = ROUTING) -> Correspondence:
    return Correspondence(shipped, routing, StepPages(LINKS, URL))


def mails(outgoing: Any) -> list[Mail]:
    return [Mail.model_validate(one.payload) for one in outgoing if one.channel == "email"]


def first_mail(**changes: Any) -> Mail:
    return mails(letters().compose(record(**changes), PHOTOS))[0]


def flat(text: str) -> str:
    return " ".join(text.split())


def tokens(text: str) -> list[str]:
    return re.findall(re.escape(URL + STEP) + r"(\S+)", text)


# -- a new plan -------------------------------------------------------------------------


def test_each_officer_gets_a_message_of_their_own() -> None:
    outgoing = letters().compose(record(), PHOTOS)
    assert [(one.channel, one.address) for one in outgoing] == [
        ("email", "anne@gemeente.test"),
        ("email", "bram@gemeente.test"),
        ("telegram", "1001"),
    ]
    assert len({one.dedupe_key for one in outgoing}) == 3


@pytest.mark.parametrize(
    "told",
    [
        REFERENCE,
        "Koffieochtend voor Zoë's buurt & tuin",
        "Elke maandag koffie in het buurthuis.",
        "Voor iedereen die zich alleen voelt.",
        "Zuid (1214 AB)",
        "vanaf maart",
        "€ 1.500 (getypt: anderhalf duizend)",
        "de wijkregisseur (tot € 2.000)",
        "Wij zetten koffie en ruimen op.",
        "12 buren en de bakker",
        "Zoë de Vries",
        "zoe@voorbeeld.test",
        "06 12345678",
        "vrijdag 20 november 2026 10:05",
        "uiterlijk dinsdag 24 november 2026 een eerste reactie",
        "binnen 13 weken",
        "nog geen formele subsidieaanvraag",
        "Past waarschijnlijk bij",
        "Nog niet duidelijk",
        "Wat kan helpen: Vraag het aan een paar buren",
        "Deze mail ging ook naar: bram@gemeente.test.",
    ],
)
def test_the_mail_holds_everything_to_act_on_in_text_and_in_html(told: str) -> None:
    mail = first_mail(draft=draft(criteria=criteria()))
    assert told in flat(mail.text)
    html = flat(re.sub(r"<[^>]+>", " ", mail.html).replace("\xa0", " ").replace("&amp;", "&").replace("&#39;", "'"))
    assert told in re.sub(r" ([.,])", r"\1", html)


def test_the_mail_can_be_answered_and_carries_the_photos() -> None:
    mail = first_mail()
    assert (mail.reply_to, mail.reply_to_name) == ("zoe@voorbeeld.test", "Zoë de Vries")
    assert mail.photos == ("foto-a", "foto-b")
    message = build_message(mail, sender="wijkbot@voorbeeld.test", dedupe_key="k")
    assert message["Reply-To"].addresses[0].addr_spec == "zoe@voorbeeld.test"


def test_without_an_address_of_the_resident_the_mail_says_so() -> None:
    mail = first_mail(draft=draft(email=""))
    assert mail.reply_to == ""
    assert "komt daarom niet bij de bewoner aan" in flat(mail.text)


def test_there_is_a_link_for_each_step_in_the_name_of_the_one_who_got_it() -> None:
    for outgoing in letters().compose(record(), PHOTOS)[:2]:
        (mail,) = mails([outgoing])
        claims = [LINKS.read(PLAN_LINK, token) for token in tokens(mail.text)]
        assert {claim.officer for claim in claims} == {outgoing.address}
        assert {claim.reference for claim in claims} == {REFERENCE}
        assert [claim.action for claim in claims] == [
            "in_gesprek", "bij_wijkteam", "bij_wijkwethouder", "bij_college", "doorverwezen", "afgewezen",
            "ingetrokken",
        ]  # fmt: skip
        assert all(token in mail.html for token in tokens(mail.text))


def test_the_promised_validity_of_the_links_is_true() -> None:
    mail = first_mail()
    claim = LINKS.read(PLAN_LINK, tokens(mail.text)[0])
    assert "geldig tot en met maandag 18 januari 2027" in flat(mail.text)
    assert claim.expires_at - NOW == timedelta(days=60)


def test_an_unknown_amount_shows_the_whole_table() -> None:
    text = flat(first_mail(draft=draft(amount=None, amount_text=""), amount=None).text)
    assert "nog niet bekend" in text
    assert "tot € 2.000: de wijkregisseur" in text
    assert "meer dan € 25.000: het college" in text


@pytest.mark.parametrize(("amount", "who"), [(2000, "de wijkregisseur (tot"), (2001, "de wijkwethouder samen met"),
                                             (25001, "het college en de gemeenteraad")])  # fmt: skip
def test_the_amount_says_who_decides(amount: int, who: str) -> None:
    assert f"Wie beslist: {who}" in flat(first_mail(amount=amount).text)


def test_criteria_that_were_not_walked_are_not_made_up() -> None:
    assert "De bewoner heeft de criteria niet doorlopen." in first_mail().text


def test_a_plan_for_the_team_is_marked_in_subject_and_body() -> None:
    (mail,) = mails(letters().compose(record(area="Noord", wijk="Noord"), ()))
    assert mail.to == "team@gemeente.test"
    assert mail.subject.startswith("Voor het team: ")
    assert "Let op: voor Noord is in deze bot geen wijkregisseur ingesteld." in flat(mail.text)


def test_the_team_reads_that_the_resident_knows_who_has_it() -> None:
    (mail,) = mails(letters().compose(record(area="Oost 1223"), PHOTOS))
    assert "De bewoner weet dat dit plan ligt bij het team van de wijkregisseurs." in flat(mail.text)
    assert "dit plan ligt bij de wijkregisseur van Zuid" in flat(first_mail(area="Zuid").text)


def test_a_plan_of_an_unknown_place_reaches_the_team_too() -> None:
    (mail,) = mails(letters().compose(record(draft=draft(wijk="", area="", postcode="")), ()))
    assert "geen gebied bekend" in flat(mail.text)


def test_a_bot_without_any_officer_still_writes_the_mail() -> None:
    (mail,) = mails(letters(Routing((), Team())).compose(record(), ()))
    assert mail.to == UNSET_TEAM


def test_nothing_that_a_resident_types_breaks_the_mail() -> None:
    nasty = "x\r\nBcc: boef@voorbeeld.test\r\n\r\n<script>alert(1)</script>{0}{titel}%s"
    plan = record(draft=draft(title=nasty, what=nasty, name=nasty, email=nasty, telephone=nasty))
    (mail, *_) = mails(letters().compose(plan, ()))
    message = build_message(mail, sender="wijkbot@voorbeeld.test", dedupe_key="k")
    assert message["Bcc"] is None
    assert "<script" not in mail.html
    assert "{titel}%s" in mail.text


@pytest.mark.parametrize("amount", [500, 3_000, 18_000, 60_000])
def test_who_decides_does_not_speak_to_the_officer_as_if_they_get_the_money(amount: int) -> None:
    """The same table answers residents, and stands in what officers read."""
    decision = flat(first_mail(amount=amount).text).partition("Wie beslist:")[2].partition("Ontvangen:")[0]
    assert decision
    assert " u " not in f" {decision.lower()} "


def test_the_same_plan_gives_the_same_mail_apart_from_its_links() -> None:
    one, other = first_mail(), first_mail()
    assert one.model_copy(update={"text": "", "html": ""}) == other.model_copy(update={"text": "", "html": ""})
    assert set(tokens(one.text)).isdisjoint(tokens(other.text))


# -- Telegram -------------------------------------------------------------------------------


def chat(outgoing: Any) -> dict[str, Any]:
    (found,) = [one for one in outgoing if one.channel == "telegram"]
    assert isinstance(found, Notice)
    return dict(found.payload)


def test_the_chat_gets_the_plan_the_photos_and_a_button_per_step() -> None:
    payload = chat(letters().compose(record(), PHOTOS))
    assert "Elke maandag koffie" in payload["text"]
    assert "06 12345678" in payload["text"]
    assert payload["photos"] == ["foto-a", "foto-b"]
    assert payload["choices"][0] == ["Ik ga in gesprek", f"o:in_gesprek:{REFERENCE}", ""]


def test_the_chat_reads_nothing_about_a_mail_and_holds_no_key() -> None:
    text = chat(letters().compose(record(), PHOTOS))["text"]
    assert "deze mail" not in text.lower()
    assert "====" not in text
    assert STEP not in text


@pytest.mark.parametrize("status", STATUSES)
def test_buttons_fit_what_telegram_takes(status: str) -> None:
    payload = chat(letters().compose(record(status=status), ()))
    assert all(len(data.encode()) <= MAX_CHOICE_DATA for _, data, _ in payload["choices"])


PAGES = StepPages(LINKS, URL)


def of_phones(routing: Routing = ROUTING) -> Correspondence:
    """With an address that a phone can open."""
    return Correspondence(shipped, routing, PAGES, chat_pages=PAGES)


def test_on_a_public_address_a_button_opens_the_page_that_asks() -> None:
    payload = chat(of_phones().compose(record(), PHOTOS))
    *steps, (label, data, url) = payload["choices"]
    assert (label, data) == ("Iets anders? Open het plan op het bureau", "")
    assert url == f"{URL}/ambtenaar/plan/{REFERENCE}"
    assert all(data == "" for _, data, _ in steps)
    claims = [LINKS.read(PLAN_LINK, tokens(url)[0]) for _, _, url in steps]
    assert claims[0].action == "in_gesprek"
    assert {(claim.reference, claim.officer) for claim in claims} == {(REFERENCE, "1001")}
    assert {claim.expires_at - NOW for claim in claims} == {VALID_FOR}
    assert "werken één keer en zijn geldig tot en met maandag 18 januari 2027" in payload["text"]
    assert "deze mail" not in payload["text"].lower()


def test_a_group_of_the_team_has_no_button_to_sign_in() -> None:
    routing = Routing((), Team((), (-42,)))
    payload = chat(of_phones(routing).compose(record(), ()))
    claims = [LINKS.read(PLAN_LINK, tokens(url)[0]) for _, _, url in payload["choices"]]
    assert {claim.officer for claim in claims} == {"-42"}


def test_the_chat_is_told_of_a_step_that_a_page_recorded() -> None:
    plan, happened = record(status="in_gesprek"), change("in_gesprek", from_status="ontvangen")
    assert [one.channel for one in letters().resident_update(plan, happened).outgoing].count("telegram") == 0
    payload = chat(of_phones().resident_update(plan, happened).outgoing)
    assert "in gesprek" in payload["text"]
    assert "Buurtdeal gesloten" in [label for label, _, _ in payload["choices"]]


def test_nothing_is_left_to_press_under_an_erased_plan() -> None:
    happened = change("", kind="erased", actor_kind="resident", actor="")
    payload = chat(of_phones().officer_update(record(status="ingetrokken", closed_at=NOW, title=""), happened, ()))
    assert payload["choices"] == []
    assert "Elke knop" not in payload["text"]


# -- what a resident did -----------------------------------------------------------------------


def news(kind: str, to: str = "", **changes: Any) -> Mail:
    plan = record(**{"status": to or "in_gesprek", **changes.pop("plan", {})})
    happened = change(to, kind=kind, actor_kind="resident", actor="", from_status="in_gesprek", **changes)
    return mails(letters().officer_update(plan, happened, PHOTOS))[0]


def test_an_addition_brings_its_words_and_only_the_new_photos() -> None:
    mail = news("added", note="De bakker doet ook mee.", plan={"draft": draft(photos=("foto-a",))})
    assert "De bakker doet ook mee." in mail.text
    assert mail.photos == ("foto-b",)


def test_a_withdrawal_says_that_nothing_is_left_to_do() -> None:
    mail = news("status", "ingetrokken", reason="Wij verhuizen.", plan={"closed_at": NOW})
    assert "ingetrokken door de bewoner" in mail.subject
    assert "Wij verhuizen." in mail.text
    assert "niets meer mee te doen" in flat(mail.text)


def test_a_reopening_brings_the_reason_the_term_and_the_steps() -> None:
    mail = news("status", "heropend", reason="Het bankje staat er niet.")
    assert "Het bankje staat er niet." in mail.text
    assert "uiterlijk dinsdag 24 november 2026" in flat(mail.text)
    assert LINKS.read(PLAN_LINK, tokens(mail.text)[0]).action == "in_gesprek"


def test_an_evaluation_brings_the_mark() -> None:
    mail = news("evaluated", score=4, note="Sneller mag.")
    assert "Cijfer: 4 van 5" in mail.text
    assert "Sneller mag." in mail.text


def test_an_erasure_names_the_reference_and_nothing_of_the_resident() -> None:
    bare = {"title": "", "draft": PlanDraft()}
    mail = news("erased", "ingetrokken", plan=bare)
    assert REFERENCE in mail.subject
    assert "Verwijder ook de mails" in flat(mail.text)
    assert tokens(mail.text) == []
    assert mail.reply_to == ""


def test_a_kind_of_news_from_later_is_still_told() -> None:
    assert "nieuws over dit plan" in news("something_new").text


def test_news_goes_into_the_thread_of_the_plan() -> None:
    assert news("added", note="x").thread == first_mail().thread


# -- what an officer did -------------------------------------------------------------------------


def update(to: str, plan: dict[str, Any] | None = None, **changes: Any) -> Any:
    closed = {"closed_at": NOW} if to in ("afgerond", "afgewezen", "doorverwezen", "ingetrokken") else {}
    return letters().resident_update(record(**{"status": to, **closed, **(plan or {})}), change(to, **changes))


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("language", ["nl", "en", ""])
def test_every_status_is_told_in_the_residents_language(status: str, language: str) -> None:
    result = update(status, {"language": language, "draft": draft(by_chat=False)}, reason="Daarom.")
    name = shipped().texts.say(f"statusnaam.{status}", language or "nl")
    assert name in result.reply.text
    assert "Daarom." in result.reply.text
    assert REFERENCE in result.reply.text
    mail = mails(result.outgoing)[0]
    assert name in mail.subject
    assert "Daarom." in mail.text
    assert mail.language == (language or "nl")


def test_a_closing_asks_whether_the_resident_agrees_and_until_when() -> None:
    result = update("afgewezen", reason="Past niet.")
    assert result.reply.choices[0].data == f"p:judge:{REFERENCE}"
    assert "vrijdag 4 december 2026" in result.reply.text
    assert "volgende" not in result.reply.text


def test_an_open_plan_says_when_the_resident_hears_more() -> None:
    assert "uiterlijk dinsdag 24 november 2026" in update("in_gesprek").reply.text


@pytest.mark.parametrize(
    ("told", "channel", "mailed"),
    [
        ({"by_chat": True}, "telegram", False),
        ({"by_chat": True}, "web", True),  # nobody sees a web page that is closed
        ({"by_chat": False}, "telegram", True),
        ({"by_chat": False}, "web", True),
        ({"by_chat": True}, "", True),
        ({"by_chat": False, "email": ""}, "", False),
        ({"by_chat": False, "email": "geen adres"}, "", False),
    ],
)
def test_when_a_resident_is_mailed(told: dict[str, Any], channel: str, *, mailed: bool) -> None:
    result = update("in_gesprek", {"draft": draft(**told), "channel": channel})
    assert ("zoe@voorbeeld.test" in [one.address for one in result.outgoing]) is mailed


def test_a_resident_answers_to_the_officer() -> None:
    mail = mails(update("in_gesprek").outgoing)[0]
    assert mail.reply_to == "anne@gemeente.test"
    assert "Antwoord op deze mail" in mail.text


REPLIES = ReplyAddresses("bounces@voorbeeld.test", SECRET)


def asked(channel: str, **more: Any) -> Mail:
    question = change("", kind="question", reason="Waar?")
    made = Correspondence(shipped, ROUTING, StepPages(LINKS, URL), **more)
    return mails(made.resident_update(record(channel=channel), question).outgoing)[0]


def test_an_answer_goes_into_the_plan_where_the_bot_takes_in_mail() -> None:
    mail = asked("web", replies=REPLIES)
    assert REPLIES.read(mail.reply_to) == REFERENCE
    assert "Uw bericht komt bij uw plan te staan" in flat(mail.text)
    withdrawn = change("ingetrokken", kind="status")
    made = Correspondence(shipped, ROUTING, StepPages(LINKS, URL), replies=REPLIES)
    (mail, *_) = mails(made.resident_update(record(status="ingetrokken"), withdrawn).outgoing)
    assert mail.reply_to == "anne@gemeente.test"


def test_a_mail_to_a_person_promises_no_place_with_the_plan() -> None:
    mail = asked("web")
    assert mail.reply_to == "anne@gemeente.test"
    assert "Uw bericht gaat dan naar een medewerker van de gemeente." in flat(mail.text)
    assert "bij uw plan te staan" not in flat(mail.text)


@pytest.mark.parametrize(("channel", "shown"), [("web", True), ("telegram", False), ("", False)])
def test_a_question_has_a_button_to_the_web_chat_where_the_plan_is(channel: str, *, shown: bool) -> None:
    """In any other chat, the one that opens knows nothing of the plan."""
    told = draft(by_chat=False)
    made = Correspondence(shipped, ROUTING, StepPages(LINKS, URL), web_chat="https://wijkbot.voorbeeld.test")
    question = change("", kind="question", reason="Waar?")
    mail = mails(made.resident_update(record(channel=channel, draft=told), question).outgoing)[0]
    assert ("Vraag beantwoorden:\n  https://wijkbot.voorbeeld.test" in mail.text) is shown
    assert ('href="https://wijkbot.voorbeeld.test"' in mail.html) is shown
    assert ("op het apparaat waarop u uw plan instuurde" in flat(mail.text)) is shown


def test_without_a_public_address_there_is_no_button() -> None:
    assert "webchat" not in asked("web").text


def test_a_resident_is_not_asked_to_answer_to_nobody() -> None:
    plan, happened = record(status="afgerond", closed_at=NOW), change("afgerond")
    mail = mails(letters(Routing((), Team())).resident_update(plan, happened).outgoing)[0]
    assert mail.reply_to == ""
    assert "Antwoord op deze mail" not in mail.text
    assert "14 035" in mail.text


def test_officers_get_a_record_with_the_steps_that_fit_now() -> None:
    result = update("in_gesprek", note="Maandag bellen.")
    recorded = [one for one in result.outgoing if one.address == "bram@gemeente.test"]
    (mail,) = mails(recorded)
    assert "Vastgelegd door Anne Bos" in mail.text
    assert "Maandag bellen." in mail.text
    assert "buurtdeal" in [LINKS.read(PLAN_LINK, token).action for token in tokens(mail.text)]


def test_the_officers_note_never_reaches_the_resident() -> None:
    result = update("in_gesprek", {"draft": draft(by_chat=False)}, note="Lastige buurman.")
    resident = [one for one in result.outgoing if one.address == "zoe@voorbeeld.test"]
    assert "Lastige" not in result.reply.text + mails(resident)[0].text + mails(resident)[0].html


def test_officers_are_told_when_the_resident_cannot_be_reached() -> None:
    unreachable = {"draft": draft(email="", by_chat=False), "channel": ""}
    (mail, *_) = mails(update("in_gesprek", unreachable).outgoing)
    assert "Vertel het de bewoner zelf." in flat(mail.text)


def test_each_message_is_delivered_once() -> None:
    keys = [one.dedupe_key for one in update("in_gesprek").outgoing]
    assert len(set(keys)) == len(keys) == 3


def test_a_change_without_status_is_not_told() -> None:
    result = letters().resident_update(record(), change("", kind="note"))
    assert result.reply is None
    assert result.outgoing == ()


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("Kunt u maandag?", "Bericht van de gemeente: Kunt u maandag?"),
        ("De bewoners doen: koffie.\nBedrag: € 0", "Bericht van de gemeente:\nDe bewoners doen: koffie.\nBedrag: € 0"),
    ],
)
def test_what_an_officer_wrote_stands_apart_in_the_chat(reason: str, told: str) -> None:
    reply = letters().resident_update(record(status="buurtdeal"), change("buurtdeal", reason=reason)).reply
    assert reply is not None
    assert told in reply.text.split("\n\n")
