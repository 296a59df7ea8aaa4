"""Papers of an application: asked for, attached, judged, opened and packed."""
