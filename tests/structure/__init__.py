"""What the house rules say, as tests, each with something planted that it catches."""
