"""The plan form: from consent to a receipt.

The order of the questions is ``FORM``. The draft stays in the state when the form is left
and is offered again. A question asked in between, a photo, a changed message: each has its
place at every step (``take``); only what is no answer at all goes back to the machine.
"""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import fuzz

from bot.conversation.answers import questions
from bot.conversation.intake.order import (
    CHANGE,
    CONSENT,
    FORM,
    KIND,
    REQUIRED,
    RESUME,
    STEPS,
    SUMMARY,
    draft_of,
    first_open,
    following,
    mended,
    move,
    store,
)
from bot.conversation.intake.reach import keep_photo
from bot.conversation.intake.steps import ASKS, MAX_TEXT, Taken, again, as_typed, typed
from bot.conversation.intake.text_steps import TextStep
from bot.conversation.intake.wording import ask_change, ask_consent, ask_resume, ask_summary, receipt
from bot.conversation.turn.choices import pick, spoken
from bot.conversation.turn.events import Edited, Pictured, Said
from bot.conversation.turn.phrasing import period
from bot.conversation.turn.replies import DropPhotos, Effect, Reply, SubmitPlan, Turn
from bot.conversation.turn.scene import Scene
from bot.initiative.draft import PlanDraft
from bot.initiative.reference import make_reference
from bot.initiative.summary import door_of, open_question, summarise
from knowledge.entities.masking import mask
from knowledge.language.normalise import fold

SAME_MESSAGE = 60
"""Of 100 (``fuzz.ratio``): from here a changed message is a new version of an earlier answer."""


class PlanWalk:
    """Walk of kind "plan"; ``state.draft`` holds the answers, ``walk.step`` the question."""

    kind = KIND

    # -- begin, stop, begin again -----------------------------------------------------

    def start(self, scene: Scene, reference: str = "") -> Turn:
        walk, draft = scene.state.walk, scene.state.draft
        if walk is not None and walk.kind == self.kind:
            return scene.turn(self.ask(scene))
        if draft is None or draft.consent_at is None:
            scene = scene.walking(self.kind, CONSENT)
        elif scene.data == "c:hervat" or scene.means("hervat"):
            scene = scene.walking(self.kind, first_open(draft))
        else:
            scene = scene.walking(self.kind, RESUME)
        return scene.turn(self.ask(scene))

    def stop(self, scene: Scene) -> Turn:
        draft = scene.state.draft
        scene = scene.to(walk=None)
        if draft is None:
            return scene.turn(scene.reply("stappen.gestopt"))
        kept = period(scene, scene.knowledge.gemeente.terms["bewaar_gesprek_dagen"])
        go_on = scene.choice("stappen.verder", "c:hervat")
        return scene.turn(scene.reply("plan.gestopt", go_on, gesprek_termijn=kept))

    def restart(self, scene: Scene) -> Turn:
        """The draft and its photos are thrown away; consent given in this conversation stands."""
        draft = scene.state.draft
        if draft is None or draft.consent_at is None:
            scene = scene.to(draft=None).walking(self.kind, CONSENT)
            return scene.turn(self.ask(scene))
        dropped: tuple[Effect, ...] = (DropPhotos(draft.photos),) if draft.photos else ()
        fresh = PlanDraft(consent_at=draft.consent_at, started_at=scene.event.at)
        scene = scene.to(draft=fresh).walking(self.kind, FORM[0])
        return scene.turn(scene.reply("plan.opnieuw"), self.ask(scene), effects=dropped)

    def back(self, scene: Scene) -> Turn:
        scene = mended(scene)
        walk = scene.state.walk
        assert walk is not None
        if walk.changing and walk.step in FORM:
            before = SUMMARY
        elif walk.step in ("email", "telefoon"):
            before = "contact"
        else:
            path = (*FORM, SUMMARY, CHANGE)
            place = path.index(walk.step) if walk.step in path else 0
            before = path[place - 1] if place else ""
        if not before:
            return scene.turn(scene.reply("plan.eerste_vraag"), self.ask(scene))
        scene = move(scene, before)
        return scene.turn(self.ask(scene))

    # -- ask --------------------------------------------------------------------------

    def ask(self, scene: Scene) -> Reply:
        scene = mended(scene)
        walk, draft = scene.state.walk, draft_of(scene)
        assert walk is not None
        match walk.step:
            case "toestemming":
                return ask_consent(scene)
            case "verder":
                return ask_resume(scene, draft)
            case "samenvatting":
                return ask_summary(scene, draft)
            case "veranderen":
                return ask_change(scene, draft)
        reply = STEPS[walk.step].ask(scene, draft)
        back = () if walk.step == FORM[0] else (scene.choice("stappen.terug", "c:terug"),)
        navigation = (*back, scene.choice("stappen.stop", "c:stop"))
        text = reply.text
        if walk.step in FORM and not walk.changing:
            progress = scene.say("plan.voortgang", nummer=FORM.index(walk.step) + 1, aantal=len(FORM))
            text = f"{progress} {text}"
        return Reply(text, (*reply.choices, *navigation), wants=reply.wants, language=reply.language)

    # -- take -------------------------------------------------------------------------

    def take(self, scene: Scene) -> Turn | None:
        scene = mended(scene)
        walk, draft = scene.state.walk, draft_of(scene)
        assert walk is not None
        if isinstance(scene.event, Pictured):
            return self._pictured(scene, draft, scene.event.photo)
        if isinstance(scene.event, Edited):
            return self._edited(scene, draft)
        match walk.step:
            case "toestemming":
                return self._consent(scene)
            case "verder":
                return self._resume(scene, draft)
            case "samenvatting":
                return self._summary(scene, draft)
            case "veranderen":
                return self._change(scene, draft)
        if scene.step_value() == ASKS and scene.state.doubted:
            return self._question(as_typed(scene))
        taken = STEPS[walk.step].take(scene, draft)
        return None if taken is None else self._apply(scene, taken)

    def _question(self, scene: Scene) -> Turn:
        """The words were no answer but a question: it is answered, and the form's own asked again."""
        turn = questions.question(scene)
        return Turn(turn.state, (*turn.replies, self.ask(replace(scene, state=turn.state))), turn.effects)

    def _apply(self, scene: Scene, taken: Taken) -> Turn:
        """Stores what was taken and asks what comes next."""
        scene = store(scene, taken)
        walk = scene.state.walk
        assert walk is not None
        if taken.goto:
            scene = move(scene, taken.goto, changing=walk.changing)
        elif taken.done:
            scene = move(scene, following(walk.step, changing=walk.changing))
        asked = () if taken.asks else (self.ask(scene),)
        return scene.turn(*taken.remarks, *asked, effects=taken.effects)

    def _pictured(self, scene: Scene, draft: PlanDraft, photo: str) -> Turn:
        """Keeps the photo; words under it are the answer where words are asked, else they join the plan."""
        walk = scene.state.walk
        assert walk is not None
        if walk.step == CONSENT:
            refused = scene.reply("plan.eerst_toestemming")
            return scene.turn(refused, self.ask(scene), effects=(DropPhotos((photo,)),))
        taken = keep_photo(scene, draft, photo, remark=walk.step != "fotos")
        if not scene.text:
            return self._apply(scene, taken)
        stored = store(scene, taken)
        step = STEPS.get(walk.step)
        answer = step.take(stored, draft_of(stored)) if isinstance(step, TextStep) else _noted(stored)
        if answer is None:
            return self._apply(scene, taken)
        turn = self._apply(stored, answer)
        return Turn(turn.state, (*taken.remarks, *turn.replies), (*taken.effects, *turn.effects))

    def _edited(self, scene: Scene, draft: PlanDraft) -> Turn | None:
        """A message changed afterwards changes the answer that it was; None where it was none."""
        if not typed(scene):
            return None
        told = [step for step in STEPS.values() if isinstance(step, TextStep) and step.answered(draft)]
        likeness = {step.id: fuzz.ratio(fold(scene.text), fold(step.value(draft))) for step in told}
        likest = max(told, key=lambda step: likeness[step.id], default=None)
        if likest is None or likeness[likest.id] < SAME_MESSAGE:
            return None
        taken = likest.accept(scene)
        scene = store(scene, taken)
        label = scene.say(f"samenvatting.{likest.id}")
        changed = (scene.reply("plan.aangepast", wat=label),) if taken.done else taken.remarks
        return scene.turn(*changed, self.ask(scene))

    # -- the steps that are no question of the form -------------------------------------

    def _consent(self, scene: Scene) -> Turn | None:
        if scene.step_value() == "ja" or scene.means("ja") or spoken(scene, "plan.woorden_akkoord"):
            at = scene.event.at
            scene = move(scene.to(draft=PlanDraft(consent_at=at, started_at=at)), FORM[0])
            return scene.turn(self.ask(scene))
        if scene.step_value() == "nee" or scene.means("nee"):
            return scene.to(walk=None).turn(scene.reply("plan.geen_toestemming"))
        unclear = self._unclear(scene, "plan.eerst_toestemming")
        if unclear is None:
            return None
        return scene.turn(scene.reply("plan.eerst_toestemming", *self.ask(scene).choices))  # not the whole text again

    def _resume(self, scene: Scene, draft: PlanDraft) -> Turn | None:
        if scene.step_value() == "verder" or scene.means("hervat") or scene.means("ja"):
            scene = move(scene, first_open(draft))
            return scene.turn(self.ask(scene))
        if scene.step_value() == "opnieuw":
            return self.restart(scene)
        return self._unclear(scene, "plan.kies_knop")

    def _summary(self, scene: Scene, draft: PlanDraft) -> Turn | None:
        if scene.step_value() == "ja" or scene.means("ja") or spoken(scene, "plan.woorden_versturen"):
            return self._submit(scene, draft)
        if scene.step_value() == "wijzig" or scene.means("nee") or spoken(scene, "plan.woorden_veranderen"):
            scene = move(scene, CHANGE)
            return scene.turn(self.ask(scene))
        return self._change_line(scene, draft) or self._unclear(scene, "plan.kies_knop")

    def _change(self, scene: Scene, draft: PlanDraft) -> Turn | None:
        if scene.step_value() == "-" or scene.means("nee") or scene.means("klaar"):
            scene = move(scene, SUMMARY)
            return scene.turn(self.ask(scene))
        return self._change_line(scene, draft) or self._unclear(scene, "plan.kies_knop")

    def _change_line(self, scene: Scene, draft: PlanDraft) -> Turn | None:
        """To the line of the summary that is pressed or named."""
        key = scene.step_value()
        if key is None and isinstance(scene.event, Said):
            lines = summarise(draft, scene.knowledge, scene.language)
            picked = pick(scene, [line.label for line in lines])
            key = lines[picked].key if picked is not None else None
        if key not in FORM:
            return None
        scene = move(scene, key, changing=True)
        return scene.turn(self.ask(scene))

    def _unclear(self, scene: Scene, key: str) -> Turn | None:
        """Words that are neither an answer here nor a question to the knowledge."""
        if not isinstance(scene.event, Said) or not typed(scene):
            return None
        if scene.knowledge.matcher.match(scene.text, scene.language).kind == "answer":
            return None
        return scene.turn(scene.reply(key), self.ask(scene))

    def _submit(self, scene: Scene, draft: PlanDraft) -> Turn:
        """Sends the plan in, once: with it the draft is gone, so a second press finds nothing to send."""
        missing = next((step for step in REQUIRED if not STEPS[step].answered(draft)), None)
        if missing is not None:
            scene = move(scene, missing, changing=True)
            return scene.turn(scene.reply("plan.nog_nodig"), self.ask(scene))
        reference = make_reference(scene.event.nonce, scene.knowledge.gemeente)
        effect = SubmitPlan(reference, _with_criteria(scene, draft), scene.language)
        told = receipt(scene, draft, reference)
        return scene.to(walk=None, draft=None, criteria={}).turn(*told, effects=(effect,))


def _noted(scene: Scene) -> Taken | None:
    """Words under a photo where no words were asked: kept with what the plan is."""
    note = scene.say("plan.bij_foto", tekst=mask(scene.text).text).strip()
    what = f"{draft_of(scene).what}\n{note}".strip()
    if len(what) > MAX_TEXT:
        return again(scene, "plan.te_lang", lengte=len(what), maximum=MAX_TEXT)
    return Taken({"what": what}, done=False)


def _with_criteria(scene: Scene, draft: PlanDraft) -> PlanDraft:
    """The plan as it is sent in, with the criteria answers, and the door where the walk was finished."""
    answers = scene.state.criteria or draft.criteria
    finished = bool(answers) and open_question(answers, scene.knowledge) is None
    door = door_of(answers, scene.knowledge).id if finished else ""
    return draft.model_copy(update={"criteria": answers, "door": door})
