"""What is true at an instant, since when and how high, and the episodes of it."""
