"""The lists of the desk: work, figures, the trail, and who is away."""
