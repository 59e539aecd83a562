"""Who gets and may do what: areas, roles, deputies, who is away, and signed links for one person."""
