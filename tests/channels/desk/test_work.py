"""The work list and one plan on one page, as officers see them."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from bot.delivery.returned import Bounces
from bot.ports.addresses import DESK
from bot.ports.signed_addresses import Sending
from storage.models import OutboxMessage
from tests.channels.desk.desk import Desk, Visitor

BRAM, CORA = "bram@gemeente.test", "cora@gemeente.test"


def shown(visitor: Visitor) -> list[str]:
    """References on the work list, in order."""
    return re.findall(rf'<a href="{DESK}/plan/([^"]+)">', visitor.page)


def counts(visitor: Visitor) -> dict[str, int]:
    found = re.findall(r"toon=(\w+)[^>]*>[^<]*<span class=\"wd-count\">(\d+)", visitor.page)
    return {tab: int(count) for tab, count in found}


# -- the work list --------------------------------------------------------------------------


async def test_an_officer_sees_the_plans_of_their_areas_and_a_coordinator_all(desk: Desk) -> None:
    south, east, west = [await desk.submit(area) for area in ("Zuid", "Oost 1221", "Noordwest")]
    for email, plans in (
        ("anne@gemeente.test", {south}), (BRAM, {south, east}), ("dirk@gemeente.test", {west}),
        (CORA, {south, east, west}), ("team@gemeente.test", set()),
    ):  # fmt: skip
        visitor = await desk.signed_in(email)
        await visitor.get("/?toon=open")
        assert set(shown(visitor)) == plans


async def test_an_area_without_an_officer_is_for_the_team_and_the_coordinator(desk: Desk) -> None:
    centre = await desk.submit("Centrum")
    for email in ("team@gemeente.test", CORA):
        visitor = await desk.signed_in(email)
        await visitor.get("/?toon=mij")
        assert shown(visitor) == [centre]
    anne = await desk.signed_in()
    assert (await anne.get(f"/plan/{centre}")).status == 404


async def test_plans_are_sorted_by_whom_they_wait_for(desk: Desk) -> None:
    new, asked, taken, team, done = [await desk.submit(resident=f"r{number}") for number in range(5)]
    anne, bram = await desk.signed_in(), await desk.signed_in(BRAM)
    await anne.do(asked, "vraag", tekst="Waar precies?")
    await bram.do(taken, "oppakken")
    await anne.do(team, "wijkteam")
    await anne.do(done, "doorverwijzen", reden="Dit is een melding.")
    wanted = {"mij": {new}, "bewoner": {asked}, "anderen": {taken, team}, "gesloten": {done}}
    for tab, plans in wanted.items():
        await anne.get(f"/?toon={tab}")
        assert set(shown(anne)) == plans, tab
    assert counts(anne) == {"mij": 1, "bewoner": 1, "anderen": 2, "open": 4, "gesloten": 1}
    await bram.get("/?toon=mij")
    assert set(shown(bram)) == {new, taken}


async def test_an_answer_brings_the_plan_back(desk: Desk) -> None:
    plan = await desk.submit()
    anne = await desk.signed_in()
    await anne.do(plan, "vraag", tekst="Waar precies?")
    assert "Waar precies?" in (await desk.told())[-1]
    await desk.say("erbij Op het plein.")
    await anne.get("/?toon=mij")
    assert shown(anne) == [plan]
    await anne.get(f"/plan/{plan}")
    assert "Op het plein." in anne.text
    assert await desk.mails("anne@gemeente.test", "aanvulling")


async def test_the_colour_follows_the_working_time_that_is_left(desk: Desk) -> None:
    """Sent in on Friday morning, to be answered on Tuesday."""
    await desk.submit()
    anne = await desk.signed_in()
    seen = []
    for hours in (0, 12, 60, 24, 24):
        desk.clock.pass_(hours=hours)
        anne = await desk.signed_in()
        await anne.get("/")
        found = re.search(r"wd-row wd-row--(\w+).*?</span>([^<]+)</span>", anne.page, re.DOTALL)
        assert found is not None
        seen.append((found[1], found[2]))
    assert seen == [
        ("green", "nog 2 werkdagen"), ("orange", "nog 2 werkdagen"), ("orange", "nog 1 werkdag"),
        ("red", "vandaag"), ("red", "1 werkdag te laat"),
    ]  # fmt: skip


async def test_the_most_urgent_is_first(desk: Desk) -> None:
    first = await desk.submit(resident="a")
    desk.clock.pass_(hours=4)
    second = await desk.submit(resident="b")
    anne = await desk.signed_in()
    await anne.do(first, "gesprek", tekst="Morgen?")
    await anne.get("/?toon=open")
    assert shown(anne) == [second, first]


@pytest.mark.parametrize(
    "query",
    ["q=koffieochtend", "q=KOFFIE+zoe", "q=1214+ab", "q=zoe%40voorbeeld.test", "status=ontvangen", "gebied=Zuid",
     "q=bakker&status=ontvangen&gebied=Zuid", "status=", "p=abc", "p=-1", "p=999", "toon=onzin"],
)  # fmt: skip
async def test_a_filter_finds_by_words_of_the_plan_status_and_area(desk: Desk, query: str) -> None:
    plan = await desk.submit()
    anne = await desk.signed_in()
    assert (await anne.get(f"/?{query}")).status == 200
    assert shown(anne) == [plan]


@pytest.mark.parametrize("query", ["q=voetbal", "q=koffie+voetbal", "status=buurtdeal", "gebied=Oost", "status=%00"])
async def test_a_filter_leaves_out_what_does_not_fit(desk: Desk, query: str) -> None:
    await desk.submit()
    anne = await desk.signed_in()
    assert (await anne.get(f"/?{query}")).status == 200
    assert shown(anne) == []
    assert "Geen plannen gevonden" in anne.text or "wachten" in anne.text


async def test_a_reference_is_found_by_its_number(desk: Desk) -> None:
    plans = [await desk.submit(resident=f"r{number}") for number in range(3)]
    anne = await desk.signed_in()
    await anne.get(f"/?q={plans[1].lower()}")
    assert shown(anne) == [plans[1]]


async def test_what_is_typed_is_shown_and_never_run(desk: Desk) -> None:
    anne = await desk.signed_in()
    await anne.get(f"/?q={quote('<script>alert(1)</script>')}&status={quote(chr(34) + '><b>')}")
    assert "<script" not in anne.page
    assert "><b>" not in anne.page


async def test_a_long_list_goes_on_on_a_next_page(desk: Desk) -> None:
    plans = {await desk.submit(resident=f"r{number}") for number in range(28)}
    anne = await desk.signed_in()
    await anne.get("/")
    first = shown(anne)
    assert len(first) == 25
    await anne.get("/?p=2")
    assert set(first) | set(shown(anne)) == plans


# -- one plan -------------------------------------------------------------------------------


async def test_everything_about_a_plan_is_on_its_page(desk: Desk) -> None:
    plan = await desk.submit(photo=await desk.photo())
    anne = await desk.signed_in()
    assert (await anne.get(f"/plan/{plan}")).status == 200
    for told in (
        plan, "Elke maandag koffie in het buurthuis.", "vanaf maart", "€ 1.500", "12 buren en de bakker",
        "Wij zetten koffie en ruimen op.", "Zoë de Vries", "zoe@voorbeeld.test", "06 12345678", "Zuid",
        "wijkregisseur Zuid", "De wijkregisseur.", "tot € 2.000", "Past waarschijnlijk bij", "Plan ingediend",
        "dinsdag 24 november 2026", "de webchat",
    ):  # fmt: skip
        assert told.replace("'", "&#39;") in anne.text, told
    assert re.search(rf'<img src="{DESK}/foto/[\w-]+"[^>]* alt="Foto 1 bij plan {plan}"', anne.page)


async def test_a_photo_is_served_safely(desk: Desk) -> None:
    photo = await desk.photo()
    await desk.submit(photo=photo)
    anne = await desk.signed_in()
    response = await anne.get(f"/foto/{photo}")
    assert (response.status, response.content_type) == (200, "image/jpeg")
    assert (await response.read())[:2] == b"\xff\xd8"
    assert response.headers["Content-Disposition"].startswith("inline; filename=")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


async def test_what_became_of_each_message_is_shown(desk: Desk) -> None:
    plan = await desk.submit()
    anne = await desk.signed_in()
    await anne.do(plan, "gesprek", tekst="Kan maandag?")
    await anne.get(f"/plan/{plan}")
    assert "Staat in de webchat, nog niet gezien" in anne.text
    assert "Staat klaar om te versturen via e-mail" in anne.text
    async with desk.database.unit_of_work() as work:
        mail = next(row for row in await work.outbox.listing() if row.address == "zoe@voorbeeld.test")
        await work.outbox.give_up(mail.id or 0, "SMTP 550")
        await work.commit()
    await desk.reaching.follow_up(desk.clock())
    await anne.get(f"/plan/{plan}")
    assert "Niet aangekomen via e-mail" in anne.text
    assert "De bewoner is niet bereikt" in anne.text
    async with desk.database.unit_of_work() as work:
        row = await work.session.get(OutboxMessage, mail.id)
        assert row is not None
        await work.outbox.sent(row.id or 0, desk.clock())
        await work.commit()
    await anne.get(f"/plan/{plan}")
    assert "Bezorgd via e-mail, vr 20 nov 2026, 10:00" in anne.text
    assert "De bewoner is niet bereikt" not in anne.text


async def test_a_mail_that_came_back_is_no_longer_called_delivered(desk: Desk) -> None:
    plan = await desk.submit()
    anne = await desk.signed_in()
    await anne.do(plan, "gesprek", tekst="Kan maandag?")
    async with desk.database.unit_of_work() as work:
        mail = next(row for row in await work.outbox.listing() if row.address == "zoe@voorbeeld.test")
        await work.outbox.sent(mail.id or 0, desk.clock())
        await work.commit()
    await anne.get(f"/plan/{plan}")
    assert "Bezorgd via e-mail" in anne.text
    await Bounces(desk.database, desk.reaching.given_up).returned(Sending.of(mail.id or 0, mail.created_at))
    await anne.get(f"/plan/{plan}")
    assert "Bezorgd via e-mail" not in anne.text
    assert "Niet aangekomen via e-mail" in anne.text
    assert "De bewoner is niet bereikt" in anne.text


async def test_who_read_it_in_the_chat_was_reached_although_the_mail_failed(desk: Desk) -> None:
    plan = await desk.submit()
    anne = await desk.signed_in()
    await anne.do(plan, "gesprek", tekst="Kan maandag?")
    async with desk.database.unit_of_work() as work:
        mail = next(row for row in await work.outbox.listing() if row.address == "zoe@voorbeeld.test")
        await work.outbox.give_up(mail.id or 0, "SMTP 550")
        await work.commit()
    assert await desk.told()  # their page fetches it
    await desk.reaching.follow_up(desk.clock())
    await anne.get(f"/plan/{plan}")
    assert "Gezien in de webchat" in anne.text
    assert "De bewoner is niet bereikt" not in anne.text


async def test_a_wijk_with_several_areas_can_be_chosen_as_a_whole(desk: Desk) -> None:
    here, there = await desk.submit("Oost 1221"), await desk.submit("Oost 1223", resident="yan")
    await desk.submit(resident="wil")
    cora = await desk.signed_in("cora@gemeente.test")
    await cora.get("/?gebied=Oost")
    assert set(shown(cora)) == {here, there}
    assert '<option value="Oost" selected>' in cora.page
    await cora.get("/?gebied=Oost+1223")
    assert shown(cora) == [there]


async def test_a_note_is_for_colleagues_only(desk: Desk) -> None:
    plan = await desk.submit()
    anne, bram = await desk.signed_in(), await desk.signed_in(BRAM)
    told = len(await desk.told())
    await anne.do(plan, "notitie", notitie="Bram kent de buurt.")
    await bram.get(f"/plan/{plan}")
    assert "Bram kent de buurt." in bram.text
    assert "alleen voor medewerkers" in bram.text
    assert len(await desk.told()) == told
    assert "Bram kent" not in str([row.payload for row in await desk.mails("zoe@voorbeeld.test")])


async def test_who_decides_at_this_amount_is_suggested(desk: Desk) -> None:
    plan = await desk.submit()
    async with desk.database.unit_of_work() as work:
        row = await work.plans.lock(plan)
        assert row is not None
        row.amount = 12_000
        work.session.add(row)
        await work.commit()
    anne = await desk.signed_in()
    await anne.get(f"/plan/{plan}")
    suggested = re.search(r'doe/(\w+)">[^<]*<span class="wd-tag">past bij dit bedrag', anne.page)
    assert suggested is not None
    assert suggested[1] == "wijkteam"


async def test_only_what_is_possible_is_offered(desk: Desk) -> None:
    plan = await desk.submit()
    anne = await desk.signed_in()
    await anne.get(f"/plan/{plan}")
    offered = set(re.findall(r"/doe/(\w+)", anne.page))
    assert {"oppakken", "vraag", "gesprek", "overdragen", "afwijzen", "notitie"} <= offered
    assert not {"heropenen", "afronden", "teruggeven", "buurtdeal"} & offered
    assert (await anne.get(f"/plan/{plan}/doe/afronden")).status == 200
    assert "Deze stap kan nu niet bij dit plan." in anne.text
    assert (await anne.get(f"/plan/{plan}/doe/onzin")).status == 404
    await anne.do(plan, "doorverwijzen", reden="Naar het fonds.")
    await anne.get(f"/plan/{plan}")
    assert set(re.findall(r"/doe/(\w+)", anne.page)) == {"heropenen", "notitie"}


async def test_pages_need_no_script_and_load_only_their_own_files(desk: Desk) -> None:
    plan = await desk.submit(photo=await desk.photo())
    cora = await desk.signed_in(CORA)
    for path in ("/", f"/plan/{plan}", f"/plan/{plan}/doe/afwijzen", f"/plan/{plan}/doe/overdragen", "/ik", "/logboek"):
        response = await cora.get(path)
        assert response.status == 200
        assert "<script" not in cora.page
        assert "style=" not in cora.page
        sources = re.findall(r'(?:src|href|action)="([^"#][^"]*)"', cora.page)
        assert all(source.startswith((f"{DESK}/", "mailto:", "tel:")) for source in sources), sources
        assert response.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]


async def test_somebody_sees_who_they_are_and_says_when_they_are_away(desk: Desk) -> None:
    anne = await desk.signed_in()
    await anne.get("/ik")
    assert "Anne Bos" in anne.text
    assert "nu bent ingelogd: 1." in anne.text
    wrong = await anne.post("/ik/afwezig", vanaf="2026-11-23", tot="2026-11-01", vervanger=BRAM)
    assert wrong.status == 422
    assert "in het verleden" in anne.text
    assert (await anne.post("/ik/afwezig", vanaf="2026-11-20", tot="2026-12-04", vervanger=BRAM)).status == 303
    await anne.get("/ik")
    assert "tot en met vrijdag 4 december 2026. Vervanger: Bram Vos" in anne.text
    assert (await anne.post("/ik/aanwezig")).status == 303
    await anne.get("/ik")
    assert "Bram Vos." not in anne.text


async def test_a_deputy_does_the_work_of_who_is_away(desk: Desk) -> None:
    west = await desk.submit("Noordwest")
    dirk, anne = await desk.signed_in("dirk@gemeente.test"), await desk.signed_in()
    await anne.get("/")
    assert shown(anne) == []
    await dirk.get("/ik")
    await dirk.post("/ik/afwezig", vanaf="2026-11-20", tot="2026-12-04", vervanger="anne@gemeente.test")
    await anne.get("/?toon=mij")
    assert shown(anne) == [west]
    assert (await anne.do(west, "vraag", tekst="Waar?")).status == 303
