"""Use cases: load rows, ask the domain, change rows; never commit."""
