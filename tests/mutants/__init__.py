"""Changes places of the rules on purpose and counts how many of the changes the unit tests notice."""
