"""Commands about the knowledge: ask it, list it, check it, measure it, extend it."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import tomlkit
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.app.data_folder import matcher_cache
from bot.config import load_settings
from bot.conversation.understanding import Understood, understand
from bot.text_keys import keys_in_code
from knowledge.base import Knowledge
from knowledge.editing.checks import check as check_folder
from knowledge.editing.evaluation import Evaluation, evaluate, read_questions
from knowledge.editing.postcode_import import import_postcodes
from knowledge.editing.unanswered import Asked, group
from knowledge.files import calibration_file
from knowledge.loader import build_matcher, load, read_whole
from knowledge.matching.features import Token
from knowledge.models.problems import KnowledgeError, Problems
from storage.database import Database

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

KnowledgeOption = Annotated[
    Path | None, typer.Option("--knowledge", help="Map van een gemeente; anders die van de instellingen.")
]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", "-c", help="Instellingenbestand; anders config.toml, als dat er is.")
]


def knowledge_commands() -> typer.Typer:
    """These commands in a panel of their own: their readers are Dutch editors."""
    commands = typer.Typer()
    for command in (ask, topics, check, evaluate_questions, calibrate, unanswered, postcodes):
        commands.command(NAMES.get(command.__name__, command.__name__), rich_help_panel=PANEL)(command)
    return commands


NAMES = {"evaluate_questions": "evaluate"}
PANEL = "Voor redacteuren: de kennis"
KINDS = {"answer": "antwoord", "choice": "keuze", "fallback": "weet niet"}


def _folder(knowledge: Path | None, config: Path | None = None) -> Path:
    return knowledge if knowledge is not None else load_settings(config).bot.knowledge


def _load(folder: Path) -> Knowledge:
    return load(folder, cache=matcher_cache(load_settings(None)))


# -- ask and topics -----------------------------------------------------------------


def ask(
    question: Annotated[list[str] | None, typer.Argument(help="De vraag; anders elke regel van de invoer.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Per regel een JSON-object, voor programma's.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Waarom: woorden, gewichten en de voorbeelden die het meest lijken.")
    ] = False,
    knowledge: KnowledgeOption = None,
) -> None:
    """Welk antwoord een vraag krijgt, zonder gesprek eromheen.

    Met --json geeft elke regel van de invoer een regel met: question, kind (answer,
    choice of fallback), topics (beste eerst), score, postcode, wijk en amount.
    """
    known = _load(_folder(knowledge))
    lines = [" ".join(question)] if question else (line.rstrip("\r\n") for line in sys.stdin)
    for line in lines:
        understood = understand(line, known)
        if as_json:
            sys.stdout.write(json.dumps(_as_json(line, understood), ensure_ascii=False) + "\n")
            sys.stdout.flush()
        else:
            _show(line, understood, known)
            if verbose:
                _explain(line, known)


def _as_json(line: str, understood: Understood) -> dict[str, Any]:
    match, found = understood.match, understood.entities
    return {
        "question": line,
        "kind": match.kind,
        "topics": list(match.topics),
        "score": round(match.score, 4),
        "postcode": found.postcode,
        "wijk": found.wijk,
        "amount": found.amount.upper if found.amount is not None else None,
    }


def _show(line: str, understood: Understood, known: Knowledge) -> None:
    match = understood.match
    console.print(f"[bold]{escape(line)}[/bold]  {KINDS[match.kind]}  {match.score:.2f}  ({match.language})")
    for topic in match.topics:
        title = known.topics[topic].title
        console.print(f"  {topic}: {escape(title.get(match.language) or next(iter(title.values())))}")


def _token(token: Token) -> str:
    """The word as typed, what it stands for, and whether it counts."""
    read = [word for word in dict.fromkeys((token.word, *token.stems)) if word != token.typed]
    notes = [*([f"telt als {' + '.join(read)}"] if read else []), *([] if token.known else ["onbekend"])]
    notes += ["telt niet mee"] if token.skipped else []
    return f"{token.typed} ({', '.join(notes)})" if notes else token.typed


def _explain(line: str, known: Knowledge) -> None:
    why = known.matcher.explain(line)
    console.print("  woorden: " + escape(", ".join(_token(token) for token in why.tokens)))
    console.print(
        f"  van ons {why.ours:.2f} (keuze vanaf {why.choice_from:.2f}, antwoord vanaf {why.answer_ours_from:.2f}), "
        f"juist {why.right:.2f} (antwoord vanaf {why.answer_from:.2f}), buiten bereik {why.outside:.2f}"
    )
    for candidate in why.candidates:
        console.print(f"  [cyan]{candidate.topic}[/cyan] {candidate.score:.2f}")
        clues = ", ".join(f"{clue} {weight:+.2f}" for clue, weight in candidate.clues)
        console.print(f"    door: {escape(clues)}")
        for example, likeness in candidate.nearest:
            console.print(f"    lijkt op: {escape(example)} ({likeness:.2f})")


def topics(
    as_json: Annotated[bool, typer.Option("--json", help="Per onderwerp een object: id, title, examples.")] = False,
    knowledge: KnowledgeOption = None,
) -> None:
    """Elk antwoord dat de bot heeft."""
    parts = read_whole(_folder(knowledge))
    for topic in parts.topics.values():
        title = next(iter(topic.title.values()))
        if as_json:
            examples = {language: list(lines) for language, lines in topic.examples.items()}
            line = json.dumps({"id": topic.id, "title": title, "examples": examples}, ensure_ascii=False)
            sys.stdout.write(line + "\n")
        else:
            console.print(f"{topic.group}/{topic.id}: {escape(title)}")


# -- check and evaluate -------------------------------------------------------------


def check(
    knowledge: KnowledgeOption = None,
    quick: Annotated[bool, typer.Option("--quick", help="Zonder de vragen van onderwerpen te vergelijken.")] = False,
) -> None:
    """Controleer de kennis: alle fouten en aandachtspunten in een keer. Bij een fout is de exitcode 1."""
    folder = _folder(knowledge)
    cache = matcher_cache(load_settings(None))
    problems = check_folder(folder, date.today(), keys_in_code(), matching=not quick, cache=cache)  # noqa: DTZ011
    for problem in problems:
        colour = "red" if problem.level == "fout" else "yellow"
        console.print(f"[{colour}]{problem.level}[/{colour}] {escape(str(problem))}")
    mistakes = sum(problem.level == "fout" for problem in problems)
    console.print(f"{mistakes} fouten, {len(problems) - mistakes} aandachtspunten in {folder}")
    if mistakes:
        raise typer.Exit(1)


def calibrate(knowledge: KnowledgeOption = None) -> None:
    """Leer opnieuw hoe zeker de bot mag zijn, en bewaar dat in ijking.json. Duurt een minuut.

    Doe dit na grote veranderingen van de voorbeelden; `wijkbot check` zegt wanneer.
    """
    folder = _folder(knowledge)
    parts = read_whole(folder)
    matcher = build_matcher(parts, matcher_cache(load_settings(None)), thorough=True)
    decision = matcher.decision
    calibration_file.write(folder, decision, matcher.digest)
    console.print(
        f"{folder / calibration_file.FILE}: antwoord vanaf {decision.right_from:.2f} juist en "
        f"{decision.sure_ours_from:.2f} van ons, keuze vanaf {decision.ours_from:.2f} van ons"
    )


def evaluate_questions(
    knowledge: KnowledgeOption = None,
    details: Annotated[bool, typer.Option("--details", help="Elke vraag die misging.")] = False,
) -> None:
    """Stel de testvragen van vragen.csv en laat zien wat er misgaat, per onderwerp."""
    folder = _folder(knowledge)
    problems = Problems()
    questions = read_questions(folder, problems)
    if problems:
        raise KnowledgeError(list(problems))
    result = evaluate(_load(folder).matcher, questions)
    _show_evaluation(result, details)


def _show_evaluation(result: Evaluation, details: bool) -> None:
    table = Table("onderwerp", "vragen", "meteen goed", "binnen een wedervraag", "meteen fout", "weet niet")
    rows = {"ALLE ONDERWERPEN": result.in_scope, "BUITEN BEREIK": result.out_of_scope, **result.per_topic()}
    for name, figures in rows.items():
        shares = (figures.answered_right, figures.within_reach, figures.answered_wrong, figures.fell_back)
        table.add_row(name or "(buiten bereik)", str(figures.questions), *(f"{share:.1%}" for share in shares))
    console.print(table)
    for confusion in result.confusions()[: None if details else 20]:
        taken = confusion.taken_for or "niets gevonden"
        console.print(f"[bold]{confusion.topic or 'buiten bereik'} → {taken}[/bold] ({len(confusion.outcomes)})")
        for outcome in confusion.outcomes if details else confusion.outcomes[:2]:
            won = f"  gewonnen door: {outcome.example}" if outcome.example else ""
            console.print(escape(f"  {outcome.match.kind}: {outcome.question.text}{won}"))


# -- what residents asked in vain ----------------------------------------------------


def unanswered(
    config: ConfigOption = None,
    add: Annotated[int | None, typer.Option("--add", help="Nummer van een groep die een voorbeeld wordt.")] = None,
    to: Annotated[str, typer.Option("--to", help="Bij --add: het onderwerp, nieuw of bestaand.")] = "",
    drop: Annotated[int | None, typer.Option("--drop", help="Nummer van een groep die geen antwoord krijgt.")] = None,
) -> None:
    """Wat bewoners tevergeefs vroegen, vaakste eerst; --add 1 --to <onderwerp> maakt er een voorbeeld van."""
    settings = load_settings(config)
    asyncio.run(_unanswered(settings.database_url, settings.bot.knowledge, add, to, drop))


async def _unanswered(url: str, folder: Path, add: int | None, to: str, drop: int | None) -> None:
    database = await Database.open(url)
    try:
        async with database.unit_of_work() as work:
            rows = await work.questions.listing()
            groups = group(Asked(row.question, row.language, row.topic) for row in rows)
            chosen = add if add is not None else drop
            if chosen is None:
                _list_groups(groups)
                return
            if not 1 <= chosen <= len(groups):
                raise typer.BadParameter(f"kies een nummer van 1 tot {len(groups)}")
            if add is not None:
                _add_example(folder, to, groups[chosen - 1].language, groups[chosen - 1].text)
            done = set(groups[chosen - 1].phrasings)
            await work.questions.drop([row.id for row in rows if row.question in done and row.id is not None])
            await work.commit()
    finally:
        await database.close()


def _list_groups(groups: Any) -> None:
    if not groups:
        console.print("Geen onbeantwoorde vragen.")
    for number, one in enumerate(groups, 1):
        bad = f"  (antwoord hielp niet: {', '.join(one.topics)})" if one.topics else ""
        console.print(f"{number:3}. {one.count}x [{one.language}] {one.text}{bad}", markup=False)


def _add_example(folder: Path, topic: str, language: str, question: str) -> None:
    """Put a question into a topic's file; a new topic gets a file to fill in."""
    if not topic:
        raise typer.BadParameter("noem het onderwerp met --to", param_hint="--to")
    found = sorted((folder / "onderwerpen").rglob(f"{topic}.toml"))
    if found:
        path = found[0]
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
    else:
        path = folder / "onderwerpen" / "nieuw" / f"{topic}.toml"
        document = tomlkit.document()
        document.update({"titel": topic, "bron": "", "gecontroleerd": date.today(), "vragen": [], "antwoord": ""})  # noqa: DTZ011
    original = next(iter(_languages(folder)))
    table: Any = document if language in ("", original) else document.setdefault(language, tomlkit.table())
    lines = table.setdefault("vragen", tomlkit.array().multiline(True))
    if question not in lines:
        lines.append(question)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(tomlkit.dumps(document), encoding="utf-8")
    console.print(f"Toegevoegd aan {path}. Controleer het met: wijkbot check", markup=False)


def _languages(folder: Path) -> list[str]:
    gemeente = tomlkit.parse((folder / "gemeente.toml").read_text(encoding="utf-8"))
    return list(gemeente["talen"])


def postcodes(
    source: Annotated[Path, typer.Argument(help="Bestand: postcode;huisnummer;buurt;wijk;gemeente (.csv of .zip).")],
    knowledge: KnowledgeOption = None,
) -> None:
    """Lees het officiële CBS-bestand in, zodat elke postcode precies de goede wijk geeft."""
    try:
        done = import_postcodes(_folder(knowledge), source)
    except KnowledgeError as error:
        errors.print("De postcodes zijn niet ingelezen, er is niets veranderd:")
        for problem in error.problems:
            errors.print(str(problem), markup=False)
        raise typer.Exit(1) from error
    console.print(
        f"Regels gelezen: {done.rows}. Adressen in de gemeente: {done.addresses}. Postcodes: {done.postcodes}, "
        f"waarvan in meer dan een gebied: {done.shared}. Geschreven: {done.target}",
        markup=False,
    )
