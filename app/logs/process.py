"""Which of several processes that answer pages this one is."""

_number: list[int] = []


def name_process(number: int) -> None:
    """Let every line of this process say its number, from 1, and count its answers apart."""
    _number[:] = [number]


def process_number() -> int:
    """Its number; 1 where there is only one."""
    return _number[0] if _number else 1


def named() -> dict[str, int]:
    """What a line says of it; nothing where there is only one."""
    return {"process": _number[0]} if _number else {}
