"""A row for every instant at which an answer may change, and what holds there."""
