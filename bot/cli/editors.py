"""Commands about the knowledge: ask it, list it, check it, measure it, extend it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import tomlkit
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, TaskID, track
from rich.table import Table

from bot.cli.first_message import FirstMessage, first_message
from bot.config import load_settings, matcher_cache
from knowledge.base import Knowledge
<<<<<<< HEAD
from knowledge.editing.evaluation import Evaluation, EvaluationFigures, evaluate, read_questions
from knowledge.loader import load, read_whole
from knowledge.matching.calibration import worth_offering
||||||| cd37017
from knowledge.editing.checks import check as check_folder
from knowledge.editing.evaluation import Evaluation, evaluate, read_questions
from knowledge.editing.postcode_import import import_postcodes
from knowledge.editing.street_import import import_streets
from knowledge.editing.unanswered import Asked, group
from knowledge.files import calibration_file
from knowledge.loader import build_matcher, load, read_whole
=======
from knowledge.editing.checks import check as check_folder
from knowledge.editing.evaluation import Evaluation, evaluate, read_questions
from knowledge.editing.postcode_import import import_postcodes
from knowledge.editing.unanswered import Asked, group
from knowledge.files import calibration_file
from knowledge.loader import build_matcher, load, read_whole
>>>>>>> main
from knowledge.matching.features import Token
from knowledge.models.problems import KnowledgeError, Problems

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
    for command in (ask, topics, check, evaluate_questions, calibrate, learn, move, unanswered, postcodes):
        commands.command(NAMES.get(command.__name__, command.__name__), rich_help_panel=PANEL)(command)
    return commands


NAMES = {"evaluate_questions": "evaluate"}
PANEL = "Voor redacteuren: de kennis"
KINDS = {"answer": "antwoord", "choice": "keuze", "fallback": "weet niet", "plan": "plan"}


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
    """Wat de bot doet met een bericht, als eerste bericht van een nieuwe bewoner.

    Met --json geeft elke regel van de invoer een regel met: question, kind (answer,
    choice, fallback of plan), topics (beste eerst), score, postcode, wijk en amount.
    """
    known = _load(_folder(knowledge))
    lines = [" ".join(question)] if question else (line.rstrip("\r\n") for line in sys.stdin)
    for line in lines:
        done = first_message(line, known)
        if as_json:
            sys.stdout.write(json.dumps(_as_json(line, done), ensure_ascii=False) + "\n")
            sys.stdout.flush()
        else:
            _show(line, done, known)
            if verbose:
                _explain(line, known)


def _as_json(line: str, done: FirstMessage) -> dict[str, Any]:
    found = done.entities
    return {
        "question": line,
        "kind": done.kind,
        "topics": list(done.topics),
        "score": round(done.score, 4),
        "postcode": found.postcode,
        "wijk": found.wijk,
        "amount": found.amount.upper if found.amount is not None else None,
    }


def _show(line: str, done: FirstMessage, known: Knowledge) -> None:
    console.print(f"[bold]{escape(line)}[/bold]  {KINDS[done.kind]}  {done.score:.2f}  ({done.language})")
    for topic in done.topics:
        title = known.topics[topic].title
        console.print(f"  {topic}: {escape(title.get(done.language) or next(iter(title.values())))}")


def _token(token: Token) -> str:
    """The word as typed, what it stands for, and whether it counts."""
    read = [word for word in dict.fromkeys((token.word, *token.stems)) if word != token.typed]
    notes = [*([f"telt als {' + '.join(read)}"] if read else []), *([] if token.known else ["onbekend"])]
    notes += ["telt niet mee"] if token.skipped else ["klein woord"] if token.small else []
    return f"{token.typed} ({', '.join(notes)})" if notes else token.typed


def _explain(line: str, known: Knowledge) -> None:
    why, decision = known.matcher.explain(line), known.matcher.explain(line).decision
    console.print("  woorden: " + escape(", ".join(_token(token) for token in why.tokens)))
    if why.plain:
        console.print("  het bericht is een trefwoord met kleine woorden eromheen")
    console.print(
        f"  van ons {why.ours:.2f} (antwoord vanaf {decision.sure_ours_from:.2f}), "
        f"juist {why.right:.2f} (antwoord vanaf {decision.right_from:.2f}), "
        f"keuze waard {worth_offering(why.right, why.ours):.2f} (keuze vanaf {decision.offered_from:.2f}), "
        f"buiten bereik {why.outside:.2f}"
    )
    for candidate in why.candidates:
        meant = "" if candidate.meant is None else f", betekenis {candidate.meant:.2f}"
        console.print(f"  [cyan]{candidate.topic}[/cyan] {candidate.score:.2f}{meant}")
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
    from bot.text_keys import keys_in_code
    from knowledge.editing.checks import check as check_folder

    folder = _folder(knowledge)
    cache = matcher_cache(load_settings(None))
    with console.status("De kennis wordt gecontroleerd …"):
        problems = check_folder(folder, date.today(), keys_in_code(), matching=not quick, cache=cache)  # noqa: DTZ011
    for problem in problems:
        colour = "red" if problem.level == "fout" else "yellow"
        console.print(f"[{colour}]{problem.level}[/{colour}] {escape(str(problem))}")
    mistakes = sum(problem.level == "fout" for problem in problems)
    console.print(f"{mistakes} fouten, {len(problems) - mistakes} aandachtspunten in {folder}")
    if mistakes:
        raise typer.Exit(1)


def evaluate_questions(
    knowledge: KnowledgeOption = None,
    details: Annotated[bool, typer.Option("--details", help="Elke vraag die misging.")] = False,
) -> None:
    """Stel alle testvragen als eerste bericht en laat zien wat er misgaat: van eigen hand en van anderen apart."""
    folder = _folder(knowledge)
    problems = Problems()
    questions = read_questions(folder, problems)
    if problems:
        raise KnowledgeError(list(problems))
    known = _load(folder)
    hands = {
        "EIGEN HAND": [one for one in questions if not one.other_hand],
        "ANDEREN": [one for one in questions if one.other_hand and not one.apart],
        "ANDEREN, APART": [one for one in questions if one.apart],
    }
    for hand, asked in hands.items():
        if asked:
            shown = track(asked, f"{hand.capitalize()}", console=errors, transient=True)
            result = evaluate(lambda text: first_message(text, known), shown, lambda text: _winner(text, known))
            _show_evaluation(hand, result, details)


def _winner(text: str, known: Knowledge) -> str:
    """The own example that the message resembles most, of the topic that won."""
    candidates = known.matcher.explain(text).candidates
    return candidates[0].nearest[0][0] if candidates and candidates[0].nearest else ""


def _show_evaluation(hand: str, result: Evaluation, details: bool) -> None:
    table = Table(hand, "vragen", "meteen goed", "binnen een wedervraag", "meteen fout", "weet niet")
    rows: dict[str, EvaluationFigures] = {"ALLE ONDERWERPEN": result.in_scope, "BUITEN BEREIK": result.out_of_scope}
    for name, figures in {**rows, **result.per_topic()}.items():
        shares = (figures.answered_right, figures.within_reach, figures.answered_wrong, figures.fell_back)
        table.add_row(name or "(buiten bereik)", str(figures.questions), *(f"{share:.1%}" for share in shares))
    console.print(table)
    for confusion in result.confusions()[: None if details else 20]:
        taken = confusion.taken_for or "niets gevonden"
        console.print(f"[bold]{confusion.topic or 'buiten bereik'} → {taken}[/bold] ({len(confusion.outcomes)})")
        for outcome in confusion.outcomes if details else confusion.outcomes[:2]:
            won = f"  lijkt op: {outcome.example}" if outcome.example else ""
            console.print(escape(f"  {outcome.match.kind}: {outcome.question.text}{won}"))


# -- learning -------------------------------------------------------------------------


def calibrate(knowledge: KnowledgeOption = None) -> None:
    """Vind opnieuw uit hoe zeker de bot mag zijn, en bewaar dat in ijking.json.

    Doe dit na grote veranderingen van de voorbeelden; `wijkbot check` zegt wanneer.
    """
    from knowledge.editing.teaching import recalibrate

    folder = _folder(knowledge)
    with Progress(console=errors, transient=True) as bar:
        calibration = recalibrate(read_whole(folder), matcher_cache(load_settings(None)), _shown(bar))
    for name, decision in (("woorden", calibration.words), ("met betekenis", calibration.meaning)):
        if decision is not None:
            console.print(
                f"{name}: antwoord vanaf {decision.right_from:.2f} juist en {decision.sure_ours_from:.2f} van ons, "
                f"keuze vanaf {decision.offered_from:.2f}"
            )


def learn(knowledge: KnowledgeOption = None) -> None:
    """Leer alle zinnen van de basis opnieuw; duurt een kwartier. Voor wie de basis onderhoudt.

    Maakt geleerd.npz in de map van de basis, en daarna ijking.json. Een wijziging in de map van
    een gemeente heeft dit niet nodig.
    """
    from knowledge.editing.teaching import relearn

    with Progress(console=errors, transient=True) as bar:
        path = relearn(_folder(knowledge), matcher_cache(load_settings(None)), _shown(bar))
    console.print(f"{path}: {path.stat().st_size / 1e6:.1f} MB. Nu: wijkbot calibrate")


def _shown(bar: Progress) -> Callable[[str, float], None]:
    tasks: dict[str, TaskID] = {}

    def show(what: str, share: float) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=1.0)
        bar.update(tasks[what], completed=share)

    return show


def move(
    topic: Annotated[str, typer.Argument(help="Het nieuwe onderwerp.")],
    yes: Annotated[bool, typer.Option("--yes", help="Verplaats ze, in plaats van ze alleen te tonen.")] = False,
    knowledge: KnowledgeOption = None,
) -> None:
    """Welke voorbeelden van andere onderwerpen een nieuw onderwerp moet overnemen; --yes verplaatst ze.

    Een nieuw onderwerp heeft pas kans als de zinnen erover niet meer bij een ander staan.
    """
    from knowledge.editing.moving import examples_to_move, move_examples

    folder = _folder(knowledge)
    parts = read_whole(folder)
    if topic not in parts.topics:
        raise typer.BadParameter(f"het onderwerp {topic} bestaat niet")
    found = examples_to_move(parts, topic)
    for example in found:
        console.print(f"{example.topic}: {example.text}", markup=False)
    if yes and found:
        move_examples(folder, topic, found)
        console.print(f"{len(found)} voorbeelden staan nu bij {topic}. Controleer het met: wijkbot check", markup=False)


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
    from knowledge.editing.unanswered import Asked, group
    from storage.database import Database

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
    from knowledge.editing.postcode_import import import_postcodes

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
<<<<<<< HEAD


def streets(
    source: Annotated[
        Path, typer.Argument(help="Bestand met per adres: straat;postcode, en als het kan wijk;gemeente.")
    ],
    knowledge: KnowledgeOption = None,
) -> None:
    """Lees een uittreksel van de BAG of het CBS in, zodat de bot elke straat kent."""
    from knowledge.editing.street_import import import_streets

    try:
        done = import_streets(_folder(knowledge), source)
    except KnowledgeError as error:
        errors.print("De straten zijn niet ingelezen, er is niets veranderd:")
        for problem in error.problems:
            errors.print(str(problem), markup=False)
        raise typer.Exit(1) from error
    console.print(
        f"Regels gelezen: {done.rows}. Adressen in de gemeente: {done.addresses}. Straten: {done.streets}, "
        f"waarvan in meer dan een gebied: {done.shared}. Geschreven: {done.target}",
        markup=False,
    )
||||||| cd37017


def streets(
    source: Annotated[
        Path, typer.Argument(help="Bestand met per adres: straat;postcode, en als het kan wijk;gemeente.")
    ],
    knowledge: KnowledgeOption = None,
) -> None:
    """Lees een uittreksel van de BAG of het CBS in, zodat de bot elke straat kent."""
    try:
        done = import_streets(_folder(knowledge), source)
    except KnowledgeError as error:
        errors.print("De straten zijn niet ingelezen, er is niets veranderd:")
        for problem in error.problems:
            errors.print(str(problem), markup=False)
        raise typer.Exit(1) from error
    console.print(
        f"Regels gelezen: {done.rows}. Adressen in de gemeente: {done.addresses}. Straten: {done.streets}, "
        f"waarvan in meer dan een gebied: {done.shared}. Geschreven: {done.target}",
        markup=False,
    )
=======
>>>>>>> main
