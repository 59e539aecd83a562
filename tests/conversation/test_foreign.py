"""Languages that the bot does not speak, and ours that must not be taken for one."""

from __future__ import annotations

import pytest

from knowledge.base import Knowledge
from tests.conversation.small import Chat, shipped

SPOKEN = {
    "uk": "Я хочу лавку біля дому",
    "ru": "Где мне найти помощь? Мне нужна скамейка",
    "bg": "Искам пейка на моята улица",
    "ar": "أريد مقعدا في الشارع",
    "fa": "سلام، من نیمکت می خواهم",
    "ti": "ሰላም ከመይ",
    "pl": "Chcę ławkę na mojej ulicy",
    "tr": "mahallem için bank istiyorum",
    "de": "Ich möchte eine Bank in meiner Straße",
    "fr": "je voudrais un banc dans ma rue",
    "es": "quiero un banco en mi calle",
    "pt": "quero um banco na minha rua",
    "it": "vorrei una panchina nella mia strada",
    "ro": "vreau o bancă pe strada mea",
}


@pytest.mark.parametrize("language", SPOKEN)
def test_a_language_not_understood_gets_its_own_sentence_with_the_number(language: str) -> None:
    chat = Chat(shipped())
    chat.say(SPOKEN[language])
    (reply,) = chat.turn.replies
    assert reply.language == language
    assert reply.text == shipped().texts.say(
        f"vreemde_taal.{language}.zin", "nl", gemeente="Hilversum", telefoon="14 035"
    )
    assert "14 035" in reply.text
    assert "wijkregisseur" in reply.text
    assert chat.effects == []


def test_every_language_listed_has_a_sentence_and_a_text_here() -> None:
    listed = [language.strip() for language in shipped().texts.say("vreemde_taal.talen", "nl").split(",")]
    assert sorted(listed) == sorted(SPOKEN)


@pytest.mark.parametrize(
    "text", ["ja graag, na 10 uur", "alles helder nu", "je bent geweldig", "merci", "yo", "e-mailadres gemeente", "ok"]
)
def test_dutch_is_not_taken_for_another_language(text: str) -> None:
    chat = Chat(shipped())
    chat.say(text)
    assert chat.turn.replies[-1].language == "nl"


def test_next_to_none_of_our_own_examples_are_taken_for_another_language(shipped_knowledge: Knowledge) -> None:
    """Those that are hold a word of it: "duits bitte"."""
    from bot.conversation.answers.foreign import other_language
    from bot.conversation.turn.events import Said
    from bot.conversation.turn.plan_view import Record
    from bot.conversation.turn.scene import Scene
    from bot.conversation.turn.state import State
    from tests.conversation.everything import AT

    examples = [
        text for topic in shipped_knowledge.topics.values() if topic.group != "de-bot" for text in topic.examples["nl"]
    ]
    state = State(language="nl")

    def is_foreign(text: str) -> bool:
        event = Said(id="1", at=AT, nonce="0", text=text)
        return other_language(Scene(state, event, shipped_knowledge, Record())) is not None

    wrong = [text for text in examples if is_foreign(text)]
    assert len(wrong) <= len(examples) // 2000, wrong
