"""Where a person is sent back to: a page of this site, whatever an address given by a browser says."""

import re
from typing import Any
from urllib.parse import urlsplit

from flask import request
from jinja2.filters import do_urlencode

BACK = "back"  # the argument that names the list one came from, as it stood
LONGEST_BACK = 1000

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


def back_to(start: str) -> str:
    """The list one came from, as it stood: its page, search and order; ``start`` is where it begins.

    Only an address of that very list is taken from the browser.
    """
    asked = own_path(request.values.get(BACK))
    return asked if asked is not None and urlsplit(asked).path == start and len(asked) <= LONGEST_BACK else start


def carried_back() -> dict[str, Any]:
    """What an address has to say further, so that the page behind it knows the way back, too."""
    asked = own_path(request.values.get(BACK))
    return {BACK: asked} if asked is not None and len(asked) <= LONGEST_BACK else {}


def way_back() -> str:
    """This list as it stands, for the pages of its rows; nothing for one that stands as it begins."""
    query = do_urlencode(list(request.args.items(multi=True)))
    here = own_path(f"{request.script_root}{request.path}?{query}") if query else None
    return here if here is not None and len(here) <= LONGEST_BACK else ""
