"""The web chat: one page that works without JavaScript, and the requests of its script."""
