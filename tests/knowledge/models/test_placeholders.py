"""Placeholders: found in texts, known by name, lists on their own line."""

from __future__ import annotations

from knowledge.models.placeholders import KNOWN, crowded_lists, known_names, names_in, stray_braces


def test_names_are_found() -> None:
    assert names_in("Bel {gemeente.telefoon} of {nood.nood}, {wat is dit}") == {
        "gemeente.telefoon",
        "nood.nood",
        "wat is dit",
    }
    assert names_in("geen") == set()


def test_keys_of_tables_are_known_names() -> None:
    names = known_names(["grens"], ["nood"])
    assert {"getal.grens", "nood.nood"} <= names
    assert names >= KNOWN
    assert "getal.anders" not in names


def test_a_list_wants_its_own_line() -> None:
    assert crowded_lists("De wijken zijn {lijst.wijken}.") == {"lijst.wijken"}
    assert not crowded_lists("De wijken zijn:\n{lijst.wijken}\nBel {gemeente.telefoon}.")


def test_stray_braces() -> None:
    assert stray_braces("Bel {gemeente.telefoon")
    assert stray_braces("Bel gemeente.telefoon}")
    assert not stray_braces("Bel {gemeente.telefoon}.")
