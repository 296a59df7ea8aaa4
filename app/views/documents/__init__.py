"""Papers: attached, looked at on the desk, judged, opened and packed."""
