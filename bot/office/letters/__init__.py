"""What officers and residents read about a plan, by mail and in chats, and how it becomes a mail."""
