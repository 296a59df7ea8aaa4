"""The help: read by everybody, written by administrators."""
