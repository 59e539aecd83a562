"""Mail out over SMTP or to a folder, and mail in: answers of residents and reports of failure."""
