"""The question of the plan form for its place."""

from __future__ import annotations

from bot.conversation.answers.own_wijk import area_choices, not_found, not_here, place_of, place_of_area, which_place
from bot.conversation.intake.steps import Taken, again, kept, question, skipped, typed
from bot.conversation.intake.story_fields import read
from bot.conversation.turn.events import Located
from bot.conversation.turn.phrasing import place_name
from bot.conversation.turn.replies import Reply, Wanted
from bot.conversation.turn.scene import Scene
from bot.initiative.draft import PlanDraft
from knowledge.places.places import Place


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
            return self._settle(scene, draft, place)
        if scene.step_value() is None and not typed(scene):
            return None
        return Taken(remarks=(Reply(not_found(scene).text, language=scene.language),), done=False)

    def _place(self, scene: Scene, draft: PlanDraft) -> Place | None:
        if scene.step_value():
            return place_of_area(scene, scene.step_value() or "")
        if scene.means("ja") and not draft.wijk:
            return place_of_area(scene, scene.state.area)
        return place_of(scene) if isinstance(scene.event, Located) or typed(scene) else None

    def _settle(self, scene: Scene, draft: PlanDraft, place: Place) -> Taken:
        if place.kind in ("elsewhere", "nonexistent"):
            return Taken(remarks=(not_here(scene, place),), done=False)
        if place.kind == "unclear":
            choices = [scene.step_choice(area, area) for area in place.alternatives]
            return Taken(remarks=(which_place(scene, place, *choices),), done=False, asks=True)
        if place.kind == "split":
            choices = [scene.step_choice(area, area) for area in place.alternatives]
            return Taken(remarks=(scene.reply("wijk.welk_deel", *choices, wijk=place.wijk),), done=False, asks=True)
        found = {"wijk": place.wijk, "area": place.area, "postcode": place.postcode}
        spot = read(scene, scene.text).spot if scene.text and not draft.spot else ""
        key = "plan.waar_gevonden" if place.kind == "sure" else "plan.waar_waarschijnlijk"
        remembered = {} if scene.state.wijk else found
        fields = {**found, "buurt": place.buurt, **({"spot": spot} if spot else {})}
        named = place_name(scene, place.area or place.wijk)
        return Taken(fields, (scene.reply(key, gebied=named),), remembered=remembered)
