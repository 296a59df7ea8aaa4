"""Cooperatives, their boards and years, the imports of both, and where they are."""
