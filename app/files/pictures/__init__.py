"""Photos made ready for a PDF, and pages drawn as pictures by a process of their own."""
