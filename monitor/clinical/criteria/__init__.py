"""The hold criteria: the library, and what a protocol puts in force."""
