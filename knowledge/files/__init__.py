"""Reads an editor's files and says in Dutch what is wrong with them."""
