"""Sums and counts that pages show, kept by the database in the transaction that changes them."""
