"""What looks in a PDF like a script or a file inside and is neither: empty lists, a list of rights, job options."""

from typing import Any

from pikepdf import Array, Dictionary, Name, Object, PikepdfError, Stream

_LARGEST_OPTIONS = 2**18  # bytes; Distiller's own are about 10 KB
_OPTIONS_NAME = ".joboptions"


def is_empty_tree(tree: Any) -> bool:
    """Whether a tree of names holds nothing: Acrobat leaves such when the last script or file was taken out."""
    if not isinstance(tree, Dictionary):
        return False
    return not any(
        len(tree[key]) if isinstance(tree[key], Array) else True for key in ("/Names", "/Kids") if key in tree
    )


def is_list_of_rights(value: Any) -> bool:
    """Whether this names what Reader may do with files inside; it holds none itself."""
    return isinstance(value, Array) and all(isinstance(each, Name) for each in value)


def holds_job_options(entries: dict[str, Any]) -> bool:
    """Whether the files of a file specification are settings of Distiller or InDesign: names and figures in a text."""
    named = [str(entries[key]) for key in ("/F", "/UF", "/DOS", "/Unix", "/Mac") if key in entries]
    inside = entries["/EF"]
    return (
        bool(named)
        and all(name.casefold().endswith(_OPTIONS_NAME) for name in named)
        and isinstance(inside, Dictionary)
        and all(isinstance(each, Stream) and is_job_options(each) for _key, each in inside.items())
    )


def is_job_options(stream: Object) -> bool:
    """Whether a stream is a text as Distiller writes its settings. A program that is no text is none."""
    try:
        content = stream.read_bytes()
    except (PikepdfError, ValueError, OverflowError):
        return False
    text = content.removeprefix(b"\xef\xbb\xbf").strip()
    return (
        len(text) <= _LARGEST_OPTIONS and text.startswith(b"<<") and b"\0" not in text and b"setdistillerparams" in text
    )
