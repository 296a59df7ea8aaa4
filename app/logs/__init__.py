"""One log of pages, commands and the worker: a line for whatever happened, without values, secrets and texts."""
