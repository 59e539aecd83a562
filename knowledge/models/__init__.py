"""What editors write, as typed values, and what can be wrong with it. Imports nothing of ours."""
