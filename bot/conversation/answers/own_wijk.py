"""Postcode, wijk, buurt and location: which wijk is it, and who is there for it."""

from __future__ import annotations

from bot.conversation.answers.topics import WANTED, answer_topic, area_choices, led_in, menu
from bot.conversation.turn.choices import topic_choice
from bot.conversation.turn.events import Located, Said
from bot.conversation.turn.phrasing import Phrasing, holder_phrase, place_name
from bot.conversation.turn.replies import Choice, Reply, Turn, Wanted
from bot.conversation.turn.scene import Scene
from bot.initiative.calendar import local_date
from knowledge.language.formatting import enumerate_names
from knowledge.language.normalise import words
from knowledge.models.content import Topic
from knowledge.models.placeholders import names_in
from knowledge.places.held import tells_own_home
from knowledge.places.places import Place
from knowledge.places.streets import street_named

__all__ = ["area_choices", "place_of", "settle_place"]

ASKED_AT = "waar"
"""The step of any form that asks for a place."""
TELLING = 8
"""Words up to which a message may only tell where somebody lives."""
ADDRESS = 4
"""Words of a street with its number."""
LOCATION: frozenset[Wanted] = frozenset({"location"})
PER_AREA = frozenset({"wijk.regisseur", "wijk.contact", "wijk.gebied"})
"""Placeholders that differ between the areas of one wijk."""


# -- which place --------------------------------------------------------------------


def place_of(scene: Scene) -> Place | None:
    """The place that the event names: a shared location, a button, a postcode, street, wijk or buurt; None for none."""
    if isinstance(scene.event, Located):
        return scene.knowledge.places.find_location(scene.event.latitude, scene.event.longitude)
    if scene.data.startswith("g:"):
        return place_of_area(scene, scene.data[2:])
    return scene.knowledge.places.find(_told(scene), asked=is_asked(scene))


def _told(scene: Scene) -> str:
    """What was typed, with the postcode that was looked up for the address in it."""
    looked_up = scene.event.postcode if isinstance(scene.event, Said) else ""
    return f"{scene.text}, {looked_up}" if looked_up else scene.text


def is_asked(scene: Scene) -> bool:
    """Whether the resident was just asked for a place: then four digits are a postcode and "Bussum" is an answer."""
    walk = scene.state.walk
    return bool(scene.state.pending_topic) or (
        walk is not None and (walk.kind == WijkWalk.kind or walk.step == ASKED_AT)
    )


def named(scene: Scene) -> Place | None:
    """The place that a question names; the resident's own part of a wijk where only the wijk is named.

    A question about two wijken is answered for the first; a town counts only as somebody's home.
    """
    place = place_of(scene)
    state = scene.state
    if place is not None and place.kind == "unclear":
        place = scene.knowledge.places.find_name(scene.text)
    if place is not None and place.town and not tells_own(scene):
        return None
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


# -- a place and no question --------------------------------------------------------


def place_only(scene: Scene) -> Turn | None:
    """A message that is only a place ("1221AB", "ik woon in de Meent"), or a shared location."""
    if isinstance(scene.event, Located):
        return located(scene)
    place = place_of(scene) if scene.text else None
    if place is None:
        return _street_not_known(scene)
    return settle_place(scene, place) if _only_tells(scene) else None


def _street_not_known(scene: Scene) -> Turn | None:
    """ "ik woon aan de Dorpsweg", "Dorpsweg 12": a street that no table has, so the postcode is asked."""
    said = words(scene.text)
    street = street_named(scene.text) if scene.text and "?" not in scene.text and len(said) <= TELLING else ""
    bare = len(said) <= ADDRESS and any(word[:1].isdigit() for word in said)
    if not street or not (bare or tells_own(scene)):
        return None
    return scene.turn(_asked(scene, "wijk.straat_onbekend", *area_choices(scene), straat=street))


def located(scene: Scene) -> Turn | None:
    """A shared location, in a form that did not ask for one as well."""
    return settle_place(scene, place_of(scene)) if isinstance(scene.event, Located) else None


def _only_tells(scene: Scene) -> bool:
    """Whether a message with a place in it asks nothing else."""
    said = words(scene.text)
    if "?" in scene.text or len(said) > TELLING:
        return False
    if scene.knowledge.places.is_only_place(_told(scene)):
        return True
    match = scene.knowledge.matcher.match(scene.text, scene.language)
    if match.kind == "answer":  # "ik woon in Zuid" is a question about one's wijk to the matcher
        return scene.knowledge.topics[match.topics[0]].step == "wijk"
    return tells_own(scene) or bool(scene.state.pending_topic)


def tells_own(scene: Scene) -> bool:
    """Whether the text says "ik woon in", "mijn wijk": a place in it is the resident's own."""
    said = words(scene.text)
    padded = f" {' '.join(said)} "
    return tells_own_home(said) or any(f" {opener} " in padded for opener in scene.phrases("opdracht.ik_woon"))


# -- remember it, and say so --------------------------------------------------------


def settle(scene: Scene, place: Place) -> Scene:
    """The scene with the wijk remembered."""
    return scene.to(wijk=place.wijk, area=place.area, postcode=place.postcode, topic_wijk="", topic_area="")


def settle_place(scene: Scene, place: Place | None) -> Turn:
    """Remembers the wijk and says so, answers what waited for it, or says why it could not be found."""
    if place is None:
        return scene.turn(not_found(scene))
    if place.kind == "unclear":
        return scene.turn(which_place(scene, place, *area_choices(scene, place.alternatives), *_leave(scene)))
    if place.kind in ("elsewhere", "nonexistent"):
        return scene.turn(not_here(scene, place))
    if place.kind == "split":
        choices = area_choices(scene, place.alternatives)
        return scene.turn(scene.reply("wijk.welk_deel", *choices, *_leave(scene), wijk=place.wijk))
    scene = settle(scene, place)
    waiting = scene.state.pending_topic
    if waiting in scene.knowledge.topics:
        answered = answer_topic(scene, waiting, question=scene.state.question)
        found = found_reply(scene, place, brief=True)
        return Turn(answered.state, led_in(found.text, answered.replies), answered.effects)
    return scene.turn(found_reply(scene, place, brief=scene.in_form))


def which_place(scene: Scene, place: Place, *choices: Choice) -> Reply:
    """Asks which of several places is meant; a wrong wijk would send a plan to the wrong officer."""
    shown = enumerate_names(place.alternatives, scene.say("bedrag.of"))
    key = "wijk.straat_deels" if place.street else "wijk.welke"
    return scene.reply(key, *choices, wants=LOCATION, wijken=shown, straat=place.street)


def not_found(scene: Scene) -> Reply:
    """Nothing here has that name; of a street it is said that only the postcode helps."""
    street = street_named(scene.text)
    key = "wijk.straat_onbekend" if street else "wijk.niet_gevonden"
    return _asked(scene, key, *area_choices(scene), straat=street)


def not_here(scene: Scene, place: Place) -> Reply:
    """Why a postcode or location gives no wijk."""
    choices = area_choices(scene) if _leave(scene) else ()
    if place.kind == "elsewhere" and isinstance(scene.event, Located):
        return _asked(scene, "wijk.andere_gemeente_plek", *choices)
    key = "wijk.andere_gemeente" if place.kind == "elsewhere" else "wijk.postcode_bestaat_niet"
    shown = place.postcode or place.town or scene.say("wijk.deze_plek")
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
    first = scene.say(f"wijk.{found}{spot}", wijk=place_name(scene, where))
    if likely and place.alternatives:
        names = (place_name(scene, name) for name in place.alternatives)
        others = enumerate_names(names, scene.say("bedrag.of"))
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
        if scene.means("weet_ik_niet") or scene.means("overslaan"):
            return scene.turn(_asked(scene, "wijk.hulp", *area_choices(scene)))
        return scene.turn(not_found(scene))

    def back(self, scene: Scene) -> Turn:
        return self.stop(scene)

    def stop(self, scene: Scene) -> Turn:
        scene = scene.to(walk=None)
        # The form that was interrupted goes on: then there is nothing to say here.
        return scene.turn() if scene.in_form else scene.turn(scene.reply("stappen.gestopt", *menu(scene)))

    def restart(self, scene: Scene) -> Turn:
        return self.start(scene)
