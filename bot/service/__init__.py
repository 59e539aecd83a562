"""One event, one transaction: what residents and officers can do, and what the conversation may know of a resident."""
