"""Postcode, wijk, buurt and location: which wijk is it, and who is there for it."""

from __future__ import annotations

from knowledge.entities import find_entities, find_postcode
from knowledge.places import Place

from bot.conversation.answer import answer_topic, topic_choice
from bot.conversation.events import Located
from bot.conversation.phrasing import Phrasing, enumerate_names
from bot.conversation.replies import Choice, Reply, Turn
from bot.conversation.walk import Scene
from knowledge.normalise import words

CONTACT_TOPIC = "wijkregisseur"
PLACE_WORDS = 6
"""Words besides the place up to which a message is only telling where somebody lives."""
LOCATION = frozenset({"location"})


def place_of(scene: Scene) -> Place | None:
    """The place that the event names: a shared location, a postcode, a wijk or buurt; None where it names none."""
    places = scene.knowledge.places
    if isinstance(scene.event, Located):
        return places.find_location(scene.event.latitude, scene.event.longitude)
    if scene.data.startswith("g:"):
        return place_of_area(scene, scene.data[2:])
    postcode = find_postcode(scene.text)
    if postcode:
        return places.find_postcode(postcode)
    return places.find_name(scene.text)


def place_of_area(scene: Scene, area: str) -> Place | None:
    """The place of a pressed area button; None for one that no longer exists."""
    for known in scene.knowledge.places.areas:
        if known.name == area:
            return Place("sure", wijk=known.wijk, area=known.name)
    return None


def area_choices(scene: Scene, names: tuple[str, ...] = ()) -> tuple[Choice, ...]:
    """A button per area, or for the named ones only."""
    areas = names or tuple(area.name for area in scene.knowledge.places.areas)
    return tuple(Choice(area, f"g:{area}") for area in areas)


def place_only(scene: Scene) -> Turn | None:
    """A message that is only a place ("1221AB", "ik woon in de Meent"), or a shared location."""
    if isinstance(scene.event, Located):
        return settle_place(scene, place_of(scene))
    if not scene.text or not _is_only_place(scene):
        return None
    return settle_place(scene, place_of(scene))


def located_aside(scene: Scene) -> Turn | None:
    """A location shared in the middle of a form that did not ask for one."""
    return settle_place(scene, place_of(scene)) if isinstance(scene.event, Located) else None


def _is_only_place(scene: Scene) -> bool:
    """Whether the message tells a place and asks nothing: a postcode or name and small words."""
    found = find_entities(scene.text, scene.knowledge.places)
    if not (found.postcode or found.wijk):
        return False
    count = len(words(scene.text))
    if count <= 2 and not scene.text.endswith("?"):
        return True
    if count > PLACE_WORDS + 2 or "?" in scene.text:
        return False
    telling = tuple(word.strip() for word in scene.say("opdracht.ik_woon").split(","))
    folded = " ".join(words(scene.text))
    return any(opener in folded for opener in telling)


def settle(scene: Scene, place: Place) -> Scene:
    """The scene with the wijk remembered."""
    return scene.to(wijk=place.wijk, area=place.area, postcode=place.postcode)


def settle_place(scene: Scene, place: Place | None) -> Turn:
    """Remembers the wijk and says so, answers what waited for it, or says why it could not be found."""
    if place is None:
        return scene.turn(scene.reply("wijk.niet_gevonden", *area_choices(scene), wants=LOCATION))
    if place.kind in ("elsewhere", "nonexistent"):
        return scene.turn(not_here(scene, place))
    if place.kind == "split":
        choices = area_choices(scene, place.alternatives)
        return scene.turn(scene.reply("wijk.welk_deel", *choices, wijk=place.wijk))
    scene = settle(scene, place)
    waiting = scene.state.pending_topic
    if waiting in scene.knowledge.topics:
        answered = answer_topic(scene, waiting, question=scene.state.question)
        return Turn(answered.state, (found_reply(scene, place, brief=True), *answered.replies), answered.effects)
    return scene.turn(found_reply(scene, place, brief=False))


def not_here(scene: Scene, place: Place) -> Reply:
    """Why a postcode or location gives no wijk."""
    key = "wijk.andere_gemeente" if place.kind == "elsewhere" else "wijk.postcode_bestaat_niet"
    shown = place.postcode or scene.say("wijk.deze_plek")
    return scene.reply(key, wants=LOCATION, postcode=shown)


def found_reply(scene: Scene, place: Place, *, brief: bool) -> Reply:
    """The wijk found; brief before an answer, else with the wijkregisseur and what to do next."""
    phrasing = Phrasing(scene, place.wijk, place.area)
    where = place.area if place.area and place.area != place.wijk else place.wijk
    lines = [
        scene.say(
            "wijk.gevonden" if place.kind == "sure" else "wijk.waarschijnlijk", wijk=where, postcode=place.postcode
        )
    ]
    if place.kind == "likely":
        lines.append(scene.say("wijk.kan_ook", wijken=enumerate_names(place.alternatives, scene.say("bedrag.of"))))
    if not brief:
        who = {"regisseur": phrasing.render("{wijk.regisseur}"), "contact": phrasing.render("{wijk.contact}")}
        lines.append(scene.say("wijk.wie", **who))
    lines.append(scene.say("wijk.anders"))
    choices = (
        []
        if brief
        else [
            topic_choice(scene, CONTACT_TOPIC),
            topic_choice(scene, "wijkbudget"),
            scene.choice("stap.plan", "w:plan"),
        ]
    )
    return scene.reply("wijk.regels", *choices, scene.choice("wijk.andere", "w:wijk"), regels="\n".join(lines))


class WijkWalk:
    """The one-step form that asks for the wijk: /wijk, or the button to change it."""

    kind = "wijk"

    def start(self, scene: Scene, reference: str = "") -> Turn:
        scene = scene.walking(self.kind, "waar")
        return scene.turn(self.ask(scene))

    def ask(self, scene: Scene) -> Reply:
        key = "wijk.vraag_opnieuw" if scene.state.wijk else "wijk.vraag"
        values = {"wijk": scene.state.area or scene.state.wijk} if scene.state.wijk else {}
        return scene.reply(key, *area_choices(scene), wants=LOCATION, **values)

    def take(self, scene: Scene) -> Turn | None:
        if scene.asks_something():
            return None
        place = place_of(scene)
        if place is None:
            return (
                None
                if scene.data or not scene.text
                else scene.turn(scene.reply("wijk.niet_gevonden", *area_choices(scene), wants=LOCATION))
            )
        if place.kind in ("sure", "likely"):
            scene = scene.to(walk=None)
        return settle_place(scene, place)

    def back(self, scene: Scene) -> Turn:
        return self.stop(scene)

    def stop(self, scene: Scene) -> Turn:
        return scene.to(walk=None).turn(scene.reply("stappen.gestopt"))

    def restart(self, scene: Scene) -> Turn:
        return self.start(scene)
