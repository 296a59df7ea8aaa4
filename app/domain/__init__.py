"""The fund's rules in plain Python on frozen values: no framework, no clock, no files."""
