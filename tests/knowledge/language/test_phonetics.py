"""Words that sound alike have one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.language.phonetics import sound


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("reaksie", "reactie"),
        ("wagten", "wachten"),
        ("buurd", "buurt"),
        ("komissie", "commissie"),
        ("inisjatief", "initiatief"),
        ("sosjaal", "sociaal"),
        ("sorg", "zorg"),
        ("fergunning", "vergunning"),
        ("weg", "wech"),
        ("wijk", "weik"),
        ("wijk", "wyk"),
        ("wethauder", "wethouder"),
        ("taksi", "taxi"),
        ("foto", "photo"),
        ("lope", "lopen"),
        ("antwoort", "antwoord"),
        ("subsidi", "subsidie"),
        ("logis", "logisch"),
    ],
)
def test_what_sounds_alike_has_one_form(heard: str, written: str) -> None:
    assert sound(heard) == sound(written)


@pytest.mark.parametrize(
    ("one", "other"),
    [("bom", "boom"), ("willen", "wielen"), ("change", "gangen"), ("wijk", "wek"), ("tien", "tie")],
)
def test_what_sounds_otherwise_stays_apart(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@given(st.text(max_size=60))
def test_any_text_has_a_sound(text: str) -> None:
    assert isinstance(sound(text), str)
