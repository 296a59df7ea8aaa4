"""Pages that import rows from a file: what each shares, and the file that its report brings back."""
