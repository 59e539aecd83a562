"""The promise clock: what is due, late or forgotten on a day, and the letters about it."""
