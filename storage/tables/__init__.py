"""What can be asked of the tables and stored in them, one module per kind of thing."""
