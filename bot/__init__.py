"""The bot: a conversation, the life of a plan, the municipality's handling of it, and the channels that carry all."""

__version__ = "0.2.0"
"""Raised as CHANGELOG.md promises."""
