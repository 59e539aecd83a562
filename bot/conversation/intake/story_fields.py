"""What a resident's own words tell of a plan, as fields of its draft."""

from __future__ import annotations

from bot.conversation.intake.steps import LARGEST, MAX_TEXT, shorten
from bot.conversation.turn.scene import Scene
from bot.initiative.draft import PlanDraft
from knowledge.entities.masking import mask
from knowledge.places.places import Place
from knowledge.wishes.story import Story

TITLE = 60
"""Characters of a title that is only the beginning of the story."""

Fields = dict[str, object]


def read(scene: Scene, text: str) -> Story:
    knowledge = scene.knowledge
    return knowledge.wishes.stories.read(text, knowledge.places, knowledge.gemeente.region_code)


def wish_of(scene: Scene, text: str) -> PlanDraft:
    """The draft that a first message tells; the story itself is kept whole."""
    story = read(scene, text)
    told = {"what": mask(text[:MAX_TEXT]).text, "title": title_of(story, text), **fields_of(scene, story)}
    return PlanDraft().model_copy(update=told)


def told_by(scene: Scene, draft: PlanDraft, text: str) -> Fields:
    """What this text tells that the draft does not hold yet."""
    story = read(scene, text)
    told = {name: value for name, value in fields_of(scene, story).items() if not getattr(draft, name)}
    if draft.wijk:
        told = {name: value for name, value in told.items() if name not in ("wijk", "area", "postcode", "buurt")}
    return told if draft.title else {**told, "title": title_of(story, text)}


def title_of(story: Story, text: str) -> str:
    return mask(story.title or shorten(text.strip().splitlines()[0], TITLE)).text


def fields_of(scene: Scene, story: Story) -> Fields:
    told: Fields = {
        "spot": story.spot,
        "when": story.when,
        "support": mask(story.joining).text,
        "own_share": mask(story.own_share).text,
        "name": mask(story.person.name).text,
        "email": story.person.email,
        "telephone": story.person.telephone,
        **place_fields(scene, story.place),
    }
    if story.amount is not None and story.amount.upper <= LARGEST:
        told |= {"amount": story.amount.upper, "amount_text": mask(story.amount.text).text}
    return {name: value for name, value in told.items() if value}


def place_fields(scene: Scene, place: Place | None) -> Fields:
    """Only a place that settles whose plan it is; of a wijk with more areas the resident's own, if it is one."""
    if place is None or place.kind in ("elsewhere", "nonexistent"):
        return {}
    area = place.area
    if place.kind == "split":
        area = scene.state.area if scene.state.wijk == place.wijk else ""
    if not area:
        return {}
    return {"wijk": place.wijk, "area": area, "postcode": place.postcode, "buurt": place.buurt}


def corrections(scene: Scene, draft: PlanDraft, text: str) -> Fields:
    """What a message at the card tells anew; it may overwrite what was read before."""
    told = fields_of(scene, read(scene, text))
    told.pop("own_share" if "own_share" in told and draft.own_share else "", None)
    return {name: value for name, value in told.items() if value != getattr(draft, name)}
