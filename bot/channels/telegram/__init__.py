"""Telegram, by polling or webhook: updates to events, replies to messages within its limits."""
