"""Links in the mail: a page that asks, a form that does it once, a clear page for everything else."""

from __future__ import annotations

import asyncio
import re

import pytest
from itsdangerous import URLSafeSerializer
from sqlalchemy import text
from sqlmodel import select

from bot.office.officers.links import Links
from bot.ports.addresses import STEP
from bot.ports.typed_text import MAX_LENGTH
from storage.models import Conversation
from storage.retention import erase_resident
from tests.channels.desk.conftest import OFFICER, Office
from tests.plans import REFERENCE, SECRET, shipped

REFUSAL = {"reden": "Het park is te klein.", "herstel": "Kies het plein ernaast.", "weg": "Het fonds."}
DEAL = {"bewoners": "Koffie zetten.", "gemeente": "De zaal."}


async def unchanged(office: Office) -> bool:
    return (await office.plan()).status == "ontvangen" and len(await office.history()) == 1


# -- looking ------------------------------------------------------------------------------


async def test_the_page_shows_the_plan_the_step_and_what_the_resident_reads(office: Office) -> None:
    response = await office.get(office.link("in_gesprek"))
    html = await response.text()
    assert response.status == 200
    for told in ("Koffieochtend voor Zoë&#39;s buurt &amp; tuin", REFERENCE, "Ik ga in gesprek", "ontvangen",
                 "in gesprek", shipped().texts.say("statusuitleg.in_gesprek", "nl")):  # fmt: skip
        assert told in html


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_changes_nothing_however_often(office: Office, method: str) -> None:
    token = office.link("in_gesprek")
    before = len(await office.outbox())
    for _ in range(3):
        assert (await office.get(token, method)).status == 200
    assert await unchanged(office)
    assert len(await office.outbox()) == before
    assert (await office.post(token)).status == 200


async def test_every_link_in_the_mail_opens_a_page(office: Office) -> None:
    mail = next(row for row in await office.outbox() if row.address == OFFICER)
    tokens = re.findall(re.escape(STEP) + r"(\S+)", mail.payload["text"])
    assert len(tokens) == 7
    assert [(await office.get(token)).status for token in tokens] == [200] * 7
    assert await unchanged(office)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_do_nothing(office: Office, method: str) -> None:
    assert (await office.get(office.link("in_gesprek"), method)).status == 405
    assert await unchanged(office)


async def test_pages_are_kept_from_caches_search_engines_frames_and_other_sites(office: Office) -> None:
    token = office.link("in_gesprek")
    for response in (await office.get(token), await office.get("onzin"), await office.post(token)):
        assert response.headers["Cache-Control"] == "no-store"
        assert "noindex" in response.headers["X-Robots-Tag"]
        assert response.headers["Referrer-Policy"] == "strict-origin"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        policy = response.headers["Content-Security-Policy"]
        for rule in ("default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert rule in policy
        assert "unsafe" not in policy
        assert "Set-Cookie" not in response.headers


async def test_the_page_needs_no_script_and_loads_only_its_own_files(office: Office) -> None:
    html = await (await office.get(office.link("afgewezen"))).text()
    assert "<script" not in html
    assert "style=" not in html
    sources = re.findall(r'(?:src|href)="([^"]+)"', html)
    loaded = sorted(source.partition("?")[0] for source in sources if not source.startswith("#"))
    assert loaded == [f"/ambtenaar/static/{name}" for name in ("base.css", "desk.css", "icon.svg")]
    for file in ("base.css", "desk.css", "icon.svg"):
        response = await office.session.get(office.url("x").replace("stap/x", f"static/{file}"))
        assert response.status == 200


# -- doing ----------------------------------------------------------------------------------


async def test_confirming_changes_the_plan_and_tells_the_resident(office: Office) -> None:
    response = await office.post(office.link("in_gesprek"), tekst="Ik bel u maandag.", notitie="Met Bram overleggen.")
    assert response.status == 200
    assert "Vastgelegd" in await response.text()
    last = (await office.history())[-1]
    assert (last.from_status, last.to_status) == ("ontvangen", "in_gesprek")
    assert (last.actor_kind, last.actor) == ("wijkregisseur", OFFICER)
    assert (last.reason, last.note) == ("Ik bel u maandag.", "Met Bram overleggen.")
    (told,) = await office.told()
    assert "Ik bel u maandag." in told
    assert "Bram" not in told


async def test_the_page_after_it_offers_the_next_steps_and_they_work(office: Office) -> None:
    html = await (await office.post(office.link("in_gesprek"))).text()
    following = dict(re.findall(r'href="([\w.-]{40,})">([^<]+)<', html))
    deal = next(token for token, label in following.items() if label == "Buurtdeal gesloten")
    assert (await office.get(deal)).status == 200
    assert (await office.post(deal, bedrag="€ 1.500,-", **DEAL)).status == 200
    assert (await office.plan()).status == "buurtdeal"


@pytest.mark.parametrize("amount", ["", "veel", "tussen 500 en 1000", "99999999999", "-"])
async def test_a_deal_needs_one_amount(office: Office, amount: str) -> None:
    await office.post(office.link("in_gesprek"))
    token = office.link("buurtdeal")
    response = await office.post(token, bedrag=amount, **DEAL)
    assert response.status == 422
    assert '"#bedrag"' in await response.text()
    assert (await office.plan()).status == "in_gesprek"
    assert (await office.post(token, bedrag="1500", **DEAL)).status == 200
    assert (await office.plan()).deal_amount == 1500


@pytest.mark.parametrize(
    ("form", "missing"),
    [
        ({}, ["#reden", "#herstel", "#weg"]),
        ({"reden": "Te klein."}, ["#herstel", "#weg"]),
        ({"herstel": "Kleiner.", "weg": "Het fonds."}, ["#reden"]),
        ({"reden": " \r\n ", "herstel": "\t", "weg": "x"}, ["#reden", "#herstel"]),
        ({"reden": "x" * (MAX_LENGTH + 1), "herstel": "y", "weg": "z"}, ["#reden"]),
        ({"reden": "x", "herstel": "y", "weg": "z", "notitie": "n" * (MAX_LENGTH + 1)}, ["#notitie"]),
    ],
)
async def test_refusing_needs_a_reason_what_would_repair_it_and_another_way(
    office: Office, form: dict[str, str], missing: list[str]
) -> None:
    token = office.link("afgewezen")
    response = await office.post(token, **form)
    html = await response.text()
    assert response.status == 422
    assert [target for target in re.findall(r'href="(#[a-z]+)"', html) if target != "#inhoud"] == missing
    assert "<title>Er ontbreekt nog iets" in html
    assert await unchanged(office)
    assert (await office.post(token, **REFUSAL)).status == 200


async def test_what_was_filled_in_is_still_there_after_a_mistake(office: Office) -> None:
    html = await (await office.post(office.link("afgewezen"), reden='Zie </textarea><b>"ons" beleid')).text()
    assert "Zie &lt;/textarea&gt;&lt;b&gt;&#34;ons&#34; beleid</textarea>" in html
    assert 'aria-invalid="true"' in html


async def test_a_refusal_reaches_the_resident_with_its_way_out(office: Office) -> None:
    assert (await office.post(office.link("afgewezen"), **REFUSAL)).status == 200
    (told,) = await office.told()
    assert "Het park is te klein.\nWat kan helpen: Kies het plein ernaast.\nEen andere weg: Het fonds." in told


async def test_a_deal_says_who_does_what(office: Office) -> None:
    await office.post(office.link("in_gesprek"))
    token = office.link("buurtdeal")
    html = await (await office.post(token, bedrag="1500")).text()
    assert re.findall(r'href="#(bewoners|gemeente)"', html) == ["bewoners", "gemeente"]
    assert (await office.post(token, bedrag="1500", openbaar="ja", **DEAL)).status == 200
    assert "De bewoners doen: Koffie zetten.\nDe gemeente doet: De zaal.\nBedrag: € 1.500" in (await office.told())[-1]


async def test_withdrawing_for_a_resident_says_how_they_asked(office: Office) -> None:
    token = office.link("ingetrokken")
    assert (await office.post(token)).status == 422
    assert (await office.post(token, hoe="Gebeld op 20 november.")).status == 200
    assert (await office.history())[-1].note == "Gebeld op 20 november."


async def test_referring_needs_a_reason_only(office: Office) -> None:
    assert (await office.post(office.link("doorverwezen"))).status == 422
    assert (await office.post(office.link("doorverwezen"), reden="Naar het fonds.")).status == 200


async def test_a_text_of_several_lines_keeps_them(office: Office) -> None:
    await office.post(office.link("in_gesprek"), tekst="Een\r\ntwee\r\n\r\ndrie\x00")
    assert (await office.history())[-1].reason == "Een\ntwee\n\ndrie"


async def test_a_form_of_another_shape_is_read_as_empty(office: Office) -> None:
    response = await office.session.post(office.url(office.link("afgewezen")), json={"reden": "x"})
    assert response.status == 422
    assert await unchanged(office)


async def test_a_form_that_is_far_too_large_is_not_read(office: Office) -> None:
    assert (await office.post(office.link("afgewezen"), reden="x" * 200_000)).status == 413
    assert await unchanged(office)


# -- refused ------------------------------------------------------------------------------------


def forged(office: Office) -> list[str]:
    """Everything that is not a link of ours, or no longer the one that we made."""
    token = office.link("in_gesprek")
    payload, _, signature = token.partition(".")
    other = payload[:-1] + ("A" if payload[-1] != "A" else "B")
    stranger = Links("een-ander-geheim-van-meer-dan-32-tekens", office.clock)
    return [
        "x", "a.b", "%00", "..%2f..%2fetc", "é", "x" * 5_000,
        payload, f".{signature}", f"{other}.{signature}", f"{payload}.{signature[:-2]}", f"{token}A",
        stranger.make("plan", REFERENCE, "in_gesprek", OFFICER),
        office.links.make("login", REFERENCE, "in_gesprek", OFFICER),
        str(URLSafeSerializer(SECRET, salt="wijkbot.plan").dumps(["te", "kort"])),
    ]  # fmt: skip


async def test_forged_links_get_a_clear_page_and_do_nothing(office: Office) -> None:
    for token in forged(office):
        for response in (await office.get(token), await office.post(token, **REFUSAL)):
            assert response.status == 404, token
            assert "Deze link klopt niet" in await response.text()
    assert await unchanged(office)


async def test_a_link_for_a_plan_that_is_not_there_says_so(office: Office) -> None:
    token = office.links.make("plan", "HV-000-000-000", "in_gesprek", OFFICER)
    response = await office.get(token)
    assert response.status == 410
    assert "Dit plan is er niet meer" in await response.text()


async def test_an_expired_link_says_so(office: Office) -> None:
    token = office.link("in_gesprek")
    office.clock.pass_(days=59, hours=23)
    assert (await office.get(token)).status == 200
    office.clock.pass_(hours=1)
    for response in (await office.get(token), await office.post(token)):
        assert response.status == 410
        assert "Deze link is verlopen" in await response.text()
    assert await unchanged(office)


async def test_a_used_link_says_where_the_plan_is_now(office: Office) -> None:
    token = office.link("in_gesprek")
    await office.post(token)
    for response in (await office.get(token), await office.post(token)):
        html = await response.text()
        assert response.status == 410
        assert "Deze link is al gebruikt" in html
        assert "Het plan staat nu op &#34;in gesprek&#34;" in html
        assert not re.findall(r'href="[\w.-]{40,}"', html)
    assert len(await office.history()) == 2


async def test_a_double_press_counts_once(office: Office) -> None:
    token = office.link("in_gesprek")
    responses = await asyncio.gather(*(office.post(token) for _ in range(5)))
    assert sorted(response.status for response in responses) == [200, 410, 410, 410, 410]
    assert len(await office.history()) == 2
    assert len(await office.told()) == 1


async def test_a_step_that_no_longer_fits_offers_those_that_do(office: Office) -> None:
    late = office.link("bij_wijkteam")
    await office.post(office.link("afgewezen"), **REFUSAL)
    for response in (await office.get(late), await office.post(late)):
        html = await response.text()
        assert response.status == 409
        assert "Deze stap kan nu niet" in html
        assert "Plan weer openen" in html
    assert (await office.plan()).status == "afgewezen"


async def test_a_step_that_a_colleague_took_first_is_not_taken_twice(office: Office) -> None:
    mine, theirs = office.link("in_gesprek"), office.link("in_gesprek", "bram@gemeente.test")
    assert (await office.post(theirs)).status == 200
    assert (await office.post(mine)).status == 409
    assert len(await office.history()) == 2


@pytest.mark.parametrize("officer", ["dirk@elders.test", "team@gemeente.test", ""])
async def test_an_officer_of_another_area_can_do_nothing(office: Office, officer: str) -> None:
    token = office.link("in_gesprek", officer)
    for response in (await office.get(token), await office.post(token)):
        html = await response.text()
        assert response.status == 403
        assert "Koffieochtend" not in html
    assert await unchanged(office)


async def test_the_coordinator_can_act_everywhere(office: Office) -> None:
    assert (await office.post(office.link("in_gesprek", "cora@gemeente.test"))).status == 200
    assert (await office.history())[-1].actor_kind == "coordinator"


async def test_a_post_from_another_site_is_refused(office: Office) -> None:
    token = office.link("in_gesprek")
    assert (await office.post_from("cross-site", token)).status == 404
    assert await unchanged(office)
    assert (await office.post_from("same-origin", token)).status == 200


async def test_a_link_from_webmail_may_be_followed(office: Office) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    response = await office.session.get(office.url(office.link("in_gesprek")), headers=headers)
    assert response.status == 200


async def test_an_erased_plan_is_gone(office: Office) -> None:
    token = office.link("in_gesprek")
    async with office.database.unit_of_work() as work:
        (conversation,) = (await work.session.exec(select(Conversation))).all()
        await erase_resident(work, conversation.resident, office.clock())
        await work.commit()
    for response in (await office.get(token), await office.post(token)):
        assert response.status == 410
        assert "Koffieochtend" not in await response.text()


async def alter(office: Office, statement: str) -> None:
    async with office.database.unit_of_work() as work:
        await (await work.session.connection()).execute(text(statement))
        await work.commit()


async def test_storage_that_is_away_is_said_and_the_link_works_later(office: Office) -> None:
    token = office.link("in_gesprek")
    await alter(office, "ALTER TABLE used_link RENAME TO away")
    for response in (await office.get(token), await office.post(token)):
        assert response.status == 503
        assert "Het lukt nu even niet" in await response.text()
    await alter(office, "ALTER TABLE away RENAME TO used_link")
    assert (await office.post(token)).status == 200
