"""Implements ``Notices``: who hears what about a plan, by mail and Telegram, ready for the outbox.

Each officer gets a message of their own, because the links in it act in their name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from bot.conversation.turn.replies import Choice
from bot.initiative import calendar, lifecycle
from bot.initiative.kinds import ChangeKind, ChannelName, Role, Status
from bot.initiative.record import Change, PlanPhoto, PlanRecord
from bot.office.letters.about_desk import TOLD, DeskNews
from bot.office.letters.about_terms import SUBJECTS, TermLetters
from bot.office.letters.composition import as_chat, compose
from bot.office.letters.mail_reply import Answering
from bot.office.letters.step_links import StepPages, step_button
from bot.office.letters.to_officers import LetterStep, OfficerLetters
from bot.office.letters.to_residents import Kept, ResidentLetters, receipt
from bot.office.letters.voice import Voice
from bot.office.notices import Notice, ResidentNews
from bot.office.officers.links import VALID_FOR
from bot.office.officers.routing import UNSET_TEAM, Recipients, Routing
from bot.ports.addresses import plan_path
from bot.ports.letter import Letter
from bot.ports.mail import BadAddress, Mail, mailbox
from bot.ports.reply_json import choices_to_json
from bot.ports.signed_addresses import ReplyAddresses
from knowledge.base import Knowledge

DAY = timedelta(days=1)

Write = Callable[[OfficerLetters], Letter]
ToResident = ResidentLetters | DeskNews | TermLetters


class Correspondence:
    def __init__(
        self,
        knowledge: Callable[[], Knowledge],
        routing: Routing,
        pages: StepPages,
        *,
        chat_pages: StepPages | None = None,
        pushed: frozenset[str] = frozenset({ChannelName.TELEGRAM}),
        replies: ReplyAddresses | None = None,
        web_chat: str = "",
    ) -> None:
        """``replies``: where residents answer their mails; None: the bot takes in none, officers do.
        ``web_chat``: its address, "" where residents cannot open it from a mail.

        ``chat_pages``: the same for officers' chats; None where they cannot be opened from there.

        ``pushed``: channels in which a resident sees news without coming to look.
        """
        self._knowledge, self._routing = knowledge, routing
        self._pages, self._chat_pages = pages, chat_pages
        self._pushed, self._replies, self._web_chat = pushed, replies, web_chat

    # -- Notices ----------------------------------------------------------------------

    def compose(self, plan: PlanRecord, photos: Sequence[PlanPhoto]) -> Sequence[Notice]:
        return list(self._to_officers(plan, photos, f"plan:{plan.reference}", OfficerLetters.new_plan))

    def officer_update(self, plan: PlanRecord, change: Change, photos: Sequence[PlanPhoto]) -> Sequence[Notice]:
        later = (
            [photo for photo in photos if photo.id not in plan.draft.photos] if change.kind == ChangeKind.ADDED else []
        )
        return list(
            self._to_officers(plan, later, f"change:{change.id}", lambda letters: letters.resident_news(change))
        )

    def resident_update(self, plan: PlanRecord, change: Change) -> ResidentNews:
        letters = self._told(plan, change)
        if letters is None:
            return ResidentNews(None)
        mails = (self._to_resident(plan, change, letters),) if self._wants_mail(plan) else ()
        # What officers do without another status is on their own desk; what the clock does, in their overview.
        record = self._record_for_officers(plan, change, bool(mails)) if change.to_status else ()
        return ResidentNews(letters.reply(), (*mails, *record))

    def mail_instead(self, plan: PlanRecord, change: Change) -> Notice | None:
        """The same news by mail, for a resident whose chat did not take it; None without an address."""
        letters = self._told(plan, change)
        if letters is None or not _is_mailbox(plan.draft.email):
            return None
        return self._to_resident(plan, change, letters)

    def receipt(self, plan: PlanRecord, change: Change, kept: Kept) -> Sequence[Notice]:
        """For a resident whose answer by mail is with the plan now."""
        answering, reply_to = self._answering(plan)
        letter = receipt(self._voice(plan.language), plan, kept, answering)
        return [self._resident_mail(plan, change, letter, reply_to, "receipt")]

    def unreached(self, plan: PlanRecord, change: Change, failed: str, other: str) -> Sequence[Notice]:
        """News of ``change`` did not arrive through a channel; ``other``: by which it goes now, "" for none."""
        about = f"unreached:{change.id}:{failed}"
        return list(self._to_officers(plan, (), about, lambda letters: letters.unreached(change, failed, other)))

    def _told(self, plan: PlanRecord, change: Change) -> ToResident | None:
        """What a resident reads of a change; None for what is not theirs to know."""
        voice = self._voice(plan.language)
        if change.to_status:
            return ResidentLetters(voice, plan, change, calendar.disagree_until(voice.knowledge.gemeente, change.at))
        if change.kind in TOLD:  # a question, a proposal, another person
            now_with = self._routing.name_of(change.after) if "@" in change.after else change.after
            return DeskNews(voice, plan, change, self._name(change.actor), now_with)
        return TermLetters(voice, plan, change) if change.kind in SUBJECTS else None

    def _name(self, identity: str) -> str:
        officer = self._routing.officer(identity)
        return officer.name if officer is not None else ""

    # -- officers ---------------------------------------------------------------------

    def _record_for_officers(self, plan: PlanRecord, change: Change, mailed: bool) -> Iterator[Notice]:
        """What was done, with the steps that are possible now: the buttons of older mails no longer fit."""
        officer = self._routing.officer(change.actor)
        who = officer.name if officer is not None else ""
        reached = mailed or bool(plan.channel)
        # A chat that asked whether they were sure has told what came of it; a page told it elsewhere.
        in_chats = self._chat_pages is not None
        return self._to_officers(
            plan, (), f"change:{change.id}", lambda letters: letters.status_news(change, who, reached), chats=in_chats
        )

    def _to_officers(
        self, plan: PlanRecord, photos: Sequence[PlanPhoto], about: str, write: Write, *, chats: bool = True
    ) -> Iterator[Notice]:
        recipients = self._routing.recipients(plan.area, plan.handler)
        for address in recipients.emails:
            letters = self._letters(plan, photos, recipients, address)
            mail = self._mail(address, write(letters), plan, photos)
            yield Notice(ChannelName.EMAIL, address, mail.model_dump(mode="json"), f"{about}:email:{address}")
        for chat in recipients.telegram if chats else ():
            letters = self._letters(plan, photos, recipients, "")
            payload = self._chat_payload(chat, plan, write(letters), photos)
            yield Notice(ChannelName.TELEGRAM, chat, payload, f"{about}:{ChannelName.TELEGRAM}:{chat}")

    def _letters(
        self, plan: PlanRecord, photos: Sequence[PlanPhoto], recipients: Recipients, address: str
    ) -> OfficerLetters:
        knowledge = self._knowledge()
        return OfficerLetters(
            voice=self._voice(knowledge.gemeente.original),
            plan=plan,
            steps=tuple(self._steps(plan, address)) if address else (),
            desk=self._at_the_desk(plan) if address else "",
            links_until=_links_until(plan),
            photos=len(photos),
            others=tuple(other for other in recipients.emails if other != address),
            for_team=recipients.is_team,
            absent=recipients.absent,
            mailed=self._wants_mail(plan),
            in_chat=not address,
        )

    def _steps(self, plan: PlanRecord, officer: str) -> Iterator[LetterStep]:
        for status in self._next(plan):
            yield LetterStep(status, self._pages.url(plan.reference, status, officer))

    def _at_the_desk(self, plan: PlanRecord) -> str:
        """Address of the plan's own page, for who can sign in."""
        return self._pages.public_url + plan_path(plan.reference)

    def _next(self, plan: PlanRecord) -> tuple[str, ...]:
        """What an officer can do next; nothing with a plan whose resident had everything erased."""
        return lifecycle.next_statuses(Role.WIJKREGISSEUR, plan.status) if plan.title else ()

    def _mail(self, address: str, letter: Letter, plan: PlanRecord, photos: Sequence[PlanPhoto]) -> Mail:
        composed = compose(letter)
        return Mail(
            to=address,
            subject=composed.subject,
            text=composed.text,
            html=composed.html,
            language=letter.language,
            at=plan.updated_at,
            reply_to=plan.draft.email,
            reply_to_name=plan.draft.name,
            thread=f"officer:{plan.reference}:{address}",
            photos=tuple(photo.id for photo in photos),
            photo_name=plan.reference,
        )

    def _chat_payload(
        self, chat: str, plan: PlanRecord, letter: Letter, photos: Sequence[PlanPhoto]
    ) -> dict[str, object]:
        voice, text, pages = self._voice(letter.language), as_chat(letter), self._chat_pages
        buttons = [step_button(voice, plan.reference, status, chat, pages) for status in self._next(plan)]
        if buttons and pages is not None:
            text += "\n\n" + voice.say("bureau.telegram.link_geldig", datum=voice.day(_links_until(plan)))
            officer = self._routing.officer(chat)
            if officer is not None and officer.email:
                buttons.append(Choice(voice.say("bureau.mail.bureau_knop"), url=self._at_the_desk(plan)))
        choices = choices_to_json(buttons)
        return {"kind": "plan", "text": text, "choices": choices, "photos": [photo.id for photo in photos]}

    # -- residents --------------------------------------------------------------------

    def _wants_mail(self, plan: PlanRecord) -> bool:
        """They gave an address, and the chat is not (or not surely) where they will see it."""
        if not _is_mailbox(plan.draft.email):
            return False
        return not (plan.draft.by_chat and plan.channel in self._pushed)

    def _to_resident(self, plan: PlanRecord, change: Change, letters: ToResident) -> Notice:
        answering, reply_to = self._answering(plan)
        return self._resident_mail(plan, change, letters.letter(answering), reply_to, Role.RESIDENT)

    def _answering(self, plan: PlanRecord) -> tuple[Answering, str]:
        """How they can answer, and the Reply-To of that."""
        # Only there the chat is the one with their plan in it; anywhere else it would be an empty one.
        chat = self._web_chat if plan.channel == ChannelName.WEB else ""
        if (
            self._replies is not None and plan.status != Status.INGETROKKEN
        ):  # nothing is put with a plan that was taken back
            return Answering("plan", chat), self._replies.of(plan.reference)
        officer = next(iter(self._routing.recipients(plan.area, plan.handler).emails), UNSET_TEAM)
        if officer == UNSET_TEAM:
            return Answering("nobody", chat), ""
        return Answering("officer", chat), officer

    def _resident_mail(self, plan: PlanRecord, change: Change, letter: Letter, reply_to: str, about: str) -> Notice:
        composed = compose(letter)
        mail = Mail(
            to=plan.draft.email,
            subject=composed.subject,
            text=composed.text,
            html=composed.html,
            language=letter.language,
            at=change.at,
            reply_to=reply_to,
            thread=f"resident:{plan.reference}",
        )
        key = f"change:{change.id}:{about}"
        is_news = about == Role.RESIDENT
        return Notice(ChannelName.EMAIL, plan.draft.email, mail.model_dump(mode="json"), key, to_resident=is_news)

    def _voice(self, language: str) -> Voice:
        knowledge = self._knowledge()
        return Voice(knowledge, language or knowledge.gemeente.original)


def _links_until(plan: PlanRecord) -> date:
    return calendar.local_date(plan.updated_at + VALID_FOR - DAY)


def _is_mailbox(address: str) -> bool:
    try:
        mailbox("", address)
    except BadAddress:
        return False
    return True
