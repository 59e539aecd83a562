"""Postcode, wijk, buurt and location: which wijk is it, and who is there for it."""

from __future__ import annotations

from bot.conversation.answers.topics import WANTED, answer_topic, menu
from bot.conversation.turn.choices import topic_choice
from bot.conversation.turn.events import Located
from bot.conversation.turn.phrasing import Phrasing, holder_phrase
from bot.conversation.turn.replies import Choice, Reply, Turn, Wanted
from bot.conversation.turn.scene import Scene
from bot.initiative.calendar import local_date
from knowledge.entities.entities import find_postcode
from knowledge.language.formatting import enumerate_names
from knowledge.language.normalise import words
from knowledge.models.content import Topic
from knowledge.models.placeholders import names_in
from knowledge.places.places import Place

BARE = 2
"""Words of a message that may be nothing but a place ("1221 AB", "in Zuid")."""
TELLING = 8
"""Words up to which a message may only tell where somebody lives."""
LOCATION: frozenset[Wanted] = frozenset({"location"})
PER_AREA = frozenset({"wijk.regisseur", "wijk.contact", "wijk.gebied"})
"""Placeholders that differ between the areas of one wijk."""


# -- which place --------------------------------------------------------------------


def place_of(scene: Scene) -> Place | None:
    """The place that the event names: a shared location, a button, a postcode, a wijk or buurt; None for none."""
    if isinstance(scene.event, Located):
        return scene.knowledge.places.find_location(scene.event.latitude, scene.event.longitude)
    if scene.data.startswith("g:"):
        return place_of_area(scene, scene.data[2:])
    postcode = find_postcode(scene.text)
    if postcode:
        return scene.knowledge.places.find_postcode(postcode)
    return scene.knowledge.places.find_name(scene.text)


def named(scene: Scene) -> Place | None:
    """The place that a question names; the resident's own part of a wijk where only the wijk is named."""
    place = place_of(scene)
    state = scene.state
    if place is not None and place.kind == "split" and state.wijk == place.wijk and state.area:
        return Place("sure", state.wijk, state.area)
    return place


def place_of_area(scene: Scene, area: str) -> Place | None:
    """The place of a pressed area button; None for one that no longer exists."""
    for known in scene.knowledge.places.areas:
        if known.name == area:
            return Place("sure", wijk=known.wijk, area=known.name)
    return None


def needs_area(topic: Topic) -> bool:
    """Whether the answer differs between the areas of one wijk."""
    return any(names_in(text) & PER_AREA for text in (topic.answer_wijk or {}).values())


def area_choices(scene: Scene, names: tuple[str, ...] = ()) -> tuple[Choice, ...]:
    """A button per area, or for the named ones only."""
    areas = names or tuple(area.name for area in scene.knowledge.places.areas)
    return tuple(Choice(area, f"g:{area}") for area in areas)


# -- a place and no question --------------------------------------------------------


def place_only(scene: Scene) -> Turn | None:
    """A message that is only a place ("1221AB", "ik woon in de Meent"), or a shared location."""
    if isinstance(scene.event, Located):
        return located(scene)
    if not scene.text or "?" in scene.text or len(words(scene.text)) > TELLING:
        return None
    place = place_of(scene)
    return settle_place(scene, place) if place is not None and _only_tells(scene) else None


def located(scene: Scene) -> Turn | None:
    """A shared location, in a form that did not ask for one as well."""
    return settle_place(scene, place_of(scene)) if isinstance(scene.event, Located) else None


def _only_tells(scene: Scene) -> bool:
    """Whether a short message with a place in it asks nothing else."""
    if len(words(scene.text)) <= BARE:
        return True
    match = scene.knowledge.matcher.match(scene.text, scene.language)
    if match.kind == "answer":  # "ik woon in Zuid" is a question about one's wijk to the matcher
        return scene.knowledge.topics[match.topics[0]].step == "wijk"
    return tells_own(scene) or bool(scene.state.pending_topic)


def tells_own(scene: Scene) -> bool:
    """Whether the text says "ik woon in", "mijn wijk": a place in it is the resident's own."""
    padded = f" {' '.join(words(scene.text))} "
    return any(f" {opener} " in padded for opener in scene.phrases("opdracht.ik_woon"))


# -- remember it, and say so --------------------------------------------------------


def settle(scene: Scene, place: Place) -> Scene:
    """The scene with the wijk remembered."""
    return scene.to(wijk=place.wijk, area=place.area, postcode=place.postcode, topic_wijk="", topic_area="")


def settle_place(scene: Scene, place: Place | None) -> Turn:
    """Remembers the wijk and says so, answers what waited for it, or says why it could not be found."""
    if place is None:
        return scene.turn(_asked(scene, "wijk.niet_gevonden", *area_choices(scene)))
    if place.kind in ("elsewhere", "nonexistent"):
        return scene.turn(not_here(scene, place))
    if place.kind == "split":
        choices = area_choices(scene, place.alternatives)
        return scene.turn(scene.reply("wijk.welk_deel", *choices, *_leave(scene), wijk=place.wijk))
    scene = settle(scene, place)
    waiting = scene.state.pending_topic
    if waiting in scene.knowledge.topics:
        answered = answer_topic(scene, waiting, question=scene.state.question)
        return Turn(answered.state, (found_reply(scene, place, brief=True), *answered.replies), answered.effects)
    return scene.turn(found_reply(scene, place, brief=scene.in_form))


def not_here(scene: Scene, place: Place) -> Reply:
    """Why a postcode or location gives no wijk."""
    choices = area_choices(scene) if _leave(scene) else ()
    if place.kind == "elsewhere" and isinstance(scene.event, Located):
        return _asked(scene, "wijk.andere_gemeente_plek", *choices)
    key = "wijk.andere_gemeente" if place.kind == "elsewhere" else "wijk.postcode_bestaat_niet"
    shown = place.postcode or scene.say("wijk.deze_plek")
    return _asked(scene, key, *choices, postcode=shown)


def _asked(scene: Scene, key: str, *choices: Choice, **values: object) -> Reply:
    """Something after which the place is still to be told."""
    return scene.reply(key, *choices, *_leave(scene), wants=LOCATION, **values)


def _leave(scene: Scene) -> tuple[Choice, ...]:
    """The way out of the form that asks for the wijk; () in any other form and in none."""
    walk = scene.state.walk
    return (scene.choice("stappen.stop", "c:stop"),) if walk is not None and walk.kind == WijkWalk.kind else ()


def found_reply(scene: Scene, place: Place, *, brief: bool) -> Reply:
    """The wijk found; brief before an answer or a form's question, else with the wijkregisseur and what to do next."""
    phrasing = Phrasing(scene, place.wijk, place.area)
    where = place.area or place.wijk
    likely = place.kind == "likely"
    found = "waarschijnlijk" if likely else "gevonden"
    spot = "_plek" if isinstance(scene.event, Located) else ""
    first = scene.say(f"wijk.{found}{spot}", wijk=where)
    if likely and place.alternatives:
        others = enumerate_names(place.alternatives, scene.say("bedrag.of"))
        first = f"{first} {scene.say(f'wijk.kan_ook{spot}', wijken=others)}"
    paragraphs = [first]
    if not brief:
        who = _name_or_role(scene, place)
        paragraphs.append(scene.say("wijk.wie", regisseur=who, contact=phrasing.render("{wijk.contact}")))
    paragraphs.append(scene.say("wijk.anders"))
    choices = [*_correction(scene, place), scene.choice("wijk.andere", "w:wijk")]
    return scene.reply("wijk.regels", *(() if brief else _next(scene)), *choices, regels="\n\n".join(paragraphs))


def _name_or_role(scene: Scene, place: Place) -> str:
    """The wijkregisseur; by the role alone where no name is known, for the line after it tells the area."""
    contact = scene.knowledge.facts.contact(place.area, local_date(scene.event.at))
    named = contact is not None and contact.name
    return holder_phrase(scene, place.area, place.wijk) if named else scene.say("rol.wijkregisseur")


def _next(scene: Scene) -> list[Choice]:
    topics = [topic_choice(scene, topic) for topic in WANTED if topic in scene.knowledge.topics]
    return [*topics, scene.choice("stap.plan", "w:plan")]


def _correction(scene: Scene, place: Place) -> tuple[Choice, ...]:
    """Buttons for the other wijken that a postcode may belong to."""
    others = tuple(area.name for area in scene.knowledge.places.areas if area.wijk in place.alternatives)
    return area_choices(scene, others) if others else ()


class WijkWalk:
    """The one-step form that asks for the wijk: /wijk, or the button to change it."""

    kind = "wijk"

    def start(self, scene: Scene, reference: str = "") -> Turn:
        scene = scene.walking(self.kind, "waar")
        return scene.turn(self.ask(scene))

    def ask(self, scene: Scene) -> Reply:
        known = scene.state.area or scene.state.wijk
        if known:
            return _asked(scene, "wijk.vraag_opnieuw", *area_choices(scene), wijk=known)
        return _asked(scene, "wijk.vraag", *area_choices(scene))

    def take(self, scene: Scene) -> Turn | None:
        if scene.asks_something():
            return None
        place = place_of(scene)
        known = scene.state
        if place is None and known.wijk and scene.typed and scene.means("ja"):  # "Klopt dat niet?": it does
            place = Place("sure", known.wijk, known.area, postcode=known.postcode)
        if place is not None:
            return settle_place(scene.to(walk=None) if place.kind in ("sure", "likely") else scene, place)
        if not scene.typed:
            return None
        key = "wijk.hulp" if scene.means("weet_ik_niet") or scene.means("overslaan") else "wijk.niet_gevonden"
        return scene.turn(_asked(scene, key, *area_choices(scene)))

    def back(self, scene: Scene) -> Turn:
        return self.stop(scene)

    def stop(self, scene: Scene) -> Turn:
        scene = scene.to(walk=None)
        # The form that was interrupted goes on: then there is nothing to say here.
        return scene.turn() if scene.in_form else scene.turn(scene.reply("stappen.gestopt", *menu(scene)))

    def restart(self, scene: Scene) -> Turn:
        return self.start(scene)
