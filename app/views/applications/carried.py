"""Figures that were worked out on a public page and are carried into a new application, through the sign-in."""

from app.security.acting import NOBODY, acting, acting_for


def may_start() -> bool:
    """Whether the reader may come to apply: a cooperative's people, and whoever has not signed in yet."""
    return acting() is NOBODY or acting_for() is not None
