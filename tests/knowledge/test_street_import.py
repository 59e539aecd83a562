"""An extract of addresses becomes a table of streets with their areas, or an error that says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.main import cli
from knowledge.editing.street_import import import_streets
from knowledge.loader import read_whole
from knowledge.models.problems import KnowledgeError

BAG = (
    "openbareruimtenaam,huisnummer,postcode,wijkcode,gemeentecode\n"
    "Appelstraat,1,9001AA,WK999901,GM9999\n"
    "Appelstraat,2,9001 AA,WK999901,GM9999\n"
    "Lange Weg,1,9001AB,WK999901,GM9999\n"
    "Lange Weg,99,9002AC,WK999903,GM9999\n"
    "Lange Weg,101,9002AC,WK999903,GM9999\n"
    "Oosterpad,1,9003AC,WK999902,GM9999\n"
    "Oosterpad,2,9003AD,WK999902,GM9999\n"
    "Haven,1,,WK999902,GM9999\n"
    "Verrestraat,1,1011AA,WK036301,GM0363\n"
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "bag.csv"
    path.write_text(BAG, encoding="utf-8")
    return path


def test_imports_every_street_with_its_areas_the_most_addresses_first(town: Path, source: Path) -> None:
    done = import_streets(town, source)
    assert (done.rows, done.addresses, done.streets, done.shared) == (9, 7, 3, 1)
    assert (town / "feiten/adresstraten.csv").read_text("utf-8") == (
        "straat;gebieden\nAppelstraat;Centrum\nLange Weg;Bergendal, Centrum\nOosterpad;Oost 9003\n"
    )


def test_the_streets_are_known_from_then_on(town: Path, source: Path) -> None:
    import_streets(town, source)
    places = read_whole(town).places
    known = places.find("ik woon aan de Appelstraat 3")
    assert known is not None
    assert (known.kind, known.area) == ("sure", "Centrum")
    shared = places.find("Lange Weg 3")
    assert shared is not None
    assert (shared.kind, shared.alternatives) == ("unclear", ("Bergendal", "Centrum"))


def test_a_file_without_codes_goes_by_the_postcode(town: Path, tmp_path: Path) -> None:
    source = tmp_path / "straten.csv"
    source.write_text("Straatnaam;Postcode\nOosterpad;9004 AA\n", encoding="utf-8")
    assert import_streets(town, source).streets == 1
    assert "Oosterpad;Oost 9004\n" in (town / "feiten/adresstraten.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is leeg"),
        ("huisnummer;postcode\n1;9001AA\n", "de kolom “straat” ontbreekt"),
        ("straat;postcode\nAppelstraat;90A\n", "“90A” is geen postcode"),
        ("straat;postcode;gemeente\nVerrestraat;1011AA;0363\n", "geen enkele straat"),
    ],
)
def test_a_wrong_file_is_told_and_changes_nothing(town: Path, tmp_path: Path, text: str, said: str) -> None:
    source = tmp_path / "fout.csv"
    source.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=said):
        import_streets(town, source)
    assert not (town / "feiten/adresstraten.csv").exists()


def test_the_command_says_what_it_did_or_what_is_wrong(town: Path, source: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["import", "streets", str(source), "--knowledge", str(town)])
    assert done.exit_code == 0, done.output
    assert "Straten: 3" in done.output
    missing = CliRunner().invoke(cli, ["import", "streets", str(tmp_path / "niet.csv"), "--knowledge", str(town)])
    assert missing.exit_code == 1
    assert "Traceback" not in missing.output
