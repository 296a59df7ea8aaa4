"""The register of days on which offices are closed."""
