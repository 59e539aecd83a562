"""What goes into a turn and comes out of it: events, replies, state, and the scene that every part looks at."""
