"""Help for everybody: pages with their versions, words that are explained, pictures, and what is often returned."""
