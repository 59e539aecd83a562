"""What a municipality's editors wrote, as typed values, and finding in a resident's words what they ask."""
