"""Every line of ``vragen.csv``, none of which the bot learnt from, asked of the shipped knowledge.

The floors are the goals: a change of method or examples that costs residents answers shows
here. The examples were written by people who knew of some of these lines, so the figures
flatter; questions that nobody here has seen tell more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.conversation.understanding import Understood, understand
from knowledge.base import Knowledge
from knowledge.files import calibration_file
from knowledge.files.formats import read_csv
from knowledge.models.problems import Problems

FOLDER = Path(__file__).resolve().parents[1] / "knowledge" / "hilversum"
COLUMNS = ("vraag", "onderwerp", "taal", "stijl", "postcode", "wijk", "bedrag")
Asked = tuple[dict[str, str], Understood]


@pytest.fixture(scope="module")
def asked(shipped_knowledge: Knowledge) -> Sequence[Asked]:
    rows = read_csv(FOLDER / "vragen.csv", "vragen.csv", COLUMNS, Problems())
    return [(row, understand(row["vraag"], shipped_knowledge)) for row in rows]


def share(wrong: Iterator[str], count: int) -> tuple[float, list[str]]:
    """Of how many lines something went wrong, and of which, so that a failure names them."""
    found = list(wrong)
    return len(found) / count, found


def of_ours(asked: Sequence[Asked], ours: bool) -> list[Asked]:
    return [(row, found) for row, found in asked if (row["onderwerp"] not in ("", "fallback")) == ours]


def test_questions_within_scope(asked: Sequence[Asked]) -> None:
    lines = of_ours(asked, True)

    def missed(**reach: int) -> Iterator[str]:
        """``reach``: per kind of match how many of its topics count."""
        for row, found in lines:
            kind, topics = found.match.kind, found.match.topics
            if row["onderwerp"] not in topics[: reach.get(kind, 0)]:
                yield f"{row['vraag']} ({row['onderwerp']}: {kind} {' '.join(topics)})"

    wrong = (
        row["vraag"]
        for row, found in lines
        if found.match.kind == "answer" and found.match.topics[0] != row["onderwerp"]
    )
    assert len(lines) >= 700
    assert share(missed(answer=1), len(lines)) < (0.15, [])
    assert share(wrong, len(lines)) < (0.02, [])
    assert share(missed(answer=1, choice=3), len(lines)) < (0.02, [])


def test_messages_out_of_scope(asked: Sequence[Asked]) -> None:
    lines = of_ours(asked, False)
    assert len(lines) >= 150
    assert share((row["vraag"] for row, found in lines if found.match.kind == "answer"), len(lines)) < (0.01, [])
    assert share((row["vraag"] for row, found in lines if found.match.kind != "fallback"), len(lines)) < (0.05, [])


def test_entities(asked: Sequence[Asked]) -> None:
    def missed() -> Iterator[str]:
        for row, understood in asked:
            found = understood.entities
            amount = found.amount.upper if found.amount is not None else None
            if (found.postcode or "", found.wijk or "", "" if amount is None else str(amount)) != (
                row["postcode"],
                row["wijk"],
                row["bedrag"],
            ):
                yield row["vraag"]

    assert share(missed(), len(asked)) < (0.03, [])


def test_the_shipped_calibration_belongs_to_the_shipped_examples(shipped_knowledge: Knowledge) -> None:
    """Else: ``wijkbot calibrate``. A first start relies on it."""
    shipped = calibration_file.read(FOLDER)
    assert shipped is not None
    assert shipped.digest == shipped_knowledge.matcher.digest
    assert shipped.decision.ours_from == shipped_knowledge.matcher.decision.ours_from
