"""What is due next: sets, doses, contacts, and how long anybody is followed."""
