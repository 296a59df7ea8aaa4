"""The letter face for browsers: Sarabun cut into what nearly every page needs and what hardly any does."""

import io
from importlib.resources import files

# Each file, the face it is cut from, and its letters. The style sheet has the same letters as ``unicode-range``.
# What Sarabun does not draw (▾, ▸, ✓) is in neither, or a browser would fetch a file for nothing.
COMMON = "U+0-FF, U+E00-E7F, U+2000-203A, U+20AC, U+2122, U+2190-2193, U+2212, U+2260-2265"
RARE = (
    "U+100-3FF, U+1E00-1EFF, U+203B-20AB, U+20AD-2121, U+2123-218F, U+2194-21E6, U+2202-2211, U+2213-225F, "
    "U+25A0, U+25B2-25B7, U+25BC-25BD, U+25C0-25CA, U+F8FF, U+FB01-FB02"
)
LETTERS = {
    "Sarabun-Regular.woff2": ("Sarabun-Regular.ttf", COMMON),
    "Sarabun-Bold.woff2": ("Sarabun-Bold.ttf", COMMON),
    "Sarabun-Regular-rare.woff2": ("Sarabun-Regular.ttf", RARE),
    "Sarabun-Bold-rare.woff2": ("Sarabun-Bold.ttf", RARE),
}
# How Thai vowels and tone marks find their place, and letters their distance; not the face's other shapes of a letter.
FEATURES = ["ccmp", "locl", "mark", "mkmk", "kern", "liga"]


def code_points(ranges: str) -> set[int]:
    """Return the code points of a ``unicode-range``."""
    found: set[int] = set()
    for part in ranges.split(","):
        first, _, last = part.strip().removeprefix("U+").partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


def cut_letters(name: str) -> bytes:
    """Return the WOFF2 file of that name; the same bytes each time."""
    # Here, because every start asks whether something changed, and hardly any makes it.
    from fontTools import subset

    source, ranges = LETTERS[name]
    options = subset.Options(flavor="woff2", layout_features=FEATURES, notdef_outline=True)
    with io.BytesIO(files("fontpkg_sarabun").joinpath("files", source).read_bytes()) as whole:
        font = subset.load_font(whole, options)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=code_points(ranges))
        cutter.subset(font)
        target = io.BytesIO()
        subset.save_font(font, target, options)
    return target.getvalue()
