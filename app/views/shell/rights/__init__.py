"""What a role may read and fill in of one row."""
