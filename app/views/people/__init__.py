"""Signing in, accounts, and who acts for whom."""
