"""What an uploaded file really is, from its own bytes, within limits of size, depth and time."""
