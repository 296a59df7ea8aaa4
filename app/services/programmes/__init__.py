"""Terms, versions, files and envelopes of loan programmes."""
