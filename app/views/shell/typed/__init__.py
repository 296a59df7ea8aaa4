"""What is typed into a form: how it is understood, and what becomes of it when two people save one record."""
