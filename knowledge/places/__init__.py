"""Postcodes, names and locations: which wijk is it, and how sure."""
