"""Changing plans: one transaction, one order of locks, the history, and who must be told."""
