"""Choosing related rows in a form: from a list, by typing, or by ticking."""
