"""The question of the plan form for its place."""

from __future__ import annotations

from bot.conversation.answers.own_wijk import area_choices, not_here, place_of, place_of_area
from bot.conversation.intake.steps import Taken, again, kept, question, skipped, typed
from bot.conversation.turn.events import Located
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
        choices = [scene.step_choice(scene.say("plan.waar_ja", gebied=known), known)] if known else []
        choices += [scene.step_choice(area.label, area.label) for area in area_choices(scene) if area.label != known]
        step = "waar_bekend" if known else self.id
        location: frozenset[Wanted] = frozenset({"location"})
        return question(scene, step, *choices, now=draft.area or draft.wijk, wants=location, gebied=known)

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
        return Taken(found, (scene.reply(key, gebied=place.area or place.wijk),), remembered=remembered)
