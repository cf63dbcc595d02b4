"""Grading scales. Each is a list of arms, a grade with the answer that gives it."""
