"""The adviser's own work on typed facts: plans in hours, gaps, comparisons. Code computes; each line has its source."""
