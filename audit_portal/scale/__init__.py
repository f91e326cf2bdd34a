"""Invented councils of a size: a county, which must be fast, and ten times that, which shows how cost grows."""
