"""The form that takes in a plan: its order, each question, and what is said around them."""
