"""What a trial sets: its protocol, agents, doses, sets, and who is told."""
