"""What channels and the office know of each other: values and protocols, no work. Knows turns and initiatives only."""
