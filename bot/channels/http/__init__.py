"""What the web chat and the desk share of HTTP."""
