"""``flask fund backup`` and ``flask fund restore``: the database and the documents as one folder of files."""
