"""Questions and their answers: which topics are asked for, how they are phrased, whose wijk it is, what is dangerous."""
