"""What every question of the plan form shares: what counts as an answer, and what is said where it is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot.conversation.answers.finding import opens_with
from bot.conversation.turn.choices import spoken, unsure
from bot.conversation.turn.events import Edited, Pictured, Said
from bot.conversation.turn.replies import Choice, Effect, Reply, Wanted
from bot.conversation.turn.scene import Scene
from bot.initiative.draft import PlanDraft
from knowledge.entities.masking import mask
from knowledge.language.normalise import words

LARGEST = 100_000_000
"""Euro; a larger amount is a typing error."""


SHORTEST = 2
"""Letters and digits of an answer; one letter tells nothing."""


MAX_TEXT = 3000
"""Characters of an answer that may be a story."""


EMPTY = ("ja", "nee", "oke", "klaar", "hervat")
"""Words (``opdracht.ja`` and so on) that answer a question, but name nothing."""


LONGEST_QUESTION = 14
"""Words of a question that is asked in between."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What an event did at a step."""

    fields: Mapping[str, object] = field(default_factory=dict)
    """Fields of the draft."""
    remarks: tuple[Reply, ...] = ()
    """Said before the next question, or before this one is asked again."""
    done: bool = True
    """False: this step is asked again."""
    goto: str = ""
    """Another step than the one that follows in the form."""
    effects: tuple[Effect, ...] = ()
    remembered: Mapping[str, object] = field(default_factory=dict)
    """Fields of the conversation's state."""
    asks: bool = False
    """The remark is a question about the answer, and takes the place of the step's own."""


class FormStep(Protocol):
    @property
    def id(self) -> str: ...

    def answered(self, draft: PlanDraft) -> bool:
        """Whether the draft holds an answer to this step."""
        ...

    def ask(self, scene: Scene, draft: PlanDraft) -> Reply: ...

    def take(self, scene: Scene, draft: PlanDraft) -> Taken | None: ...


KEEP = "houd"


SKIP = "-"


BELONGS, ASKS = "hoort", "vraag"
"""What a resident says of words that may be a question (``doubt``)."""


def again(scene: Scene, key: str, **values: object) -> Taken:
    """No usable answer: say why, and ask again."""
    return Taken(remarks=(Reply(scene.say(key, **values), language=scene.language),), done=False)


def question(
    scene: Scene,
    step: str,
    *choices: Choice,
    now: str = "",
    wants: frozenset[Wanted] = frozenset(),
    **values: object,
) -> Reply:
    """The question of a step; with what stands there ``now``, which may stay."""
    text = scene.say(f"plan.vraag_{step}", **values).strip()
    if now:
        text = f"{text}\n\n{scene.say('plan.nu_staat', waarde=shorten(now))}"
        choices = (scene.step_choice(scene.say("plan.zo_laten"), KEEP), *choices)
    return Reply(text, choices, wants=wants, language=scene.language)


def shorten(text: str, longest: int = 280) -> str:
    """At most so many characters, for a summary that fits on a phone; the whole text is kept."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def typed(scene: Scene) -> bool:
    """Whether the event brings words that may be an answer: a message or words under a photo, and no question.

    A long text is an answer also when it ends in a question: that is how plans are told. So is
    one that was answered as a question just before and is typed again.
    """
    if not isinstance(scene.event, Said | Edited | Pictured) or not scene.text:
        return False
    return _insisted(scene) or len(words(scene.text)) > LONGEST_QUESTION or not scene.asks_something()


def _insisted(scene: Scene) -> bool:
    return scene.state.question == mask(scene.text, contacts=True).text


def doubt(scene: Scene) -> Taken | None:
    """Asks whether short words that begin as a question does, and that no topic answers, belong in the plan."""
    asks = opens_with(scene, scene.text, "vraagwoorden") and not opens_with(scene, scene.text, "geen_vraag")
    if not asks or _insisted(scene) or len(words(scene.text)) > LONGEST_QUESTION:
        return None
    yes = scene.step_choice(scene.say("plan.hoort_bij_plan"), BELONGS)
    no = scene.step_choice(scene.say("plan.is_een_vraag"), ASKS)
    text = mask(scene.text).text
    remembered = {"doubted": text, "if_yes": yes.data, "if_no": no.data}
    question = scene.reply("plan.vraag_of_plan", yes, no, tekst=text)
    return Taken(remarks=(question,), done=False, asks=True, remembered=remembered)


def as_typed(scene: Scene) -> Scene:
    """The words that were in doubt, as if they were typed now."""
    event, text = scene.event, scene.state.doubted
    return replace(scene.to(doubted=""), event=Said(id=event.id, at=event.at, nonce=event.nonce, text=text))


def skipped(scene: Scene) -> bool:
    return scene.means("overslaan") or unsure(scene)


def kept(scene: Scene) -> bool:
    return scene.step_value() == KEEP or spoken(scene, "plan.woorden_zo_laten")
