"""What else stands in a message: amounts, numbers, how to reach somebody, and what must be masked."""
