"""The forms of the desk: what each step asks, checks and does, at the desk and behind a link."""
