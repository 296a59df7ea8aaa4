"""Measures every page of every role on a database of national size, beside the least that could answer the same."""
