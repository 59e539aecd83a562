"""What is remembered, in SQLite or PostgreSQL alike: tables, transactions, migrations, terms. Knows nothing of ours."""
