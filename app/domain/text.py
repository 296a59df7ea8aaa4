"""Marks text that is defined at import time for translation when it is shown."""


def N_(message: str) -> str:
    """Return ``message`` unchanged; the translation catalogue finds it by this name."""
    return message


class Phrase(str):
    """A figure of a message that is itself a text to translate, such as the name of a move."""
