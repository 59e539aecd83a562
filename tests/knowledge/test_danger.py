"""Danger is found through phrases, typos and likeness, and hardly ever where there is none."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.danger.dangers import Danger, Dangers, Pattern, Weigh
from knowledge.danger.lessons import digest_of, learn
from knowledge.danger.signals import RuleError, group, rule
from knowledge.danger.weighing import shipped as shipped_weights
from knowledge.loader import Parts, read
from knowledge.models.problems import Problems
from tests.knowledge.conftest import SHIPPED

FIRE = Pattern(
    Danger("brand", "112", {"nl": "Bel 112."}),
    phrases=("staat in brand", "gaslucht"),
    sentences=("er is brand in mijn huis", "there is a fire in my house"),
    innocent=("gesprek over brand in mijn huisje", "hart staat in brand"),
)
DANGERS = Dangers([FIRE], innocent=["er is brandhout in mijn huis"])

GROUPS = {"wapen": ("mes", "messen"), "verleden": ("vorig jaar", "202*"), "gevaarlijk": ("@wapen", "bijl")}
RULED = Dangers(
    [
        Pattern(
            Danger("geweld", "112", {"nl": "Bel 112."}),
            phrases=(),
            sentences=("help mij",),
            innocent=("een mes dat zwaait naar het publiek",),
            rules=(
                rule("@gevaarlijk + zwaait|bedreigt|te lijf - taart|snijden", GROUPS),
                rule("ademt + niet|geen", GROUPS),
                rule("ik + wil + dood - hout", GROUPS),
                rule("is|wordt + neergestoken", GROUPS),
            ),
            unless=group("@verleden|cursus*", GROUPS),
        )
    ],
    denials=group("niet|geen", GROUPS),
    ordinary=("mossen",),
)


@pytest.mark.parametrize(
    "text",
    [
        "het huis hiernaast staat in brand!",
        "HELP de schuur STAAT IN BRAND",
        "er is brand in mijn huis",
        "er is brand in me huis",
        "hallo. er is brand in mijn huis! kom snel",
        "There's a fire in my house",
        "ik ruik gasluhct",
        "ik ruik een gaslcht",
        "gas\u00adlucht",
        "staat in brand en mijn hart staat in brand",
    ],
)
def test_finds_danger(text: str) -> None:
    found = DANGERS.find(text)
    assert found is not None
    assert (found.id, found.number) == ("brand", "112")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "brand",
        "mijn hart staat in brand",
        "een gesprek over brand in mijn huisje",
        "er is brandhout in mijn huis",
        "uitstaat in brandend",
        "wie beslist over mijn plan",
        "gasleiding",
        "staat. in brand",
    ],
)
def test_leaves_innocent_messages(text: str) -> None:
    found = DANGERS.find(text)
    assert found is None or text == "staat. in brand"


@pytest.mark.parametrize(
    "text",
    [
        "hij zwaait met een mes",
        "er is een man met een bijl en hij zwaait ermee",
        "gaat mij te lijf met messen",
        "hij bedreigd mij met een mes",
        "hij bedreift mij met een mes",
        "hij ademt niet",
        "ademd niet",
        "ikwildood",
        "hij is neer gestoken",
        "vorig jaar was leuk. nu zwaait hij met een mes",
        "ik wil dood.",
    ],
)
def test_words_together_are_danger(text: str) -> None:
    assert RULED.find(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "een mes",
        "hij zwaait",
        "hij zwaait niet met een mes",
        "hij zwaait met een mes om de taart te snijden",
        "vorig jaar zwaaide en zwaait hij met een mes",
        "in 2024 was er een man die zwaait met een mes",
        "cursusavond zwaait met een mes",
        "ik wil niet dood",
        "ik wil dood hout",
        "hij ademt",
        "hij zwaait met mossen",
        "een mes dat zwaait naar het publiek",
        "niet help mij",
        "hij zwaait en daarna lopen wij met zijn allen rustig naar huis voor het avondeten en een mes",
    ],
)
def test_words_together_that_mean_something_else(text: str) -> None:
    assert RULED.find(text) is None


@pytest.mark.parametrize("written", ["", "mes + ", "mes + @wapens", "mes - "])
def test_a_rule_that_cannot_be_read_is_refused(written: str) -> None:
    with pytest.raises(RuleError):
        rule(written, GROUPS)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('samen = ["@wapem + zwaait"]', "samen nummer 1: de woordgroep “wapem” bestaat niet; bedoelt u “wapen”?"),
        ('samen = ["@wapen + dreigt", "mes + "]', "samen nummer 2: “mes +” mist een woord naast een +, - of |"),
        ('tenzij = ["@verledn"]', "tenzij nummer 1: de woordgroep “verledn” bestaat niet; bedoelt u “verleden”?"),
        ('same = ["mes + zwaait"]', "same: is onbekend"),
    ],
)
def test_an_editor_hears_which_rule_is_wrong(town: Path, line: str, problem: str) -> None:
    file = town / "gevaar.toml"
    groups = '[woordgroepen]\nwapen = ["mes"]\nverleden = ["vorig jaar"]\n[[gevaar]]\n'
    written = file.read_text(encoding="utf-8").replace("[[gevaar]]\n", groups)
    file.write_text(written.replace('nummer = "nood"', f'nummer = "nood"\n{line}'), encoding="utf-8")
    problems = Problems()
    read(town, problems)
    assert any(f"gevaar.toml: gevaar “brand” {problem}" in str(one) for one in problems), [*map(str, problems)]


def test_rules_of_a_folder_are_used(town: Path) -> None:
    file = town / "gevaar.toml"
    groups = 'ontkenning = ["geen"]\n[woordgroepen]\nvuur = ["vlam*"]\n[[gevaar]]\nsamen = ["@vuur + uit|dak"]\n'
    file.write_text(file.read_text(encoding="utf-8").replace("[[gevaar]]\n", groups), encoding="utf-8")
    problems = Problems()
    parts = read(town, problems)
    assert parts is not None
    assert not problems.errors
    assert parts.dangers.find("ik zie vlammen op het dak") is not None
    assert parts.dangers.find("ik zie geen vlammen op het dak") is None


def test_a_word_group_that_holds_itself_is_refused() -> None:
    with pytest.raises(RuleError):
        group("@a", {"a": ("@b",), "b": ("@a",)})


@given(st.text(alphabet="abdemnorsti ,.", max_size=200))
def test_any_words_are_read_by_rules_without_an_error(text: str) -> None:
    RULED.find(text)


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_is_read_without_an_error(text: str) -> None:
    DANGERS.find(text)


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    return tomllib.loads((SHIPPED / "gevaar.toml").read_text(encoding="utf-8"))


def test_every_shipped_example_is_found_as_its_own_danger(shipped: Parts, written: dict[str, Any]) -> None:
    missed = []
    for danger in written["gevaar"]:
        for sentence in (*danger["zinnen"], *danger["woorden"], *danger["en"]["zinnen"]):
            found = shipped.dangers.find(sentence)
            if found is None or found.id != danger["id"]:
                missed.append((danger["id"], sentence, found and found.id))
    assert not missed


def test_shipped_innocent_messages_give_no_alarm(shipped: Parts, written: dict[str, Any]) -> None:
    """Without being told that they are innocent: the list is for testing, here."""
    blind = Dangers(shipped.dangers.patterns)
    alarms = [text for text in written["onschuldig"] if blind.find(text)]
    assert len(written["onschuldig"]) > 100
    assert len(alarms) <= 0.01 * len(written["onschuldig"]), alarms


DANGEROUS_THEMSELVES = frozenset({"zorg-en-hulp"})
"""Topics that refer people who are in danger: an alarm on some of their questions is right."""


@pytest.mark.timeout(400)  # some 45,000 questions
def test_questions_of_other_topics_give_no_alarm(shipped: Parts) -> None:
    asked = [
        (topic.id, example)
        for topic in shipped.topics.values()
        if topic.id != "spoed"
        for examples in topic.examples.values()
        for example in examples
    ]
    alarms = [(topic, text) for topic, text in asked if shipped.dangers.find(text)]
    assert not [alarm for alarm in alarms if alarm[0] not in DANGEROUS_THEMSELVES]
    assert len(alarms) <= 10, alarms


def test_questions_out_of_scope_give_hardly_an_alarm(shipped: Parts) -> None:
    alarms = [text for text, _ in shipped.outside if shipped.dangers.find(text)]
    assert len(alarms) <= 0.001 * len(shipped.outside), alarms


def test_test_questions_about_other_things_give_no_alarm(shipped: Parts) -> None:
    asked = _rows(SHIPPED / "vragen.csv")
    alarms = [row["vraag"] for row in asked if row["onderwerp"] != "spoed" and shipped.dangers.find(row["vraag"])]
    assert not alarms


def test_test_questions_about_danger_give_an_alarm(shipped: Parts) -> None:
    asked = [row["vraag"] for row in _rows(SHIPPED / "vragen.csv") if row["onderwerp"] == "spoed"]
    missed = [text for text in asked if not shipped.dangers.find(text)]
    assert len(missed) <= 0.1 * len(asked), missed


HERE = Path(__file__).parent


@pytest.mark.parametrize(("part", "least"), [("stellen", 0.98), ("meten", 0.95)])
def test_danger_is_found_with_the_right_number(shipped: Parts, part: str, least: float) -> None:
    """The rules were never tuned on the lines of "meten"."""
    rows = [row for row in _rows(HERE / "gevaar_ja.csv") if row["deel"] == part]
    emergency = shipped.facts.emergency
    missed = []
    for row in rows:
        found = shipped.dangers.find(row["bericht"])
        if found is None or found.number not in [emergency[key] for key in row["nummer"].split()]:
            missed.append(row["bericht"])
    assert len(rows) >= 190
    assert len(missed) <= (1 - least) * len(rows), f"{len(missed)} of {len(rows)}: {missed}"


@pytest.mark.parametrize("part", ["stellen", "meten"])
def test_harmless_messages_give_hardly_an_alarm(shipped: Parts, part: str) -> None:
    texts = [row["bericht"] for row in _rows(HERE / "gevaar_nee.csv") if row["deel"] == part]
    alarms = [text for text in texts if shipped.dangers.find(text)]
    assert len(texts) >= 230
    assert len(alarms) <= 0.005 * len(texts), alarms


def test_what_another_hand_wrote_is_found_and_hardly_more(shipped: Parts) -> None:
    """300 messages by who did not write the rules, half of them danger; they are lessons now, so the floors are high.

    How many of unseen messages are found stands in the note: those are asked once, and never read.
    """
    rows = _rows(HERE / "gevaar_andere_hand.csv")
    missed = [row["bericht"] for row in rows if row["gevaar"] == "ja" and not shipped.dangers.find(row["bericht"])]
    alarms = [row["bericht"] for row in rows if row["gevaar"] == "nee" and shipped.dangers.find(row["bericht"])]
    assert len(rows) == 300
    assert len(missed) <= 0.02 * 150, missed
    assert len(alarms) <= 0.02 * 150, alarms


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("hoeveel pillen heb je nodig om nooit meer wakker te worden", "zelfmoordpreventie"),
        ("I'm tired of fighting, everything is hopeless", "zelfmoordpreventie"),
        ("ik heb afscheid genomen van iedereen", "zelfmoordpreventie"),
        ("mijn man slaat me", "veilig_thuis"),
        ("mijn huisgenoot sloeg me met een hamer", "nood"),
        ("iemand heeft benzine door mijn brievenbus gegoten", "nood"),
    ],
)
def test_veiled_danger_gets_its_number(shipped: Parts, text: str, number: str) -> None:
    found = shipped.dangers.find(text)
    assert found is not None
    assert found.number == shipped.facts.emergency[number]


def test_violence_at_home_is_told_both_numbers(shipped: Parts) -> None:
    found = shipped.dangers.find("mijn man slaat me")
    assert found is not None
    assert all("{nood.nood}" in text and "{nood.veilig_thuis}" in text for text in found.answer.values())


@pytest.mark.parametrize(
    "text",
    [
        "my street is on fire with ideas",
        "ik maak er een eind aan, aan die rommel in de straat",
        "ik heb een brandende vraag over wijkbudget",
        "ik lach me dood",
        "this form is killing me",
    ],
)
def test_figures_of_speech_are_no_danger(shipped: Parts, text: str) -> None:
    assert shipped.dangers.find(text) is None


def _weigh(danger: float) -> Weigh:
    return lambda text: {"": 1 - danger, "brand": danger}


@pytest.mark.parametrize(
    ("danger", "text", "found", "asked"),
    [
        (0.9, "iets wat geen regel kent", True, False),
        (0.5, "iets wat geen regel kent", False, True),
        (0.1, "iets wat geen regel kent", False, False),
        (0.001, "de schuur staat in brand", False, True),
        (0.1, "de schuur staat in brand", True, False),
        (0.0, "er is brand in mijn huis", True, False),
    ],
)
def test_a_second_look_finds_more_and_doubts_a_rule(danger: float, text: str, found: bool, asked: bool) -> None:
    dangers = Dangers([FIRE], weigh=_weigh(danger))
    assert (dangers.find(text) is not None) == found
    assert (not found and dangers.doubt(text) is not None) == asked


def test_a_danger_that_a_municipality_does_not_have_is_not_made_up() -> None:
    assert Dangers([FIRE], weigh=lambda text: {"": 0.0, "gas": 1.0}).find("iets") is None


def test_the_weights_are_those_of_the_lessons() -> None:
    """After a change of ``lessons.csv``: ``python -m knowledge.editing.danger_lessons knowledge/hilversum``."""
    assert shipped_weights().digest == digest_of()


def test_a_few_lessons_are_enough_to_tell_two_kinds_apart() -> None:
    lessons = [("de schuur brandt", "brand"), ("er is brand", "brand"), ("een bankje graag", ""), ("een feest", "")]
    weighing = learn(lessons * 5, ["hallo {}"], ["wanneer is het feest"] * 5)
    assert weighing.chances("de schuur brandt")["brand"] > 0.5
    assert weighing.chances("een feest graag")[""] > 0.5
    assert sum(weighing.chances("").values()) == pytest.approx(1)


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_is_weighed_without_an_error(text: str) -> None:
    assert sum(shipped_weights().chances(text).values()) == pytest.approx(1, abs=1e-3)


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


def test_danger_with_typos_is_still_found(shipped: Parts, written: dict[str, Any]) -> None:
    """One swapped pair of letters in the longest word of each phrase, as a hurried thumb does."""
    phrases = [phrase for danger in written["gevaar"] for phrase in danger["woorden"]]
    typed = [swapped for phrase in phrases if (swapped := _swap_in_longest(phrase)) != phrase]
    missed = [text for text in typed if not shipped.dangers.find(text)]
    assert len(typed) > 100
    assert len(missed) <= 0.1 * len(typed), missed


def _swap_in_longest(phrase: str) -> str:
    longest = max(phrase.split(), key=len)
    if len(longest) < 6:
        return phrase
    middle = len(longest) // 2
    swapped = longest[:middle] + longest[middle + 1] + longest[middle] + longest[middle + 2 :]
    return phrase.replace(longest, swapped)
