"""What is asked, cautioned, suggested and counted where care is logged."""
