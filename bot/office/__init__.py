"""What the municipality does with a plan once it is in; each room below it has one part of that."""
