"""An application from its draft to its resolution."""
