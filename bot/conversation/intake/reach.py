"""The last questions of the plan form: photos, and how to reach the resident."""

from __future__ import annotations

import re

from bot.conversation.intake.steps import SKIP, Taken, again, kept, question, skipped, typed
from bot.conversation.turn.choices import spoken
from bot.conversation.turn.replies import DropPhotos, Reply
from bot.conversation.turn.scene import Scene
from bot.initiative.draft import MAX_PHOTOS, PlanDraft
from knowledge.entities.entities import find_email, find_telephone
from knowledge.language.formatting import enumerate_names, show_telephone

DONE = "klaar"
CLEAR = "wis"
DIALLED = 6
"""Digits that are meant as a telephone number."""
AROUND_AT = re.compile(r"(?<!\s)\s*@\s*")
"""Keyboards of phones put a space behind the @. Looked for from the beginning of a run of blanks only."""


def keep_photo(scene: Scene, draft: PlanDraft, photo: str, *, remark: bool) -> Taken:
    """A photo sent anywhere in the form goes with the plan; one too many is refused and thrown away."""
    if photo in draft.photos:
        return Taken(done=False)
    if len(draft.photos) >= MAX_PHOTOS:
        refused = scene.reply("plan.foto_te_veel", maximum=MAX_PHOTOS)
        return Taken(remarks=(refused,), done=False, effects=(DropPhotos((photo,)),))
    photos = (*draft.photos, photo)
    told = scene.reply("plan.foto_bewaard", aantal=len(photos), maximum=MAX_PHOTOS)
    return Taken({"photos": photos}, (told,) if remark else (), done=False)


class PhotoStep:
    """Up to five photos. The photos themselves come in through ``keep_photo``, at this step and at any other."""

    id = "fotos"

    def answered(self, draft: PlanDraft) -> bool:
        return bool(draft.photos)

    def ask(self, scene: Scene, draft: PlanDraft) -> Reply:
        if not draft.photos:
            skip = scene.step_choice(scene.say("stappen.overslaan"), SKIP)
            return question(scene, self.id, skip, wants=frozenset({"photo"}), maximum=MAX_PHOTOS)
        count = len(draft.photos)
        done = scene.step_choice(scene.say("plan.klaar"), DONE)
        clear = scene.step_choice(scene.say("plan.fotos_weg"), CLEAR)
        step = "fotos_meer" if count < MAX_PHOTOS else "fotos_vol"
        return question(scene, step, done, clear, wants=frozenset({"photo"}), aantal=count, maximum=MAX_PHOTOS)

    def take(self, scene: Scene, draft: PlanDraft) -> Taken | None:
        value = scene.step_value()
        if value in (SKIP, DONE) or kept(scene) or skipped(scene) or scene.means("klaar") or scene.means("nee"):
            return Taken()
        if spoken(scene, "plan.woorden_geen_fotos"):
            return Taken()
        if value == CLEAR:
            return Taken({"photos": ()}, done=False, effects=(DropPhotos(draft.photos),))
        return again(scene, "plan.geen_foto") if typed(scene) else None


class ContactStep:
    """At least one way to reach the resident. Ways are added until they say that it is enough."""

    id = "contact"

    def answered(self, draft: PlanDraft) -> bool:
        return draft.by_chat or bool(draft.email) or bool(draft.telephone)

    def ask(self, scene: Scene, draft: PlanDraft) -> Reply:
        ways = {"chat": draft.by_chat, "email": draft.email, "telefoon": draft.telephone}
        choices = [scene.step_choice(scene.say(f"plan.via_{way}"), way) for way, known in ways.items() if not known]
        if not self.answered(draft):
            return question(scene, self.id, *choices, wants=frozenset({"email", "telephone"}))
        choices.insert(0, scene.step_choice(scene.say("plan.klaar"), DONE))
        choices.append(scene.step_choice(scene.say("plan.contact_wis"), CLEAR))
        reached = [scene.say("samenvatting.deze_chat")] if draft.by_chat else []
        telephone = show_telephone(draft.telephone, scene.knowledge.gemeente.region_code)
        reached += [way for way in (draft.email, telephone) if way]
        return question(
            scene,
            "contact_meer",
            *choices,
            wants=frozenset({"email", "telephone"}),
            wegen=enumerate_names(reached, scene.say("bedrag.en")),
        )

    def take(self, scene: Scene, draft: PlanDraft) -> Taken | None:
        match scene.step_value():
            case "chat":
                return Taken({"by_chat": True}, done=False)
            case "email" | "telefoon" as way:
                return Taken(goto=way)
            case "wis":
                return Taken({"by_chat": False, "email": "", "telephone": ""}, done=False)
            case "klaar":
                return self._enough(scene, draft)
        if not typed(scene):
            return None
        return _typed_way(scene) or self._worded(scene, draft)

    def _worded(self, scene: Scene, draft: PlanDraft) -> Taken:
        """A way named in words ("bel me maar"), or a word for "that is all"."""
        if not scene.mentions("plan.woorden_ontkenning"):
            for way in ("email", "telefoon"):
                if scene.mentions(f"plan.woorden_{way}"):
                    return Taken(goto=way)
            if scene.mentions("plan.woorden_chat"):
                return Taken({"by_chat": True}, done=False)
        if scene.means("klaar") or scene.means("nee") or skipped(scene) or kept(scene):
            return self._enough(scene, draft)
        return again(scene, _what_is_wrong(scene))

    def _enough(self, scene: Scene, draft: PlanDraft) -> Taken:
        return Taken() if self.answered(draft) else again(scene, "plan.contact_nodig")


def _what_is_wrong(scene: Scene) -> str:
    """Why what was typed reaches nobody."""
    if "@" in scene.text:
        return "plan.geen_email"
    looks_dialled = sum(character.isdigit() for character in scene.text) >= DIALLED
    return "plan.geen_telefoon" if looks_dialled else "plan.contact_niet_herkend"


def _typed_way(scene: Scene) -> Taken | None:
    """E-mail address and telephone number in what was typed; None where it holds neither."""
    email = find_email(scene.text) or find_email(AROUND_AT.sub("@", scene.text))
    telephone = find_telephone(scene.text, scene.knowledge.gemeente.region_code)
    found = {"email": email, "telephone": telephone}
    fields = {name: value for name, value in found.items() if value}
    return Taken(fields, done=False, goto="contact") if fields else None


class AddressStep:
    """Asks for the e-mail address or telephone number itself; leads back to the ways of contact."""

    def __init__(self, step: str) -> None:
        self.id = step

    def answered(self, draft: PlanDraft) -> bool:
        return bool(draft.email if self.id == "email" else draft.telephone)

    def ask(self, scene: Scene, draft: PlanDraft) -> Reply:
        other = scene.step_choice(scene.say("plan.andere_manier"), SKIP)
        wanted = frozenset({"email" if self.id == "email" else "telephone"})
        return question(scene, self.id, other, wants=wanted)  # type: ignore[arg-type]

    def take(self, scene: Scene, draft: PlanDraft) -> Taken | None:
        if scene.step_value() == SKIP:
            return Taken(goto="contact")
        if not typed(scene):
            return None
        if skipped(scene) or scene.means("nee"):
            return Taken(goto="contact")
        return _typed_way(scene) or again(scene, f"plan.geen_{self.id}")
