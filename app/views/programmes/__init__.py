"""Programmes: their terms, versions, files and ledgers."""
