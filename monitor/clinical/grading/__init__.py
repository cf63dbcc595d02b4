"""Grading scales: the findings they count, and the tables that give each its grade."""
