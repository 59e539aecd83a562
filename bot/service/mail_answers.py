"""What a resident answers to a mail about their plan becomes part of that plan, as if they had said it in the chat.

The address that it came to is signed for one plan; that the mail says it is from the
resident's own address comes on top of it. Stored first, in one transaction with what the
officer hears of it; only then is it taken. Nothing personal is logged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Literal, Protocol

import structlog

from bot.channels.email.answers import MAX_PHOTOS, MailAnswer
from bot.conversation.plans.walks import MAX_ADDITION
from bot.initiative.kinds import AddedBy, ChangeKind, Status
from bot.initiative.record import Change, PlanRecord
from bot.office.handling.changes import RESIDENT, Handling, plan_record, send
from bot.office.handling.effects import add_to_plan
from bot.office.handling.notices import Notice
from bot.office.letters.to_residents import Kept
from bot.office.letters.voice import Voice
from bot.ports.backend import PhotoRefused
from bot.ports.mail import BadAddress, mailbox
from bot.service.files import MAX_OF_PLAN, CleanFile, FileRefused, clean_file
from bot.service.photos import CleanPhoto, clean
from bot.service.residents import Service
from knowledge.base import Knowledge
from knowledge.entities.masking import mask
from storage.models import Conversation, Photo, Plan, PlanFile

MOST_A_DAY = 20
"""Mails to one plan; more is two machines that answer each other."""
DAY = timedelta(days=1)
SMALLEST = 150
"""Pixels of the shortest side; what is smaller is the logo of a signature."""

Outcome = Literal["taken", "unknown", "withdrawn", "stranger", "empty", "too_many"]

log = structlog.get_logger()


class ReceiptLetters(Protocol):
    """What is needed of ``Correspondence``."""

    def receipt(self, plan: PlanRecord, change: Change, kept: Kept) -> Sequence[Notice]: ...


class Answers:
    def __init__(self, service: Service, knowledge: Callable[[], Knowledge], letters: ReceiptLetters) -> None:
        self._service, self._knowledge, self._letters = service, knowledge, letters

    async def take(self, reference: str, answer: MailAnswer) -> Outcome:
        """Any number of times; the first counts. Raises Unavailable: nothing was stored, offer it again later."""

        async def look(handling: Handling) -> Outcome:
            return _verdict(await handling.work.plans.find(reference), answer)

        outcome = await self._service.look(look)
        if outcome == "taken":
            photos, left_out = await _photos(answer)
            files, refused = await asyncio.to_thread(_files, answer)

            async def keep(handling: Handling) -> Outcome:
                return await self._keep(
                    handling, reference, replace(answer, left_out=left_out + refused), photos, files
                )

            outcome = await self._service.perform(keep)
        if outcome != "taken":
            log.warning("mail_answer_refused", reason=outcome)
        return outcome

    def say(self, outcome: str) -> str:
        """Why a mail is not taken, for the server that offered it: that one shows it to who sent it."""
        knowledge = self._knowledge()
        said = (Voice(knowledge, language).say(f"mail_antwoord.{outcome}") for language in knowledge.gemeente.languages)
        return " / ".join(said)

    async def _keep(
        self,
        handling: Handling,
        reference: str,
        answer: MailAnswer,
        photos: Sequence[CleanPhoto],
        files: Sequence[CleanFile],
    ) -> Outcome:
        plan, home = await _locked(handling, reference)
        outcome = _verdict(plan, answer)
        if plan is None or outcome != "taken":
            return outcome
        key = f"answer:{plan.id}:{answer.identity}"
        if await handling.work.once.was(key):
            return "taken"
        if not (answer.text or photos or files):
            return "empty"
        if await _of_today(handling, plan) >= MOST_A_DAY:
            return "too_many"
        await handling.work.once.first(key, handling.now)
        text = mask(answer.text).text
        if sum(len(file.data) for file in files) + await handling.work.files.total(plan.id) > MAX_OF_PLAN:
            answer, files = replace(answer, left_out=answer.left_out + len(files)), ()
        kept = Kept(len(photos), answer.left_out, len(text) > MAX_ADDITION, len(files))
        rows: list[Photo | PlanFile] = []
        for photo in photos:
            row = Photo(
                conversation_id=plan.conversation_id, plan_id=plan.id, mime=photo.mime, data=photo.data,
                width=photo.width, height=photo.height, created_at=handling.now,
            )  # fmt: skip
            await handling.work.photos.add(row)
            rows.append(row)
        for file in files:
            kept_file = PlanFile(
                plan_id=plan.id, name=file.name, mime=file.mime, size=len(file.data), data=file.data,
                created_at=handling.now,
            )  # fmt: skip
            await handling.work.files.add(kept_file)
            rows.append(kept_file)
        note = "\n\n".join(part for part in (_cut(text), self._about(kept)) if part)
        channel = home.channel if home is not None else ""
        change = await add_to_plan(handling, plan, RESIDENT, note, channel, AddedBy.EMAIL)
        for one in rows:
            one.change_id = change.id
            handling.work.session.add(one)
        record = plan_record(plan, channel)
        await send(handling, self._letters.receipt(record, change, kept), plan.reference, plan.id)
        log.info("mail_answer_taken", plan=plan.id, photos=len(photos), files=len(files), left_out=kept.left_out)
        return "taken"

    def _about(self, kept: Kept) -> str:
        """What the officer must know of what is not there."""
        voice = Voice(self._knowledge(), self._knowledge().gemeente.original)
        told = [voice.say("mail_antwoord.ingekort", maximum=MAX_ADDITION)] if kept.is_cut else []
        told += [voice.say("mail_antwoord.bestanden_bij", aantal=kept.files)] if kept.files else []
        told += [voice.say("mail_antwoord.bijlagen", aantal=kept.left_out)] if kept.left_out else []
        return " ".join(told)


def _verdict(plan: Plan | None, answer: MailAnswer) -> Outcome:
    if plan is None or plan.erased_at is not None:
        return "unknown"
    address = _folded(plan_record(plan, "").draft.email)
    if not address or address != _folded(answer.sender):
        return "stranger"
    if plan.status == Status.INGETROKKEN:
        return "withdrawn"
    return "taken" if answer.text or answer.photos or answer.files else "empty"


def _folded(address: str) -> str:
    """Two ways to write one address become the same; "" for what is no address."""
    try:
        return mailbox("", address).addr_spec.casefold()
    except BadAddress:
        return ""


async def _photos(answer: MailAnswer) -> tuple[list[CleanPhoto], int]:
    """Those that can be kept, and how many things were left out altogether."""
    kept, left_out = [], answer.left_out
    for data in answer.photos:
        try:
            photo = await asyncio.to_thread(clean, data)
        except PhotoRefused:
            left_out += 1
            continue
        if min(photo.width, photo.height) >= SMALLEST:
            kept.append(photo)
    return kept[:MAX_PHOTOS], left_out + len(kept[MAX_PHOTOS:])


def _files(answer: MailAnswer) -> tuple[list[CleanFile], int]:
    """Those that can be kept, and how many cannot."""
    kept = []
    for file in answer.files:
        with suppress(FileRefused):
            kept.append(clean_file(file.name, file.data))
    return kept, len(answer.files) - len(kept)


async def _locked(handling: Handling, reference: str) -> tuple[Plan | None, Conversation | None]:
    """In the order that everyone keeps."""
    found = await handling.work.plans.find(reference)
    home = found.conversation_id if found is not None else None
    conversation = await handling.work.conversations.lock_id(home) if home is not None else None
    return await handling.work.plans.lock(reference), conversation


async def _of_today(handling: Handling, plan: Plan) -> int:
    history = (await handling.work.plans.changes([plan.id]))[plan.id]
    since = handling.now - DAY
    return sum(
        change.kind == ChangeKind.ADDED and change.before == AddedBy.EMAIL and change.at > since for change in history
    )


def _cut(text: str) -> str:
    return text if len(text) <= MAX_ADDITION else text[:MAX_ADDITION].rsplit(None, 1)[0] + " …"
