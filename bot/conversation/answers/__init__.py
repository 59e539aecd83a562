"""Questions and their answers: which topics are asked for and how they are phrased; whose wijk it is; danger first."""
