"""Brings what is stored to its channel: the relay, mail that came back, and other ways where one failed."""
