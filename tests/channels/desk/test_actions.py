"""What officers do with a plan at the desk: recorded, told, once, and only where it fits."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from bot.initiative.lifecycle import replay
from storage.database import Database
from storage.retention import erase_resident
from tests.channels.desk.desk import OFFICERS, Desk, Visitor, open_desk
from tests.conftest import Clock
from tests.plans import Officer

ANNE, BRAM, CORA, DIRK = (f"{name}@gemeente.test" for name in ("anne", "bram", "cora", "dirk"))
ZOE = "zoe@voorbeeld.test"
REFUSAL = {"reden": "Het park is te klein.", "herstel": "Kies het plein.", "weg": "Het Oranjefonds."}


async def posted(visitor: Visitor, reference: str, action: str, **form: str) -> None:
    response = await visitor.do(reference, action, **form)
    assert response.status == 303, visitor.text


async def sound(desk: Desk, reference: str) -> None:
    """Somebody has it, a date stands, and the history leads to where it is."""
    plan = await desk.plan(reference)
    assert plan.holder
    assert plan.next_date
    assert replay(await desk.history(reference)) == plan.status


# -- the resident ---------------------------------------------------------------------------


async def test_taking_a_plan_says_who_has_it(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await anne.get(f"/plan/{reference}")
    assert (await anne.post(f"/plan/{reference}/doe/oppakken")).status == 303
    plan = await desk.plan(reference)
    assert (plan.holder_kind, plan.holder, plan.handler, plan.status) == ("officer", ANNE, ANNE, "ontvangen")
    assert "Anne Bos" in (await desk.told())[-1]
    assert await desk.mails(ZOE, "wie het behandelt")
    await sound(desk, reference)


async def test_a_question_reaches_the_resident_and_the_answer_the_plan(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    before = (await desk.plan(reference)).next_date
    await posted(anne, reference, "vraag", tekst="Waar komt de bank?", notitie="Bij de vijver?")
    (told,) = await desk.told()
    assert "Anne Bos van de gemeente heeft een vraag" in told
    assert "Waar komt de bank?" in told
    assert "vijver" not in told
    (mail,) = await desk.mails(ZOE, "Een vraag over uw plan")
    assert "Waar komt de bank?" in mail.payload["text"]
    assert mail.payload["reply_to"] == ANNE
    plan = await desk.plan(reference)
    assert plan.status == "ontvangen"
    assert plan.next_date > before
    await desk.say("erbij Naast het buurthuis.")
    await anne.get(f"/plan/{reference}")
    assert "Naast het buurthuis." in anne.text
    assert await desk.kinds(reference) == ["submitted", "question", "added"]
    await sound(desk, reference)


async def test_an_answer_that_came_by_telephone_ends_the_waiting(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await posted(anne, reference, "vraag", tekst="Waar komt de bank?")
    asked_until = (await desk.plan(reference)).next_date
    await anne.get("/")
    assert "Er ligt niets op u te wachten." in anne.text
    await anne.get(f"/plan/{reference}")
    assert "Kreeg u het antwoord zelf" in anne.text
    told, mails = len(await desk.told()), len(await desk.mails(ANNE))
    await posted(anne, reference, "antwoord", tekst="Gebeld op 20 november: naast het buurthuis.")
    assert (await desk.plan(reference)).next_date < asked_until
    await anne.get("/")
    assert "Er ligt niets op u te wachten." not in anne.text
    await anne.get(f"/plan/{reference}")
    assert "Antwoord van de bewoner vastgelegd" in anne.text
    assert "Gebeld op 20 november: naast het buurthuis." in anne.text
    assert (len(await desk.told()), len(await desk.mails(ANNE))) == (told, mails)
    (change,) = [one for one in await desk.history(reference) if one.kind == "added"]
    assert (change.actor_kind, change.actor) == ("wijkregisseur", ANNE)
    await sound(desk, reference)


async def test_an_empty_answer_is_asked_for_again(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    response = await anne.do(reference, "antwoord", tekst=" ")
    assert (response.status, "Schrijf wat de bewoner zei." in anne.text) == (422, True)


@pytest.mark.parametrize("takes_mail", [True, False])
async def test_the_form_of_a_question_promises_only_what_happens(desk: Desk, *, takes_mail: bool) -> None:
    reference = await desk.submit()
    async with open_desk(desk.database, desk.clock, takes_mail=takes_mail) as other:
        anne = await other.signed_in()
        await anne.get(f"/plan/{reference}/doe/vraag")
    assert ("Dat geldt ook voor een antwoord op die mail." in anne.text) is takes_mail
    assert ("Leg een antwoord per mail of telefoon daarom zelf vast." in anne.text) is not takes_mail


async def test_a_question_has_a_button_to_answer_it(desk: Desk) -> None:
    reference = await desk.submit()
    await posted(await desk.signed_in(), reference, "vraag", tekst="Waar?")
    line = (await desk.service.transcript("web", "zoe"))[-1]
    assert line.reply is not None
    assert line.reply.choices[0].data == f"p:add:{reference}"


async def test_proposing_a_talk_makes_a_new_plan_one_that_is_talked_about(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await posted(anne, reference, "gesprek", tekst="Kunt u maandag om tien uur?")
    assert (await desk.plan(reference)).status == "in_gesprek"
    assert "Kunt u maandag om tien uur?" in (await desk.told())[-1]
    await posted(anne, reference, "gesprek", tekst="Of dinsdag?")
    assert await desk.kinds(reference) == ["submitted", "status", "talk"]
    assert "Of dinsdag?" in (await desk.told())[-1]
    await sound(desk, reference)


async def test_a_refusal_says_why_what_helps_and_where_else(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await posted(anne, reference, "afwijzen", notitie="Derde keer dit jaar.", **REFUSAL)
    told = (await desk.told())[-1]
    for words in ("Het park is te klein.", "Wat kan helpen: Kies het plein.", "Een andere weg: Het Oranjefonds."):
        assert words in told
    assert "Derde keer" not in told
    assert (await desk.plan(reference)).status == "afgewezen"


@pytest.mark.parametrize("missing", sorted(REFUSAL))
async def test_a_refusal_needs_all_three(desk: Desk, missing: str) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    response = await anne.do(reference, "afwijzen", **REFUSAL | {missing: " \r\n"})
    assert response.status == 422
    assert f'href="#{missing}"' in anne.page
    assert "Er ontbreekt nog iets" in anne.text
    for kept in set(REFUSAL) - {missing}:
        assert REFUSAL[kept] in anne.text
    assert (await desk.plan(reference)).status == "ontvangen"
    assert (await anne.post(f"/plan/{reference}/doe/afwijzen", **REFUSAL)).status == 303


async def test_a_deal_is_written_down_with_its_amount(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await posted(anne, reference, "gesprek", tekst="Maandag?")
    deal = {"bewoners": "Koffie zetten.", "gemeente": "Het buurthuis openen.", "bedrag": "€ 1.250,-", "openbaar": "ja"}
    await posted(anne, reference, "buurtdeal", **deal)
    plan = await desk.plan(reference)
    assert (plan.status, plan.deal_amount, plan.deal_public) == ("buurtdeal", 1250, True)
    assert plan.deal_at == desk.clock()
    told = (await desk.told())[-1]
    for words in ("De bewoners doen: Koffie zetten.", "De gemeente doet: Het buurthuis openen.", "Bedrag: € 1.250"):
        assert words in told
    await anne.get(f"/plan/{reference}")
    assert "€ 1.250, de titel is openbaar" in anne.text


async def test_a_deal_is_not_public_unless_it_is_said(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await posted(anne, reference, "gesprek", tekst="Maandag?")
    await posted(anne, reference, "buurtdeal", bewoners="x", gemeente="y", bedrag="0")
    plan = await desk.plan(reference)
    assert (plan.deal_amount, plan.deal_public) == (0, False)


@pytest.mark.parametrize("amount", ["", "veel", "-5", "tussen 500 en 1000", "1e9", "99999999999", "1.500.000.000"])
async def test_a_deal_needs_one_amount(desk: Desk, amount: str) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await posted(anne, reference, "gesprek", tekst="Maandag?")
    response = await anne.do(reference, "buurtdeal", bewoners="x", gemeente="y", bedrag=amount)
    assert response.status == 422
    assert (await desk.plan(reference)).status == "in_gesprek"


async def test_the_whole_way_to_done_and_back(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await posted(anne, reference, "oppakken")
    await posted(anne, reference, "gesprek", tekst="Maandag?")
    await posted(anne, reference, "wijkteam", tekst="Het wijkteam kijkt mee.")
    assert (await desk.plan(reference)).holder_kind == "wijkteam"
    assert (await desk.plan(reference)).handler == ANNE
    await posted(anne, reference, "buurtdeal", bewoners="x", gemeente="y", bedrag="500")
    assert (await desk.plan(reference)).holder == ANNE
    await posted(anne, reference, "uitvoering")
    await posted(anne, reference, "afronden", tekst="Dank u wel.")
    assert (await desk.plan(reference)).closed_at is not None
    await posted(anne, reference, "heropenen", reden="Er is nog iets.")
    assert (await desk.plan(reference)).closed_at is None
    await posted(anne, reference, "intrekken", hoe="Gebeld op maandag.")
    last = (await desk.history(reference))[-1]
    assert (last.to_status, last.note) == ("ingetrokken", "Gebeld op maandag.")
    assert "Gebeld op maandag" not in (await desk.told())[-1]
    await sound(desk, reference)


# -- texts to start from ----------------------------------------------------------------------


async def test_a_template_fills_the_form_and_can_be_changed(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await anne.get(f"/plan/{reference}/doe/vraag?sjabloon=plek")
    for words in ("Beste Zoë de Vries,", "Koffieochtend voor Zoë&#39;s buurt &amp; tuin", "Anne Bos"):
        assert words in anne.page
    assert await desk.kinds(reference) == ["submitted"]
    await anne.post(f"/plan/{reference}/doe/vraag", tekst="Beste Zoë, waar dan?")
    assert "Beste Zoë, waar dan?" in (await desk.told())[-1]


@pytest.mark.parametrize("template", ["onzin", "", "plek.naam", "../x", "{naam}"])
async def test_an_unknown_template_fills_nothing(desk: Desk, template: str) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    assert (await anne.get(f"/plan/{reference}/doe/vraag", params={"sjabloon": template})).status == 200
    assert "Beste Zoë" not in anne.page


# -- changing hands ---------------------------------------------------------------------------


async def test_handing_to_a_colleague_tells_why_and_gives_them_the_plan(desk: Desk) -> None:
    reference = await desk.submit()
    anne, dirk = await desk.signed_in(), await desk.signed_in(DIRK)
    assert (await dirk.get(f"/plan/{reference}")).status == 404
    await posted(anne, reference, "overdragen", naar=DIRK, waarom="Jij kent deze mensen.")
    plan = await desk.plan(reference)
    assert (plan.handler, plan.area) == (DIRK, "Zuid")
    (mail,) = await desk.mails(DIRK, "Overgedragen aan u")
    assert "Jij kent deze mensen." in mail.payload["text"]
    assert f"/ambtenaar/plan/{reference}" in mail.payload["text"]
    await dirk.get(f"/plan/{reference}")
    assert "Anne Bos heeft dit plan overgedragen. Reden: Jij kent deze mensen." in dirk.text
    told = (await desk.told())[-1]
    assert "Dirk Smit" in told
    assert "Jij kent" not in told
    await posted(dirk, reference, "vraag", tekst="Waar?")
    await sound(desk, reference)


async def test_who_was_handed_a_plan_hears_what_the_resident_adds(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await posted(anne, reference, "overdragen", naar=DIRK, waarom="Graag.")
    before = len(await desk.mails(ANNE))
    await desk.say("erbij Nog iets.")
    assert await desk.mails(DIRK, "aanvulling")
    assert len(await desk.mails(ANNE)) == before


async def test_handing_to_another_area_moves_the_plan(desk: Desk) -> None:
    reference = await desk.submit()
    anne, dirk = await desk.signed_in(), await desk.signed_in(DIRK)
    await posted(anne, reference, "oppakken")
    await posted(anne, reference, "overdragen", naar="Noordwest", waarom="Dit ligt net over de grens.")
    plan = await desk.plan(reference)
    assert (plan.area, plan.wijk, plan.handler, plan.holder_kind) == ("Noordwest", "Noordwest", "", "wijkregisseur")
    assert await desk.mails(DIRK, "Overgedragen")
    assert (await anne.get(f"/plan/{reference}")).status == 404
    assert (await dirk.get(f"/plan/{reference}")).status == 200
    assert "wijkregisseur van Noordwest" in (await desk.told())[-1]
    await sound(desk, reference)


async def test_who_hands_over_is_told_so_also_when_it_is_theirs_no_more(desk: Desk) -> None:
    reference = await desk.submit()
    anne, dirk = await desk.signed_in(), await desk.signed_in(DIRK)
    response = await anne.do(reference, "overdragen", naar=DIRK, waarom="Graag.")
    assert response.headers["Location"] == f"/ambtenaar/plan/{reference}?gedaan=overdragen"  # still of her area
    response = await dirk.do(reference, "teruggeven", waarom="Nee.")
    assert response.headers["Location"] == "/ambtenaar/?gedaan=teruggeven"
    await dirk.get(response.headers["Location"])
    assert "Het plan is teruggegeven." in dirk.text


async def test_news_says_what_happens_next(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await posted(anne, reference, "oppakken")
    assert "U hoort uiterlijk dinsdag 24 november 2026 weer iets." in (await desk.told())[-1]
    await posted(anne, reference, "vraag", tekst="Waar precies?")
    assert "Na uw antwoord hoort u binnen 2 werkdagen weer iets." in (await desk.told())[-1]


@pytest.mark.parametrize(("to", "back"), [(DIRK, ("Zuid", ANNE)), ("Noordwest", ("Zuid", ANNE))])
async def test_what_was_handed_over_can_be_refused_back(desk: Desk, to: str, back: tuple[str, str]) -> None:
    reference = await desk.submit()
    anne, dirk = await desk.signed_in(), await desk.signed_in(DIRK)
    await posted(anne, reference, "overdragen", naar=to, waarom="Graag.")
    response = await dirk.do(reference, "teruggeven", waarom="")
    assert response.status == 422
    await posted(dirk, reference, "teruggeven", waarom="Ik ben net begonnen.")
    plan = await desk.plan(reference)
    assert (plan.area, plan.handler) == back
    (mail,) = await desk.mails(ANNE, "Teruggegeven")
    assert "Ik ben net begonnen." in mail.payload["text"]
    assert (await dirk.get(f"/plan/{reference}")).status == 404
    await anne.get(f"/plan/{reference}/doe/teruggeven")
    assert "Deze stap kan nu niet bij dit plan." in anne.text
    await sound(desk, reference)


async def test_what_was_accepted_cannot_be_refused_back(desk: Desk) -> None:
    reference = await desk.submit()
    anne, dirk = await desk.signed_in(), await desk.signed_in(DIRK)
    await posted(anne, reference, "overdragen", naar=DIRK, waarom="Graag.")
    await posted(dirk, reference, "gesprek", tekst="Maandag?")
    await dirk.get(f"/plan/{reference}/doe/teruggeven")
    assert "Deze stap kan nu niet bij dit plan." in dirk.text


async def test_a_colleague_without_an_area_is_named_by_their_role(database: Database, clock: Clock) -> None:
    deputy = Officer("Eva Blom", "eva@gemeente.test")
    async with open_desk(database, clock, [*OFFICERS, deputy]) as desk:
        reference, anne = await desk.submit(), await desk.signed_in()
        await anne.get(f"/plan/{reference}/doe/overdragen")
        assert "Eva Blom (wijkregisseur)" in anne.text
        assert "Cora Lam (coördinator)" in anne.text


async def away(desk: Desk, email: str, deputy: str) -> None:
    visitor = await desk.signed_in(email)
    await visitor.get("/ik")
    assert (await visitor.post("/ik/afwezig", vanaf="2026-11-20", tot="2026-12-04", vervanger=deputy)).status == 303


async def test_what_is_handed_to_somebody_away_goes_to_their_deputy(desk: Desk) -> None:
    reference = await desk.submit()
    await away(desk, DIRK, BRAM)
    anne, bram = await desk.signed_in(), await desk.signed_in(BRAM)
    await anne.get(f"/plan/{reference}/doe/overdragen")
    assert "Dirk Smit (Noordwest) is afwezig: het plan gaat nu naar Bram Vos" in anne.text
    await posted(anne, reference, "overdragen", naar=DIRK, waarom="Graag.")
    assert await desk.mails(DIRK, "Overgedragen") == []
    (mail,) = await desk.mails(BRAM, "Overgedragen aan u")
    assert "U krijgt dit wegens afwezigheid van Dirk Smit." in mail.payload["text"]
    assert "behandeld door Bram Vos" in (await desk.told())[-1]
    await posted(bram, reference, "teruggeven", waarom="Te druk.")
    assert (await desk.plan(reference)).handler == ANNE
    await sound(desk, reference)


async def test_what_is_refused_back_to_somebody_away_goes_to_their_deputy(desk: Desk) -> None:
    reference = await desk.submit()
    anne, dirk = await desk.signed_in(), await desk.signed_in(DIRK)
    await posted(anne, reference, "overdragen", naar=DIRK, waarom="Graag.")
    await away(desk, ANNE, CORA)
    await posted(dirk, reference, "teruggeven", waarom="Te druk.")
    assert await desk.mails(ANNE, "Teruggegeven") == []
    (mail,) = await desk.mails(CORA, "Teruggegeven")
    assert "U krijgt dit wegens afwezigheid van Anne Bos." in mail.payload["text"]
    await sound(desk, reference)


async def test_handing_to_somebody_away_without_a_deputy_reaches_the_coordinator(desk: Desk) -> None:
    reference = await desk.submit()
    await away(desk, DIRK, "")
    await posted(await desk.signed_in(), reference, "overdragen", naar=DIRK, waarom="Graag.")
    (mail,) = await desk.mails(CORA, "Overgedragen aan u")
    assert "wegens afwezigheid van Dirk Smit" in mail.payload["text"]
    assert "door een andere medewerker" in (await desk.told())[-1]


@pytest.mark.parametrize("to", ["", "niemand@elders.test", "Amsterdam", ANNE, "Zuid", "<b>"])
async def test_a_plan_is_handed_to_nobody_else(desk: Desk, to: str) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await posted(anne, reference, "oppakken")
    assert (await anne.do(reference, "overdragen", naar=to, waarom="Graag.")).status == 422
    assert (await desk.plan(reference)).handler == ANNE


async def test_taking_over_tells_who_had_it(desk: Desk) -> None:
    reference = await desk.submit()
    anne, bram = await desk.signed_in(), await desk.signed_in(BRAM)
    await posted(anne, reference, "oppakken")
    await posted(bram, reference, "oppakken")
    assert (await desk.plan(reference)).handler == BRAM
    assert await desk.mails(ANNE, "Overgenomen van u")


# -- once, and not after a colleague --------------------------------------------------------------


async def test_the_same_form_twice_is_one_question(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await anne.get(f"/plan/{reference}/doe/vraag")
    page = anne.page
    statuses = []
    for _ in range(3):
        anne.page = page
        statuses.append((await anne.post(f"/plan/{reference}/doe/vraag", tekst="Waar?")).status)
    assert statuses == [303, 303, 303]
    assert await desk.kinds(reference) == ["submitted", "question"]
    assert len(await desk.told()) == 1


async def test_a_double_press_at_the_same_time_counts_once(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await anne.get(f"/plan/{reference}/doe/vraag")
    data = {"token": anne.token, "nonce": anne.value("nonce"), "seen": anne.value("seen"), "tekst": "Waar?"}
    url = anne.url(f"/plan/{reference}/doe/vraag")
    responses = await asyncio.gather(*(anne.session.post(url, data=data, allow_redirects=False) for _ in range(4)))
    assert {response.status for response in responses} == {303}
    assert await desk.kinds(reference) == ["submitted", "question"]


@pytest.mark.parametrize("meanwhile", ["colleague", "resident"])
async def test_what_happened_meanwhile_is_said_first(desk: Desk, meanwhile: str) -> None:
    reference = await desk.submit()
    anne, bram = await desk.signed_in(), await desk.signed_in(BRAM)
    await anne.get(f"/plan/{reference}/doe/afwijzen")
    if meanwhile == "colleague":
        await posted(bram, reference, "gesprek", tekst="Maandag?")
    else:
        await desk.say("erbij Ik heb al 40 handtekeningen.")
    before = await desk.kinds(reference)
    response = await anne.post(f"/plan/{reference}/doe/afwijzen", **REFUSAL)
    assert response.status == 409
    assert "er is iets met dit plan gebeurd" in anne.text
    assert REFUSAL["reden"] in anne.text
    assert await desk.kinds(reference) == before
    assert (await anne.post(f"/plan/{reference}/doe/afwijzen", **REFUSAL)).status == 303
    assert (await desk.plan(reference)).status == "afgewezen"


async def test_a_step_that_no_longer_fits_keeps_what_was_typed(desk: Desk) -> None:
    reference = await desk.submit()
    anne, bram = await desk.signed_in(), await desk.signed_in(BRAM)
    await anne.get(f"/plan/{reference}/doe/wijkteam")
    await posted(bram, reference, "doorverwijzen", reden="Naar het fonds.")
    for _ in range(2):
        response = await anne.post(f"/plan/{reference}/doe/wijkteam", tekst="Ik leg het voor.")
        assert response.status == 409
        assert "Ik leg het voor." in anne.text
    assert (await desk.plan(reference)).status == "doorverwezen"


async def test_a_question_about_a_closed_plan_is_not_asked(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await anne.get(f"/plan/{reference}/doe/vraag")
    token, nonce = anne.token, anne.value("nonce")
    await posted(anne, reference, "doorverwijzen", reden="Naar het fonds.")
    seen = str(max(change.id or 0 for change in await desk.history(reference)))
    response = await anne.post(f"/plan/{reference}/doe/vraag", token, nonce=nonce, seen=seen, tekst="Waar?")
    assert response.status == 409
    assert "question" not in await desk.kinds(reference)


@pytest.mark.parametrize("text", ["x" * 2001, "é" * 2001, "😀" * 2001])
async def test_a_text_too_long_is_kept_to_be_shortened(desk: Desk, text: str) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    response = await anne.do(reference, "vraag", tekst=text)
    assert response.status == 422
    assert text in anne.page
    assert (await anne.do(reference, "vraag", tekst=text[:2000])).status == 303


async def test_a_form_that_is_far_too_large_is_not_read(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    assert (await anne.do(reference, "vraag", tekst="x" * 600_000)).status == 413
    assert await desk.kinds(reference) == ["submitted"]


async def test_html_in_a_message_stays_text(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    await posted(anne, reference, "notitie", notitie="</textarea><script>alert(1)</script>{kenmerk}")
    await anne.get(f"/plan/{reference}")
    assert "<script" not in anne.page
    assert "&lt;script&gt;" in anne.page
    assert "{kenmerk}" in anne.page


async def test_an_erased_plan_is_gone_from_the_desk(desk: Desk) -> None:
    reference = await desk.submit()
    anne, cora = await desk.signed_in(), await desk.signed_in(CORA)
    async with desk.database.unit_of_work() as work:
        conversation = await work.conversations.find("web", "zoe")
        assert conversation is not None
        await erase_resident(work, conversation.resident, desk.clock())
        await work.commit()
    for visitor in (anne, cora):
        assert (await visitor.get(f"/plan/{reference}")).status == 404
        await visitor.get("/?toon=gesloten")
        assert "Koffieochtend" not in visitor.text


async def test_a_question_moves_the_date_and_never_back(desk: Desk) -> None:
    reference = await desk.submit()
    anne = await desk.signed_in()
    async with desk.database.unit_of_work() as work:
        plan = await work.plans.lock(reference)
        assert plan is not None
        plan.next_date = date(2027, 3, 1)
        work.session.add(plan)
        await work.commit()
    await posted(anne, reference, "vraag", tekst="Waar?")
    assert (await desk.plan(reference)).next_date == date(2027, 3, 1)
