"""The same steps in an officer's chat: questions, confirmation, and what is remembered between messages."""
