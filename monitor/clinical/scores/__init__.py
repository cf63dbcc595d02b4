"""Published scores, and CTCAE grades of single values: beside the patterns, no flag."""
