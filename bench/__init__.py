"""Benchmarks: each module has `run()`, which gives rows of name, value, unit, target and whether it was met."""
