"""The questions of the plan form, each on its own: how it is asked and what counts as an answer.

A step knows nothing of the order; ``intake`` leads from one to the next. What a step makes
of an event is a ``Taken``; None where the event is no answer to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot.conversation.events import Edited, Located, Pictured, Said
from bot.conversation.finding import opens_with
from bot.conversation.phrasing import euro, place_name
from bot.conversation.places import area_choices, not_here, place_of, place_of_area
from bot.conversation.replies import Choice, Effect, Reply, Wanted
from bot.conversation.state import PlanDraft
from bot.conversation.summary import amount_answer
from bot.conversation.walk import Scene
from knowledge.entities import find_amount
from knowledge.normalise import fold, words
from knowledge.personal import mask
from knowledge.places import Place

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


class Step(Protocol):
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


def spoken(scene: Scene, key: str) -> bool:
    """Whether the whole message is one of the words listed in ``teksten.toml`` under ``key``, in any language."""
    return bool(words(scene.text)) and scene.wholly(key)


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


def unsure(scene: Scene) -> bool:
    return scene.means("weet_ik_niet") or spoken(scene, "plan.woorden_weet_niet")


def kept(scene: Scene) -> bool:
    return scene.step_value() == KEEP or spoken(scene, "plan.woorden_zo_laten")


@dataclass(frozen=True, slots=True)
class TextStep:
    """An answer in the resident's own words."""

    id: str
    name: str
    """The field of the draft."""
    longest: int
    """Characters."""
    required: bool = False

    def value(self, draft: PlanDraft) -> str:
        return str(getattr(draft, self.name))

    def answered(self, draft: PlanDraft) -> bool:
        return bool(self.value(draft))

    def ask(self, scene: Scene, draft: PlanDraft) -> Reply:
        skip = () if self.required else (scene.step_choice(scene.say("stappen.overslaan"), SKIP),)
        return question(scene, self.id, *skip, now=self.value(draft))

    def take(self, scene: Scene, draft: PlanDraft) -> Taken | None:
        if kept(scene) and self.answered(draft):
            return Taken()
        if scene.step_value() == SKIP and not self.required:
            return Taken({self.name: ""})
        if scene.step_value() == BELONGS and scene.state.doubted:
            return self.accept(as_typed(scene))
        if not typed(scene):
            return None
        if skipped(scene) or (self.required and any(scene.means(word) for word in EMPTY)):
            return again(scene, f"plan.nodig_{self.id}") if self.required else Taken({self.name: ""})
        return doubt(scene) or self.accept(scene)

    def accept(self, scene: Scene) -> Taken:
        """The text as an answer, or why it cannot be one."""
        if sum(character.isalnum() for character in scene.text) < SHORTEST:
            return again(scene, "plan.te_kort")
        if len(scene.text) > self.longest:
            too_long = again(scene, "plan.te_lang", lengte=len(scene.text), maximum=self.longest)
            return self._kept_elsewhere(scene) or too_long
        return Taken({self.name: mask(self._said(scene)).text})

    def _said(self, scene: Scene) -> str:
        """The answer without "mijn naam is" before it."""
        key = f"plan.aanloop_{self.id}"
        openings = scene.phrases(key) if scene.knowledge.texts.has(key) else frozenset()
        folded = fold(scene.text)
        opening = max((one for one in openings if folded.startswith(f"{one} ")), key=len, default="")
        rest = scene.text[len(opening) :].strip(" :")
        return rest if opening and len(rest) >= SHORTEST else scene.text

    def _kept_elsewhere(self, scene: Scene) -> Taken | None:
        """A whole story told where its name was asked: it is what the plan is, and the name is asked again."""
        told = scene.state.draft
        if self.id != "titel" or len(scene.text) > MAX_TEXT or told is None or told.what:
            return None
        return Taken({"what": mask(scene.text).text}, again(scene, "plan.verhaal_bewaard").remarks, done=False)


class PlaceStep:
    """Where the plan is: the wijk known already, or a postcode, name, button or location."""

    id = "waar"

    def answered(self, draft: PlanDraft) -> bool:
        return bool(draft.wijk)

    def ask(self, scene: Scene, draft: PlanDraft) -> Reply:
        known = "" if draft.wijk else scene.state.area
        named = place_name(scene, known)
        choices = [scene.step_choice(scene.say("plan.waar_ja", gebied=named), known)] if known else []
        choices += [scene.step_choice(area.label, area.label) for area in area_choices(scene) if area.label != known]
        step = "waar_bekend" if known else self.id
        location: frozenset[Wanted] = frozenset({"location"})
        return question(scene, step, *choices, now=draft.area or draft.wijk, wants=location, gebied=named)

    def take(self, scene: Scene, draft: PlanDraft) -> Taken | None:
        if kept(scene) and self.answered(draft):
            return Taken()
        if scene.means("nee") or skipped(scene):
            return again(scene, "plan.waar_nodig")
        place = self._place(scene, draft)
        if place is not None:
            return self._settle(scene, place)
        if scene.step_value() is None and not typed(scene):
            return None
        return again(scene, "wijk.niet_gevonden")

    def _place(self, scene: Scene, draft: PlanDraft) -> Place | None:
        if scene.step_value():
            return place_of_area(scene, scene.step_value() or "")
        if scene.means("ja") and not draft.wijk:
            return place_of_area(scene, scene.state.area)
        return place_of(scene) if isinstance(scene.event, Located) or typed(scene) else None

    def _settle(self, scene: Scene, place: Place) -> Taken:
        if place.kind in ("elsewhere", "nonexistent"):
            return Taken(remarks=(not_here(scene, place),), done=False)
        if place.kind == "split":
            choices = [scene.step_choice(area, area) for area in place.alternatives]
            return Taken(remarks=(scene.reply("wijk.welk_deel", *choices, wijk=place.wijk),), done=False, asks=True)
        found = {"wijk": place.wijk, "area": place.area, "postcode": place.postcode}
        key = "plan.waar_gevonden" if place.kind == "sure" else "plan.waar_waarschijnlijk"
        remembered = {} if scene.state.wijk else found
        named = place_name(scene, place.area or place.wijk)
        return Taken(found, (scene.reply(key, gebied=named),), remembered=remembered)


@dataclass(frozen=True, slots=True)
class Told:
    """An amount that the resident told before."""

    amount: int
    text: str


class AmountStep:
    """The amount asked, in whole euro; of a range the upper bound. 0: no money is asked; None: not known yet."""

    id = "bedrag"

    def answered(self, draft: PlanDraft) -> bool:
        return draft.amount is not None

    def ask(self, scene: Scene, draft: PlanDraft) -> Reply:
        told = None if self.answered(draft) else self.told(scene, draft)
        choices = []
        if told is not None:
            label = scene.say("plan.bedrag_eerder", bedrag=euro(told.amount, scene.language))
            choices.append(scene.step_choice(label, "eerder"))
        choices.append(scene.step_choice(scene.say("stappen.weet_ik_niet"), SKIP))
        choices.append(scene.step_choice(scene.say("samenvatting.geen_geld"), "0"))
        now = "" if draft.amount is None else draft.amount_text or euro(draft.amount, scene.language)
        return question(scene, self.id, *choices, now=now)

    def told(self, scene: Scene, draft: PlanDraft) -> Told | None:
        """The amount typed in the criteria walk, or named in the plan itself."""
        answer = amount_answer(scene.state.criteria or draft.criteria, scene.knowledge)
        if answer.isdecimal():
            return Told(int(answer), "")
        for text in (draft.title, draft.what):
            amount = find_amount(text)
            if amount is not None and amount.upper <= LARGEST:
                return Told(amount.upper, amount.text)
        return None

    def take(self, scene: Scene, draft: PlanDraft) -> Taken | None:
        if kept(scene) and self.answered(draft):
            return Taken()
        told = self.told(scene, draft)
        if told is not None and (scene.step_value() == "eerder" or (scene.means("ja") and not self.answered(draft))):
            return Taken({"amount": told.amount, "amount_text": told.text})
        if scene.step_value() == "0" or spoken(scene, "plan.woorden_geen_geld"):
            return Taken({"amount": 0, "amount_text": ""})
        if scene.step_value() == SKIP or skipped(scene):
            return Taken({"amount": None, "amount_text": ""})
        return self._read(scene) if typed(scene) else None

    def _read(self, scene: Scene) -> Taken:
        amount = find_amount(scene.text, bare=True)
        if amount is None:
            return again(scene, "plan.geen_bedrag")
        if amount.upper > LARGEST:
            return again(scene, "plan.bedrag_te_groot")
        fields = {"amount": amount.upper, "amount_text": mask(scene.text).text[:200]}
        if amount.lower == amount.upper:
            return Taken(fields)
        lowest, highest = euro(amount.lower, scene.language), euro(amount.upper, scene.language)
        remark = scene.reply("plan.bedrag_tussen", laagste=lowest, hoogste=highest)
        return Taken(fields, (remark,))
