"""A plan as its maker tells it, as far as it has been told."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

MAX_PHOTOS = 5
MAX_ADDITION = 3000
"""Characters added to a plan at once."""


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class PlanDraft(Frozen):
    """A plan as far as it has been told. Nothing of it is required until it is confirmed."""

    title: str = ""
    what: str = ""
    wijk: str = ""
    area: str = ""
    """Working area of the wijkregisseur (``gebieden.csv``), e.g. "Oost 1221"."""
    postcode: str = ""
    when: str = ""
    amount: int | None = None
    """Euro; the upper bound of a range. None: not known yet."""
    amount_text: str = ""
    """As the resident wrote it."""
    own_share: str = ""
    support: str = ""
    photos: tuple[str, ...] = ()
    name: str = ""
    by_chat: bool = False
    email: str = ""
    telephone: str = ""
    consent_at: datetime | None = None
    started_at: datetime | None = None
    criteria: dict[str, str] = Field(default_factory=dict)
    """Answers of the criteria walk, question id to choice id (or euro), where it was done."""
    door: str = ""
