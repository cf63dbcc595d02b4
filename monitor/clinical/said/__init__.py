"""What a person reads of an answer: its line, its reasons, and what it lacks."""
