"""Plans like this one that there are already, shown before a plan is sent in."""

from __future__ import annotations

from bot.conversation.turn.scene import Scene
from bot.initiative.draft import PlanDraft
from knowledge.language.normalise import words
from knowledge.language.stemming import stem

TABLE = "initiatieven"
SHORTEST = 4
"""Letters of a word by which plans are alike."""
SHOWN = 2


def similar_plans(scene: Scene, draft: PlanDraft) -> list[str]:
    """At most one sentence: what neighbours made before that is like it, the own wijk first."""
    rows = [row for row in scene.knowledge.facts.tables.get(TABLE, ()) if _alike(draft.title, row.get("naam", ""))]
    rows.sort(key=lambda row: row.get("wijk") != draft.wijk)
    named = [(row["naam"], row.get("wijk", "")) for row in rows[:SHOWN]]
    named += _public(scene, draft)
    if not named:
        return []
    names = [scene.say("wens.bestaand", naam=name, wijk=wijk) for name, wijk in dict(named[:SHOWN]).items()]
    return [scene.say("wens.lijkt_op", plannen="; ".join(names))]


def _public(scene: Scene, draft: PlanDraft) -> list[tuple[str, str]]:
    """Public plans of the wijk, as its thermometer shows them."""
    view = scene.record.thermometers.get(draft.wijk)
    return [(title, draft.wijk) for title, _ in (view.plans if view else ()) if _alike(draft.title, title)]


def _alike(title: str, name: str) -> bool:
    """Whether they share a word that tells what it is: a long one, or the end of a longer word ("moestuin")."""
    wanted, there = _telling(title), _telling(name)
    return any(
        one == other or (len(one) > 5 and other.endswith(one)) or (len(other) > 5 and one.endswith(other))
        for one in wanted
        for other in there
    )


def _telling(text: str) -> set[str]:
    """The stems of the words before the first spot; names of streets begin with a capital and tell nothing."""
    first, *rest = text.split() or [""]
    said = [first, *(word for word in rest if not word[:1].isupper())]
    return {stem(word, "nl") for part in said for word in words(part) if len(word) >= SHORTEST}
