"""What a signed-in officer may see of the plans, read from storage.

It is asked of ``decisions.may_act`` in the same transaction that reads. A plan that is not
theirs and one that does not exist look the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import structlog

from bot.desk.plan.sheet import Sheet
from bot.office.handling.changes import Handling
from bot.office.handling.decisions import may_act
from bot.ports.desk.person import NotThere, Person
from bot.ports.desk.plan_sheet import PhotoFile
from bot.service.residents import Service
from storage.models import Plan
from storage.tables.repository import PhotoInfo

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
ID = re.compile(r"[A-Za-z0-9-]{1,40}")
"""References of plans and ids of photos; nothing else is asked of the database."""

log = structlog.get_logger()


class PlanReading:
    def __init__(self, service: Service) -> None:
        self._service = service

    async def sheets(self, person: Person) -> list[Sheet]:
        async def read(handling: Handling) -> list[Sheet]:
            plans = await handling.work.plans.listing()
            mine = [plan for plan in plans if sees(handling, plan, person)]
            history = await handling.work.plans.changes([plan.id for plan in mine])
            return [Sheet(plan, history[plan.id]) for plan in mine]

        return await self._service.look(read)

    async def sheet(self, person: Person, reference: str) -> Sheet:
        async def read(handling: Handling) -> Sheet:
            work = handling.work
            plan = await work.plans.find(reference) if ID.fullmatch(reference) else None
            if plan is None or not sees(handling, plan, person):
                raise not_there("plan")
            history = (await work.plans.changes([plan.id]))[plan.id]
            photos = await work.photos.of_plan(plan.id)
            return Sheet(
                plan=plan,
                history=history,
                conversation=await work.conversations.get(plan.conversation_id) if plan.conversation_id else None,
                photos=tuple(photo.id for photo in photos),
                photos_of=_by_line(photos),
                files=await work.files.of_plan(plan.id),
                outbox=await work.outbox.of_plan(plan.id),
                messages=await work.messages.about([change.id or 0 for change in history]),
            )

        return await self._service.look(read)

    async def is_theirs(self, person: Person, reference: str) -> bool:
        async def look(handling: Handling) -> bool:
            plan = await handling.work.plans.find(reference)
            return plan is not None and sees(handling, plan, person)

        return await self._service.look(look)

    async def file(self, person: Person, file_id: str) -> PhotoFile:
        async def read(handling: Handling) -> PhotoFile:
            file = await handling.work.files.get(file_id) if ID.fullmatch(file_id) else None
            plan = await handling.work.plans.get(file.plan_id) if file is not None else None
            if file is None or plan is None or not sees(handling, plan, person):
                raise not_there("file")
            return PhotoFile(file.mime, file.data, f"{plan.reference} {file.name}")

        return await self._service.look(read)

    async def photo(self, person: Person, photo_id: str) -> PhotoFile:
        async def read(handling: Handling) -> PhotoFile:
            photo = await handling.work.photos.get(photo_id) if ID.fullmatch(photo_id) else None
            plan = await handling.work.plans.get(photo.plan_id) if photo is not None and photo.plan_id else None
            if photo is None or plan is None or photo.mime not in ENDINGS or not sees(handling, plan, person):
                raise not_there("photo")
            return PhotoFile(photo.mime, photo.data, f"{plan.reference}.{ENDINGS[photo.mime]}")

        return await self._service.look(read)


def _by_line(photos: Sequence[PhotoInfo]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for photo in photos:
        if photo.change_id is not None:
            found[photo.change_id] = (*found.get(photo.change_id, ()), photo.id)
    return found


def sees(handling: Handling, plan: Plan, person: Person) -> bool:
    return plan.erased_at is None and may_act(handling, plan, person.email)


def not_there(what: str) -> NotThere:
    """Kept in the log without a name or number: that it was tried is what counts."""
    log.warning("desk_refused", what=what)
    return NotThere()
