"""What can be recorded, in which unit, and what becomes of a value as typed."""
