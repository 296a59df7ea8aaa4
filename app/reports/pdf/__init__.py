"""PDF files that the service draws: in the official letter face, tagged, with a text that can be read."""
