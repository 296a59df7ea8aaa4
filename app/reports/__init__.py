"""Charts and tables over many rows."""
