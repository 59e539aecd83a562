"""For editors: checks, measures, what was asked in vain, and official files read in."""
