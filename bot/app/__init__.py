"""Puts it all together and runs it, in order; knows everything, and only the command line knows it."""
