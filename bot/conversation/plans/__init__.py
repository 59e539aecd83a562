"""What else is said about plans: do they stand a chance, how are they doing, the small forms, and what is kept."""
