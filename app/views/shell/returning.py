"""Where a person is sent back to: a page of this site, whatever an address given by a browser says."""

import re
from urllib.parse import urlsplit

from flask import request

# One slash, and after it neither a second one nor a backslash: browsers read both as another site's name. They also
# leave out control characters, so that what stands behind one would come to the front.
_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


def own_path(address: str | None) -> str | None:
    """Return the path and query of ``address`` when it is a page of this site, else None.

    The whole address of a page of this site is taken, too: referrers and the framework's sign-in have those.
    """
    path = (address or "").removeprefix(request.host_url.rstrip("/"))
    if not _PATH.fullmatch(path):
        return None
    parts = urlsplit(path)
    return None if parts.scheme or parts.netloc else path
