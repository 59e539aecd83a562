"""The invented municipality as a folder, and the shipped one as read (without its matcher, which takes long)."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.loader import Parts, read
from knowledge.models.problems import Problems
from knowledge.places.places import Places
from tests.knowledge.town import build_town

SHIPPED = Path(__file__).resolve().parents[2] / "knowledge" / "hilversum"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return build_town(tmp_path / "kleinstad")


@pytest.fixture(scope="session")
def shipped() -> Parts:
    problems = Problems()
    parts = read(SHIPPED, problems)
    assert parts is not None, problems
    return parts


@pytest.fixture(scope="session")
def places(shipped: Parts) -> Places:
    return shipped.places
