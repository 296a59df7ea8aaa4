"""What every import of an Excel or CSV file is made of; it knows nothing of what the rows are about."""
