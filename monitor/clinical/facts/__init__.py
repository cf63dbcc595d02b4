"""From a chart to facts: read, converted, checked, or refused in words."""
