"""A Telegram Bot API server of our own, for tests: every call is checked against the published API."""
