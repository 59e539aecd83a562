"""One plan as an officer reads it: everything about it, how urgent, and what can be done."""
