"""Figures and files over many plans, without a resident in them."""
