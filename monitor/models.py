"""A table of contents: each room's models, so that there is one migration line."""
