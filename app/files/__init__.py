"""Bytes of strangers: kept, read, looked into and drawn; knows nothing about loans."""
