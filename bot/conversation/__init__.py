"""The core, pure: respond(state, event, knowledge, record) gives a turn.

No clock, chance, file, network or database in here: what is needed comes in with the event.
"""
