"""What a resident wants for the neighbourhood: whether a message is a wish, and what it tells of the plan.

Knows language, entities and places; every word that it looks for is a municipality's data.
"""
