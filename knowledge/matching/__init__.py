"""From words to a topic: features, a linear classifier, and how sure it may be."""
