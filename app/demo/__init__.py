"""Demonstration data: published figures where there are any, plainly invented rows elsewhere; no database here."""
