"""Breaks: the limit in whole numbers, the verbs under one lock a month, and who is told (S1-04 to S1-08)."""
