"""A plan's life in the words of the desk: who, what, what came of each message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from babel.dates import format_datetime

from bot.initiative.calendar import LOCAL
from bot.initiative.kinds import ChangeKind, ChannelName, HolderKind, Role
from bot.initiative.standing import open_question
from bot.office.letters.voice import Voice
from bot.office.officers.routing import Routing
from bot.ports.desk.person import Fact
from bot.ports.desk.plan_sheet import Delivered, Happened
from storage.models import Message, OutboxMessage, Plan, PlanChange


@dataclass(frozen=True, slots=True)
class HistoryWords:
    voice: Voice
    routing: Routing

    def who(self, actor_kind: str, actor: str) -> str:
        """The name of an officer as configured; else as it was written down then."""
        if actor_kind in (Role.RESIDENT, Role.SYSTEM):
            return self.voice.say(f"bureau.wie.{actor_kind}")
        return self.person(actor) or self.voice.say("bureau.wie.onbekend")

    def person(self, identity: str) -> str:
        officer = self.routing.officer(identity) if identity else None
        return officer.name if officer is not None else identity

    def holder(self, plan: Plan) -> str:
        """Who has it, and who handles it where that is somebody else."""
        if plan.closed_at is not None:
            return self.voice.say("bureau.houder.niemand")
        if plan.holder_kind == HolderKind.OFFICER:
            return self.person(plan.holder)
        role = self.voice.say_or(f"bureau.houder.{plan.holder_kind}", "bureau.houder.rol", gebied=plan.holder)
        if plan.handler:
            return self.voice.say("bureau.houder.met", houder=role, wie=self.person(plan.handler))
        return role

    def moment(self, row: PlanChange | OutboxMessage | Message) -> str:
        at = row.at if isinstance(row, PlanChange | Message) else row.sent_at or row.created_at
        return format_datetime(at.astimezone(LOCAL), "EEE d MMM y, HH:mm", locale=self.voice.language)

    def what(self, change: PlanChange) -> str:
        if change.to_status and change.kind != ChangeKind.SUBMITTED:
            return self.voice.say("bureau.gebeurd.status", status=self.voice.status(change.to_status))
        return self.change(change.kind, change.before, change.after, change.score)

    def change(self, kind: str, before: str, after: str, score: int | None = None) -> str:
        """A change without a new status."""
        if kind == ChangeKind.UNREACHED:
            return self._unreached(before, after)
        if kind == ChangeKind.DEAL_CHANGED:
            euros = {name: self.voice.amount(int(told), "") for name, told in (("van", before), ("naar", after))}
            return self.voice.say("bureau.gebeurd.deal_changed", **euros)
        if kind == ChangeKind.ADDED and before:
            return self.voice.say_or(f"bureau.gebeurd.added_{before}", "bureau.gebeurd.added")
        is_remark = kind == ChangeKind.EVALUATED and score is None
        return self.voice.say_or(
            "bureau.gebeurd.beoordeeld" if is_remark else f"bureau.gebeurd.{kind}",
            "bureau.gebeurd.anders",
            van=self.person(before),
            naar=self.person(after),
            cijfer=score,
            soort=kind,
        )

    def _unreached(self, failed: str, other: str) -> str:
        key = "unreached_webchat" if other == ChannelName.WEB else "unreached" if other else "unreached_nergens"
        return self.voice.say(f"bureau.gebeurd.{key}", van=self.channel(failed), naar=self.channel(other))

    def channel(self, name: str) -> str:
        return self.voice.say_or(f"bureau.kanaal.{name}", "bureau.kanaal.anders")

    def happened(
        self, history: Sequence[PlanChange], sent: Mapping[int, Sequence[OutboxMessage | Message]]
    ) -> tuple[Happened, ...]:
        """Newest first."""
        return tuple(
            Happened(
                at=self.moment(change),
                who=self.who(change.actor_kind, change.actor),
                what=self.what(change),
                texts=(*self._asked(history, change), *self._texts(change)),
                internal=change.kind == ChangeKind.NOTE,
                deliveries=tuple(self.delivered(row) for row in sent.get(change.id or 0, ())),
            )
            for change in reversed(history)
        )

    def _asked(self, history: Sequence[PlanChange], change: PlanChange) -> Iterable[Fact]:
        """The question that something added is an answer to."""
        if change.kind == ChangeKind.ADDED:
            asked = open_question([one for one in history if (one.id or 0) < (change.id or 0)])
            if asked is not None:
                yield Fact(self.voice.say("bureau.tekst.antwoord_op"), asked.reason)

    def _texts(self, change: PlanChange) -> Iterable[Fact]:
        if change.reason:
            key = "bewoner_zei" if change.actor_kind == Role.RESIDENT else "aan_bewoner"
            yield Fact(self.voice.say(f"bureau.tekst.{key}"), change.reason)
        if change.note:
            is_theirs = change.actor_kind == Role.RESIDENT or change.kind == ChangeKind.ADDED
            key = "bewoner_zei" if is_theirs else "intern"
            yield Fact(self.voice.say(f"bureau.tekst.{key}"), change.note)
        if change.decided_on is not None:
            yield Fact(self.voice.say("bureau.tekst.besluit_op"), self.voice.day(change.decided_on))
        if change.new_date is not None and change.old_date not in (None, change.new_date):
            dates = {"van": self.voice.day(change.old_date), "naar": self.voice.day(change.new_date)}
            yield Fact(self.voice.say("bureau.tekst.datum"), self.voice.say("bureau.tekst.datum_zin", **dates))

    def delivered(self, row: OutboxMessage | Message) -> Delivered:
        """Of a message to a resident."""
        say = self.voice.say
        if isinstance(row, Message):
            if row.fetched_at is not None:
                return Delivered("good", say("bureau.bezorgd.webchat_gezien"))
            return Delivered("todo", say("bureau.bezorgd.webchat"))
        channel = self.channel(row.channel)
        if row.status == "sent":
            return Delivered("good", say("bureau.bezorgd.sent", kanaal=channel, moment=self.moment(row)))
        if row.status == "failed":
            return Delivered("bad", say("bureau.bezorgd.failed", kanaal=channel))
        if row.attempts:
            return Delivered("todo", say("bureau.bezorgd.retry", kanaal=channel, aantal=row.attempts))
        return Delivered("todo", say("bureau.bezorgd.pending", kanaal=channel))

    def mails(self, rows: Sequence[OutboxMessage]) -> tuple[Delivered, ...]:
        """What became of the messages to officers, newest first; those that failed before all."""
        newest = sorted(rows, key=lambda row: (row.status != "failed", -(row.id or 0)))
        return tuple(self._to_officer(row) for row in newest)

    def _to_officer(self, row: OutboxMessage) -> Delivered:
        delivered = self.delivered(row)
        to = self.voice.say("bureau.bezorgd.aan", wie=self.person(row.address))
        return Delivered(delivered.tone, f"{to}: {delivered.words}")
