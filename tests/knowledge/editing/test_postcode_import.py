"""The CBS file of addresses becomes a table of exact postcodes, or an error that says what is wrong."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from knowledge.editing.postcode_import import import_postcodes
from knowledge.loader import load
from knowledge.models.problems import KnowledgeError
from knowledge.places.places import Place

HEADER = "PC6;Huisnummer;Buurt2026;Wijk2026;Gemeente2026\n"
ROWS = (
    "9001AA;1;99990101;999901;9999\n"
    "9001AA;2;99990101;999901;9999\n"
    "9002AB;1;99990301;999903;9999\n"
    "9002AB;3;99990101;999901;9999\n"
    "9002AB;5;99990301;999903;9999\n"
    "9003AC;1;99990201;999902;9999\n"  # Oost has two areas: the four digits decide
    "9004AD;1;99990201;999902;9999\n"
    "9002AE;1;99990901;999909;9999\n"  # a CBS wijk that is none of the municipality's
    "9001AA;9;10100101;101001;1010\n"  # another municipality
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "pc6hnr.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def test_imports_every_postcode_with_its_areas(town: Path, source: Path) -> None:
    done = import_postcodes(town, source)
    assert (done.rows, done.addresses, done.postcodes, done.shared) == (9, 8, 5, 1)
    assert (town / "feiten/postcodes6.csv").read_text("utf-8") == (
        "postcode;gebieden\n9001 AA;Centrum\n9002 AB;Bergendal, Centrum\n9002 AE;Bergendal\n9003 AC;Oost 9003\n"
        "9004 AD;Oost 9004\n"
    )
    assert not (town / "feiten/postcodes6.tmp").exists()


def test_the_table_is_used_from_then_on(town: Path, source: Path) -> None:
    import_postcodes(town, source)
    places = load(town).places
    assert places.find_postcode("9001aa") == Place("sure", "Centrum", "Centrum", "9001 AA")
    assert places.find_postcode("9002 AE").kind == "sure"
    shared = places.find_postcode("9002 AB")
    assert (shared.kind, shared.wijk, shared.alternatives) == ("likely", "Bergendal", ("Centrum",))
    assert places.find_postcode("9002 ZZ").kind == "likely"


def test_reads_the_zip_that_it_comes_in(town: Path, source: Path, tmp_path: Path) -> None:
    packed = tmp_path / "cbs.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("leesmij.txt", "kort")
        archive.writestr("map/pc6hnr.csv", HEADER + ROWS)
    assert import_postcodes(town, packed).postcodes == 5


def test_named_columns_with_prefixed_codes_and_quotes(town: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        'postcode;huisnummer;buurt;wijk;gemeente\r\n"9001 aa";"1";"BU99990101";"WK999901";"GM9999"\r\n',
        encoding="utf-8-sig",
    )
    import_postcodes(town, path)
    assert "9001 AA;Centrum\n" in (town / "feiten/postcodes6.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("PC6;Huisnummer;Buurt2026;Wijk2026\n9001AA;1;1;1\n", "regel 1: de kolom “gemeente” ontbreekt; gevonden: pc6"),
        (HEADER + "9001AA;1;99990101;999901\n", "regel 2: heeft 4 vakken; verwacht minstens 5"),
        (HEADER + "90O1AA;1;99990101;999901;9999\n", "regel 2: “90O1AA” is geen postcode"),
        (HEADER + "9001AA;9;10100101;101001;1010\n", "geen enkel adres in gemeente 9999 gevonden op 1 regels"),
        ("", "regel 1: is leeg"),
        ("\n", "regel 1: is leeg"),
        (HEADER + "1001AA;1;1;101001;1010\n", "andere gemeente?"),
    ],
)
def test_a_wrong_file_is_named_and_nothing_is_written(town: Path, tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "cbs.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        import_postcodes(town, path)
    assert message in str(caught.value)
    assert not (town / "feiten/postcodes6.csv").exists()


def test_a_file_in_another_encoding_is_called_unreadable(town: Path, tmp_path: Path) -> None:
    path = tmp_path / "cbs.csv"
    path.write_bytes((HEADER + ROWS).encode("utf-16"))
    with pytest.raises(KnowledgeError, match="geen leesbare tekst; bewaar het bestand als CSV in UTF-8"):
        import_postcodes(town, path)


def test_half_a_zip_is_called_so(town: Path, source: Path, tmp_path: Path) -> None:
    packed = tmp_path / "cbs.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(source, "pc6hnr.csv")
    packed.write_bytes(packed.read_bytes()[:-60])
    with pytest.raises(KnowledgeError, match="geen heel zip-bestand"):
        import_postcodes(town, packed)


def test_a_folder_is_no_file(town: Path, tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="het is een map"):
        import_postcodes(town, tmp_path)


def test_a_file_that_is_not_there(town: Path, tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="kan niet worden gelezen: het bestand is er niet"):
        import_postcodes(town, tmp_path / "weg.csv")


def test_an_area_that_no_longer_exists_is_reported(town: Path, source: Path) -> None:
    import_postcodes(town, source)
    table = town / "feiten/postcodes6.csv"
    table.write_text(table.read_text("utf-8").replace("Oost 9004", "Oost 9005"), encoding="utf-8")
    with pytest.raises(KnowledgeError, match="het gebied “Oost 9005” bestaat niet; bedoelt u “Oost 900"):
        load(town)
