"""The paths of the bot's own pages: letters link to them, channels serve them."""

from __future__ import annotations

DESK = "/ambtenaar"
"""Where the officers' desk is mounted."""
STEP = f"{DESK}/stap/"
"""Before the token of a step with one tap."""


def sign_in_path(link: str) -> str:
    return f"{DESK}/inloggen/{link}"


def plan_path(reference: str) -> str:
    return f"{DESK}/plan/{reference}"
