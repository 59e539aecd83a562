"""What one turn may look at (``Scene``) and what a form is (``WalkKind``).

A walk is a form in steps: the plan, the criteria, the question for the wijk. Each kind
says how to ask a step, what counts as an answer to it and where "terug" leads; the
machine does the rest (commands, questions in between, stale buttons), the same for all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from bot.conversation.events import AnyEvent, Edited, Pictured, Pressed, Said
from bot.conversation.replies import Choice, Effect, Reply, Turn, Wanted
from bot.conversation.state import Record, State, Walk
from knowledge.models import Knowledge, Language, Translated
from knowledge.normalise import fold, words

LONGEST_PHRASE = 400
"""Characters of a message that may be nothing but a phrase."""


@dataclass(frozen=True, slots=True)
class Scene:
    """State, event, knowledge and record of one turn, with the shorthands that every part needs."""

    state: State
    event: AnyEvent
    knowledge: Knowledge
    record: Record

    @property
    def language(self) -> Language:
        return self.state.language or self.knowledge.gemeente.original

    @property
    def in_form(self) -> bool:
        """Whether a form is in progress, or goes on after a small one."""
        return self.state.walk is not None or self.state.paused is not None

    @property
    def text(self) -> str:
        """What the resident wrote, "" for a button, place or picture without words."""
        match self.event:
            case Said(text=text) | Edited(text=text):
                return text.strip()
            case Pictured(caption=caption):
                return caption.strip()
        return ""

    @property
    def typed(self) -> str:
        """What the resident wrote as a message of its own; "" for words under a photo or a changed message."""
        return self.text if isinstance(self.event, Said) else ""

    @property
    def data(self) -> str:
        return self.event.data if isinstance(self.event, Pressed) else ""

    def say(self, key: str, **values: object) -> str:
        gemeente = self.knowledge.gemeente
        return self.knowledge.texts.say(
            key, self.language, **{"gemeente": gemeente.name, "telefoon": gemeente.telephone, **values}
        )

    def reply(self, key: str, *choices: Choice, wants: frozenset[Wanted] = frozenset(), **values: object) -> Reply:
        return Reply(self.say(key, **values), tuple(choices), wants=wants, language=self.language)

    def choice(self, key: str, data: str, **values: object) -> Choice:
        """A button with a label of ``teksten.toml``."""
        return Choice(self.say(key, **values), data)

    def translated(self, texts: Translated) -> str:
        """What editors wrote, in the resident's language or else in the original."""
        return texts.get(self.language) or texts[self.knowledge.gemeente.original]

    def phrases(self, key: str) -> frozenset[str]:
        """The phrases that a text of ``teksten.toml`` lists, in every language, as ``means`` compares them."""
        texts = self.knowledge.texts
        return _phrases(tuple(texts.say(key, language) for language in self.knowledge.gemeente.languages))

    def means(self, command: str) -> bool:
        """Whether the whole message is one of the words for a command (``opdracht.<command>``), in any language."""
        return self.wholly(f"opdracht.{command}")

    def wholly(self, key: str) -> bool:
        """Whether the whole message is a phrase that ``key`` lists, with or without small words such as "hoor"."""
        if len(self.text) > LONGEST_PHRASE:
            return False
        small = self.phrases("opdracht.vulwoorden")
        bare = " ".join(word for word in words(self.text) if word not in small)
        return not (_spellings(self.text) | ({bare} - {""})).isdisjoint(self.phrases(key))

    def mentions(self, key: str) -> bool:
        """Whether a phrase that ``key`` lists stands anywhere in the message."""
        written = f" {' '.join(words(self.text))} "
        return any(f" {' '.join(words(phrase))} " in written for phrase in self.phrases(key))

    def asks_something(self) -> bool:
        """Whether the text is a question that the knowledge can answer, rather than an answer to a form.

        Careful on purpose: a plan may be worded as a question ("kunnen we een bankje krijgen?"),
        so only a question word or mark together with a certain match counts.
        """
        folded = fold(self.text)
        openers = tuple(f"{opener} " for opener in self.phrases("opdracht.vraagwoorden"))
        if not (folded.endswith("?") or folded.startswith(openers)):
            return False
        return self.knowledge.matcher.match(self.text, self.language).kind == "answer"

    def to(self, **changes: object) -> Scene:
        """This scene with fields of its state changed."""
        return replace(self, state=self.state.model_copy(update=changes))

    def turn(self, *replies: Reply, effects: tuple[Effect, ...] = ()) -> Turn:
        return Turn(self.state, tuple(replies), effects)

    def walking(self, kind: str, step: str, reference: str = "") -> Scene:
        """At the first step of a walk."""
        return self.to(walk=Walk(kind=kind, step=step, reference=reference))

    def at_step(self, step: str) -> Scene:
        """One step further in the walk; the step left is remembered for "terug"."""
        walk = self.state.walk
        assert walk is not None, "at_step outside a walk"
        return self.to(walk=walk.model_copy(update={"step": step, "trail": (*walk.trail, walk.step)}))

    def step_value(self) -> str | None:
        """The value of a pressed choice of the current step ("s:<kind>:<step>:<value>"), else None."""
        walk = self.state.walk
        if walk is None or not self.data.startswith(f"s:{walk.kind}:{walk.step}:"):
            return None
        return self.data.split(":", 3)[3]

    def step_choice(self, label: str, value: str) -> Choice:
        """A button of the current step."""
        walk = self.state.walk
        assert walk is not None, "step_choice outside a walk"
        return Choice(label, f"s:{walk.kind}:{walk.step}:{value}")


def _spellings(text: str) -> frozenset[str]:
    """A phrase as it stands and as bare words: "n.v.t." is "n v t", "ja, graag!" is "ja graag", "?" stays "?"."""
    return frozenset({fold(text), " ".join(words(text))} - {""})


@lru_cache(maxsize=256)
def _phrases(lists: tuple[str, ...]) -> frozenset[str]:
    return frozenset(spelling for text in lists for phrase in text.split(",") for spelling in _spellings(phrase))


class WalkKind(Protocol):
    """A kind of form. ``scene.state.walk`` is of this kind in ``ask``, ``take`` and ``back``."""

    kind: str

    def start(self, scene: Scene, reference: str = "") -> Turn:
        """Begin, or go on where an earlier one was left."""
        ...

    def ask(self, scene: Scene) -> Reply:
        """The question of the current step, also when it is asked again."""
        ...

    def take(self, scene: Scene) -> Turn | None:
        """What the event does at this step; None where it is no answer to it (the machine then
        treats it as a question or a button from elsewhere, and asks the step again)."""
        ...

    def back(self, scene: Scene) -> Turn:
        """One step back; at the first step, ask it again."""
        ...

    def stop(self, scene: Scene) -> Turn:
        """Leave the walk; says what is kept and how to go on."""
        ...

    def restart(self, scene: Scene) -> Turn:
        """Begin again from nothing, after the resident confirmed it."""
        ...
