"""Who saw or changed what: complete, without a word of residents, for the coordinator, on paper and in files."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from storage.models import DeskSession, DeskView
from tests.channels.desk.desk import Desk

ANNE, CORA = "anne@gemeente.test", "cora@gemeente.test"
MONTH = "van=2026-11-01&tot=2026-11-30"


async def lines(desk: Desk, query: str = MONTH) -> list[dict[str, str]]:
    cora = await desk.signed_in(CORA)
    response = await cora.get(f"/logboek.csv?{query}")
    return list(csv.DictReader(io.StringIO((await response.read()).decode("utf-8-sig")), delimiter=";"))


async def test_what_an_officer_saw_and_changed_is_there(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await anne.get(f"/plan/{reference}")
    await anne.do(reference, "vraag", tekst="Waar precies?", notitie="Bij de vijver.")
    await desk.say("erbij Op het plein.")
    trail = await lines(desk)
    assert {(line["wie"], line["soort"], line["wat"], line["kenmerk"]) for line in trail} >= {
        ("", "change", "submitted", reference),
        (ANNE, "view", "plan", reference),
        (ANNE, "change", "question", reference),
        ("", "change", "added", reference),
    }
    cora = await desk.signed_in(CORA)
    await cora.get(f"/logboek?{MONTH}")
    for told in ("Anne Bos", "Plan bekeken", "Vraag aan de bewoner", reference, "Zuid"):
        assert told in cora.text


async def test_it_holds_no_word_of_residents_or_to_them(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await anne.do(reference, "vraag", tekst="Waar precies?", notitie="Bij de vijver.")
    await anne.do(reference, "overdragen", naar="dirk@gemeente.test", waarom="Ziek.")
    cora = await desk.signed_in(CORA)
    for path in ("/logboek", "/logboek.csv", "/logboek.json"):
        response = await cora.get(f"{path}?{MONTH}")
        text = (await response.read()).decode()
        for word in ("Waar precies", "vijver", "Ziek", "Koffie", "Zoë", "zoe@"):
            assert word not in text


async def test_looking_at_the_trail_is_in_it(desk: Desk) -> None:
    await lines(desk)
    cora = await desk.signed_in(CORA)
    await cora.get(f"/logboek?{MONTH}")
    found = [(line["wie"], line["wat"]) for line in await lines(desk) if line["soort"] == "view"]
    assert set(found) == {(CORA, "export"), (CORA, "log")}


async def test_a_foreign_plan_that_was_refused_was_not_seen(desk: Desk) -> None:
    reference = await desk.submit()
    dirk = await desk.signed_in("dirk@gemeente.test")
    await dirk.get(f"/plan/{reference}")
    assert await desk.views() == []


@pytest.mark.parametrize(
    ("query", "found"),
    [("wie=anne%40gemeente.test", True), ("wie=ANNE%40gemeente.test", True), ("wie=bram%40gemeente.test", False),
     ("kenmerk={}", True), ("kenmerk=HV-000-000-000", False), ("van=2026-11-20&tot=2026-11-20", True),
     ("van=2026-11-21&tot=2026-11-30", False), ("van=2026-11-30&tot=2026-11-01", True), ("van=gisteren", True),
     ("wie=%00&kenmerk=%00", True)],
)  # fmt: skip
async def test_it_can_be_narrowed(desk: Desk, query: str, found: bool) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await anne.do(reference, "notitie", notitie="x")
    desk.clock.pass_(hours=24)
    trail = await lines(desk, query.format(reference))
    assert ("note" in {line["wat"] for line in trail}) is found


async def test_the_file_opens_in_a_dutch_spreadsheet_and_runs_nothing(desk: Desk) -> None:
    reference = await desk.submit()
    async with desk.database.unit_of_work() as work:
        plan = await work.plans.lock(reference)
        assert plan is not None
        plan.area = "=cmd|' /C calc'!A0"
        await work.commit()
    cora = await desk.signed_in(CORA)
    response = await cora.get(f"/logboek.csv?{MONTH}")
    body = await response.read()
    assert body.startswith(b"\xef\xbb\xbfmoment;wie;")
    assert b";=cmd" not in body
    assert b"'=cmd" in body
    assert response.content_type == "text/csv"
    assert response.headers["Content-Disposition"] == 'attachment; filename="logboek.csv"'
    shown = json.loads(await (await cora.get(f"/logboek.json?{MONTH}")).read())
    assert {row["kenmerk"] for row in shown} >= {reference}


async def test_an_erased_plan_is_in_it_without_its_number(desk: Desk) -> None:
    from storage.retention import blank_plans

    reference = await desk.submit()
    anne = await desk.signed_in()
    await anne.get(f"/plan/{reference}")
    plan = await desk.plan(reference)
    async with desk.database.unit_of_work() as work:
        await blank_plans(work.session, [plan.id], desk.clock())
        await work.commit()
    trail = [line for line in await lines(desk) if line["wie"] == ANNE and line["soort"] == "view"]
    assert [line["wat"] for line in trail] == ["plan"]
    assert {line["kenmerk"] for line in trail} == {""}


async def test_who_saw_what_is_only_added_to(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await anne.get(f"/plan/{reference}")
    with pytest.raises((RuntimeError, DBAPIError)):
        async with desk.database.unit_of_work() as work:
            view = (await work.session.exec(select(DeskView).where(DeskView.what == "plan"))).one()
            view.officer = CORA
            work.session.add(view)
            await work.commit()
    assert [view.officer for view in await desk.views()] == [ANNE]


async def test_much_is_shown_in_part_and_kept_whole_in_the_file(desk: Desk) -> None:
    reference = await desk.submit()
    plan = await desk.plan(reference)
    async with desk.database.unit_of_work() as work:
        for _ in range(230):
            await work.trail.note_view(ANNE, "plan", desk.clock(), plan.id)
        await work.commit()
    cora = await desk.signed_in(CORA)
    await cora.get(f"/logboek?{MONTH}")
    assert cora.page.count("<tr>") == 201
    assert "de laatste 200 regels" in cora.text
    assert len(await lines(desk)) > 230


async def sessions(desk: Desk) -> list[tuple[str, str]]:
    """Who signed in and out, oldest first, without the coordinator who looks."""
    found = [(line["wie"], line["wat"]) for line in await lines(desk) if line["soort"] == "session"]
    return [one for one in reversed(found) if one[0] != CORA]


async def test_signing_in_and_out_is_in_it(desk: Desk) -> None:
    anne, also_anne = await desk.signed_in(), await desk.signed_in()
    for visitor, path in ((anne, "/uitloggen"), (also_anne, "/uitloggen/overal")):
        desk.clock.pass_(seconds=1)
        await visitor.get("/ik")
        await visitor.post(path)
    assert await sessions(desk) == [
        (ANNE, "signed_in"), (ANNE, "signed_in"), (ANNE, "signed_out"), (ANNE, "signed_out_all"),
    ]  # fmt: skip
    cora = await desk.signed_in(CORA)
    await cora.get(f"/logboek?{MONTH}")
    for told in ("Anne Bos Ingelogd", "Anne Bos Uitgelogd", "Anne Bos Overal uitgelogd"):
        assert told in cora.text


async def test_nobody_who_is_not_configured_is_in_it(desk: Desk) -> None:
    stranger = desk.visitor()
    await stranger.get("/inloggen")
    await stranger.post("/inloggen", email="vreemd@elders.test")
    await stranger.get("/inloggen/code")
    await stranger.post("/inloggen/code", code="1234 5678")
    await stranger.post("/uitloggen")
    await desk.officers.leave("onzin")
    async with desk.database.unit_of_work() as work:
        now = desk.clock()
        token_hash = hashlib.sha256(b"oud").hexdigest()
        await work.desk_sessions.add(
            DeskSession(token_hash=token_hash, officer="weg@gemeente.test", created_at=now, seen_at=now)
        )
        await work.commit()
    await desk.officers.leave("oud")
    assert await sessions(desk) == []
    async with desk.database.unit_of_work(read_only=True) as work:
        assert await work.desk_sessions.get(token_hash) is None


async def test_who_was_noted_as_away_and_back_is_in_it(desk: Desk) -> None:
    anne = await desk.signed_in()
    await anne.get("/ik")
    await anne.post("/ik/afwezig", vanaf="2026-11-20", tot="2026-11-30", vervanger="bram@gemeente.test")
    await anne.get("/ik")
    await anne.post("/ik/aanwezig")
    found = [(line["wie"], line["wat"]) for line in await lines(desk) if line["soort"] == "view"]
    assert {(ANNE, "away"), (ANNE, "back")} <= set(found)
