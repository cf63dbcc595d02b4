"""P15: the check before a dose. Beside the episodes, never one of its own."""
