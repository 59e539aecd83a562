"""The coordinator's figures: on a page, in a file for a Dutch spreadsheet and one for other systems."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.channels.desk.desk import Desk

CORA = "cora@gemeente.test"
DEAL = {"bewoners": "Koffie zetten.", "gemeente": "De zaal.", "bedrag": "1250"}


async def busy(desk: Desk) -> None:
    """One plan with a deal, one refused, one that nobody looked at in time."""
    dealt, refused = await desk.submit(), await desk.submit(resident="yan")
    await desk.submit(resident="wil")
    anne = await desk.signed_in()
    await anne.do(dealt, "gesprek", tekst="Maandag?")
    await anne.do(dealt, "buurtdeal", **DEAL)
    await anne.do(refused, "afwijzen", reden="Te klein.", herstel="Groter.", weg="Het fonds.")
    desk.clock.pass_(hours=24 * 10)


async def test_the_page_tells_each_wijk_and_all(desk: Desk) -> None:
    await busy(desk)
    cora = await desk.signed_in(CORA)
    response = await cora.get("/cijfers")
    assert response.status == 200
    for told in ("Cijfers over 2026", "2 van 3 (67%)", "1, met reden: 1", "€ 1.250", "Alle wijken", "Zuid", "Centrum"):
        assert told in cora.text
    assert "bureau." not in cora.text


async def test_the_csv_opens_in_a_dutch_spreadsheet(desk: Desk) -> None:
    await busy(desk)
    cora = await desk.signed_in(CORA)
    response = await cora.get("/cijfers.csv?jaar=2026")
    data = await response.read()
    assert data.startswith(b"\xef\xbb\xbf")
    assert "cijfers.csv" in response.headers["Content-Disposition"]
    zuid = next(row for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")
                if row["Wijk"] == "Zuid")  # fmt: skip
    assert (zuid["Ontvangen"], zuid["Eerste reactie op tijd (%)"], zuid["Toegezegd (€)"]) == ("3", "66,7", "1250")


async def test_the_json_holds_the_same(desk: Desk) -> None:
    await busy(desk)
    cora = await desk.signed_in(CORA)
    told = json.loads(await (await cora.get("/cijfers.json")).read())
    assert (told["year"], told["total"]["received"], told["total"]["refused_with_reason"]) == (2026, 3, 1)


@pytest.mark.parametrize("year", ["", "2026", "abcd", "9999", "-1", "%00", "0"])
async def test_a_year_that_cannot_be_is_this_one(desk: Desk, year: str) -> None:
    cora = await desk.signed_in(CORA)
    assert (await cora.get(f"/cijfers?jaar={year}")).status == 200
    assert "Cijfers over 2026" in cora.text


async def test_another_year_can_be_chosen(desk: Desk) -> None:
    await busy(desk)
    cora = await desk.signed_in(CORA)
    await cora.get("/cijfers?jaar=2025")
    assert "Cijfers over 2025" in cora.text
    assert "€ 1.250" not in cora.text


@pytest.mark.parametrize("path", ["/cijfers", "/cijfers.csv", "/cijfers.json"])
async def test_only_for_who_leads_and_looking_is_in_the_trail(desk: Desk, path: str) -> None:
    anne, cora = await desk.signed_in(), await desk.signed_in(CORA)
    assert (await anne.get(path)).status == 404
    assert "/cijfers" not in anne.page
    assert await desk.views() == []
    assert (await cora.get(path)).status == 200
    assert [view.officer for view in await desk.views()] == [CORA]
