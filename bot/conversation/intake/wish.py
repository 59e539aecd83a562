"""A wish in whatever words: taken up before any topic answers it, with another door where it may be one."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.answers import questions, topics
from bot.conversation.answers.finding import opens_with
from bot.conversation.intake.order import CONSENT, KIND, RESUME
from bot.conversation.intake.similar import similar_plans
from bot.conversation.intake.story_fields import told_by, wish_of
from bot.conversation.intake.wording import ask_consent, ask_resume, told_lines
from bot.conversation.turn.choices import topic_choice
from bot.conversation.turn.events import Pictured, Said
from bot.conversation.turn.replies import Choice, Reply, Turn
from bot.conversation.turn.scene import Scene
from bot.initiative.draft import PlanDraft
from knowledge.entities.masking import mask
from knowledge.language.normalise import words
from knowledge.wishes.message_kinds import Kind, Verdict
from knowledge.wishes.things import THING

YES, ASK = "c:wens", "c:wens_vraag"
"""Buttons: bring it to the wijkregisseur, and answer it as a question after all."""
DOORS = 2
"""Other doors beside the main one."""
ANOTHER = 0.1
"""How likely another kind must be to get its door."""
CERTAIN = 0.8
"""From here a report or nuisance is answered as one, whatever topic the matcher finds."""
SMALL_TALK = (
    "ja",
    "nee",
    "oke",
    "groet",
    "bedankt",
    "weet_ik_niet",
    "overslaan",
    "klaar",
    "keuze_geen",
    "keuze_laatste",
)


def told_apart(scene: Scene) -> Turn | None:
    """The turn for a wish, for what may be one, and for a sure report or nuisance that the matcher missed."""
    if not _is_content(scene):
        return None
    added = _added(scene)
    if added is not None:
        return added
    verdict = scene.knowledge.wishes.kinds.judge(scene.text)
    if verdict.is_wish:
        return offer(scene, verdict)
    if verdict.may_be_wish:
        return _ask_which(scene)
    return _plainly(scene, verdict)


def pictured(scene: Scene) -> Turn | None:
    """A wish told under a photo: the photo goes with it."""
    if not isinstance(scene.event, Pictured) or not _is_content(scene):
        return None
    verdict = scene.knowledge.wishes.kinds.judge(scene.text)
    return offer(scene, verdict) if verdict.is_wish else None


def _is_content(scene: Scene) -> bool:
    if not isinstance(scene.event, Said | Pictured) or not words(scene.text) or scene.in_form:
        return False
    waiting = scene.state.pending_topic and len(words(scene.text)) <= questions.FEW
    chosen = waiting or any(scene.means(f"keuze_{place + 1}") for place in range(len(scene.state.offered)))
    return not chosen and not any(scene.means(word) for word in SMALL_TALK)


# -- a wish ---------------------------------------------------------------------------


def offer(scene: Scene, verdict: Verdict) -> Turn:
    wish = wish_of(scene, scene.text)
    if isinstance(scene.event, Pictured):
        wish = wish.model_copy(update={"photos": (scene.event.photo,)})
    return _offered(scene, wish, _doors(scene, verdict))


def _offered(scene: Scene, wish: PlanDraft, doors: tuple[Choice, ...] = ()) -> Turn:
    """What was understood, what is like it already, and whether to bring it to the wijkregisseur."""
    yes = scene.choice("wens.ja", YES)
    lines, alike = told_lines(scene, wish), similar_plans(scene, wish)
    if lines:
        understood = scene.say("wens.begrepen", titel=_named(wish), regels="\n".join(lines))
        parts = [understood, *alike, scene.say("wens.zal_ik")]
    else:
        parts = [*alike, scene.say("wens.voorstel", titel=_named(wish))]
    asked = mask(scene.text, contacts=True).text
    changes = {"wish": wish, "if_yes": YES, "offered": (), "misses": 0, "question": asked, "pending_topic": ""}
    reply = Reply("\n\n".join(part.strip() for part in parts), (yes, *doors), language=scene.language)
    return scene.to(**changes).turn(reply)


def _named(wish: PlanDraft) -> str:
    """The title as it stands in the middle of a sentence."""
    first, _, rest = wish.title.partition(" ")
    lower = first.lower() if rest or not first.isupper() else first
    return f"{first if first.isupper() and len(first) > 1 else lower} {rest}".strip()


def _doors(scene: Scene, verdict: Verdict) -> tuple[Choice, ...]:
    """Where else this message may belong: a report, a permit, the answer to the question that it may be."""
    knowledge = scene.knowledge
    wanted: list[str] = []
    for kind in ("melding", "overlast"):
        if verdict.of(kind) >= ANOTHER:
            wanted += knowledge.wishes.topics.get(kind, ())[:1]
    wanted += knowledge.wishes.doors_for(scene.text)
    match = knowledge.matcher.match(scene.text, scene.language)
    if match.kind == "answer" and ("?" in scene.text or verdict.of("vraag") >= ANOTHER):
        wanted.insert(0, match.topics[0])
    known = [topic for topic in dict.fromkeys(wanted) if topic in knowledge.topics]
    return tuple(topic_choice(scene, topic) for topic in known[:DOORS])


def _added(scene: Scene) -> Turn | None:
    """More about the wish just offered: "op de hoek bij de winkel", "ja, ik ben Jo, 06 …"."""
    wish = scene.state.wish
    if wish is None or not scene.state.wish_asked or scene.text.endswith("?"):
        return None
    agreed = opens_with(scene, scene.text, "ja")
    told = told_by(scene, wish, scene.text)
    if not told and not agreed:
        return None
    if not agreed and _is_another(scene):
        return None
    what = f"{wish.what}\n{mask(scene.text).text}"
    scene = scene.to(wish=wish.model_copy(update={**told, "what": what}))
    return take_up(scene) if agreed else _offered(scene, scene.state.wish or wish)


def _is_another(scene: Scene) -> bool:
    """Whether a message is a wish of its own: it names a thing to want."""
    kinds = scene.knowledge.wishes.kinds
    return kinds.judge(scene.text).is_wish and THING in kinds.signs.groups(scene.text)


# -- perhaps one ----------------------------------------------------------------------


def _ask_which(scene: Scene) -> Turn:
    """ "Is dit een plan voor de buurt, of wilt u iets melden?" """
    wish = wish_of(scene, scene.text)
    report = scene.knowledge.wishes.topics.get("melding", ())[:1]
    choices = [scene.choice("wens.een_plan", YES)]
    choices += [Choice(scene.say("wens.een_melding"), f"t:{topic}") for topic in report]
    choices.append(scene.choice("wens.een_vraag", ASK))
    asked = mask(scene.text, contacts=True).text
    scene = scene.to(wish=wish, offered=(), question=asked, pending_topic="")
    return scene.turn(scene.reply("wens.onzeker", *choices))


def as_question(scene: Scene) -> Turn | None:
    """What was typed was a question after all; None where nothing waits for that."""
    wish, event = scene.state.wish, scene.event
    if wish is None:
        return None
    said = Said(id=event.id, at=event.at, nonce=event.nonce, text=wish.what)
    return questions.question(replace(scene.to(wish=None), event=said))


def _plainly(scene: Scene, verdict: Verdict) -> Turn | None:
    """A sure report or nuisance gets the answer for it where the matcher finds something else."""
    kind: Kind = verdict.kind
    family = scene.knowledge.wishes.topics.get(kind, ())
    if not family or family[0] not in scene.knowledge.topics or verdict.of(kind) < CERTAIN:
        return None
    match = scene.knowledge.matcher.match(scene.text, scene.language)
    if match.kind == "answer" and match.topics[0] in family:
        return None
    return topics.answer_topic(scene, family[0], question=scene.text)


# -- taken up -------------------------------------------------------------------------


def take_up(scene: Scene) -> Turn:
    """To the plan form with what the wish tells; a plan half told before is not thrown away unasked."""
    draft = scene.state.draft
    if draft is not None and draft.consent_at is not None:
        scene = scene.walking(KIND, RESUME)
        return scene.turn(ask_resume(scene, draft))
    scene = scene.walking(KIND, CONSENT)
    return scene.turn(ask_consent(scene))
