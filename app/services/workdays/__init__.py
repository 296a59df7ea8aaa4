"""The calendar of working days: read for whoever counts, and filled in once for each year."""
