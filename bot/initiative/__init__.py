"""The plan itself, pure: its life as a table, its draft and record, its dates, and how it reads. Knows no channel."""
