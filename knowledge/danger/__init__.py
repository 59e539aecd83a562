"""Danger and distress, looked for before anything else, by rules that editors can read."""
