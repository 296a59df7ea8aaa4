"""Charts of many applications."""
