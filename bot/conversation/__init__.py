"""The core, pure: respond(state, event, knowledge, record) gives a turn. No clock, chance, file, network or database."""
