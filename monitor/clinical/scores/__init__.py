"""Published scores beside the patterns: never a level, never a flag by themselves."""
