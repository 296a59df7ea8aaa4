"""Measurements anyone can run; no test depends on a time."""
