"""The program that draws a page of a stranger's file, or a photograph anew; it runs as a process, never with ours.

A line of JSON and the file's bytes come in, a picture goes out. It imports none of the application, so nothing of ours
is in the memory of the process that a hostile file might take over.
"""

import io
import json
import math
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import fontpkg_sarabun
from PIL import Image, ImageDraw, ImageFont, ImageOps

MOST_PIXELS = 20_000_000  # of what is drawn
MOST_SOURCE_PIXELS = 60_000_000  # of a picture that is read; none that is kept has more than 50 million
MOST_PHOTO_PIXELS = 120_000_000  # of a photograph that is made smaller
LONGEST_SIDE = 16_000  # pixels; a JPEG ends at 65,535
LARGEST_MEMORY = 1_500 * 2**20  # bytes of address space, libraries included
LARGEST_ANSWER = 40 * 2**20  # bytes of the picture
QUALITY = 85
QUALITIES = (92, 85, 75)  # of a photograph that is turned
PAGE_QUALITIES = (85, 75, 60)  # of a page among many
A4_AT_300_DPI, A4_AT_200_DPI = (3508, 3508), (2339, 2339)  # pixels, upright or lying
FONT = Path(fontpkg_sarabun.__file__).parent / "files" / "Sarabun-Bold.ttf"
INK, SHADE = (60, 70, 120), 66  # the mark's colour, and how much of it: 255 would hide what is below
SLOPE = 30  # degrees
LINES_APART = 9  # heights of a letter
TURNS = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


@dataclass(frozen=True, slots=True)
class Order:
    """Which page to draw: pixels across after the turn, degrees clockwise, and the text to write over it if any.

    Page 0 asks how many pages there are.
    """

    kind: str
    page: int
    width: int = 1000
    turn: int = 0
    mark: str = ""


@dataclass(frozen=True, slots=True)
class PhotoOrder:
    """How to draw a photograph anew: upright, or as a page of a PDF takes it.

    Args:
        kind: as Pillow calls it.
        largest: bytes; above them it is drawn coarser.
        most_pixels: no more are kept; 0 keeps all.
        for_page: without see-through parts, and as PNG unless ``smaller``.
        smaller: no finer than print needs.
    """

    kind: str
    largest: int
    most_pixels: int = 0
    for_page: bool = False
    smaller: bool = False


class CannotDraw(Exception):
    """The file has no such page, or the page cannot be drawn."""


FAILURES = (
    CannotDraw, Image.DecompressionBombError, OSError, ValueError, SyntaxError, MemoryError, OverflowError,
    RuntimeError,  # of the library for PDF, which only this program needs, not the one that asks it
)  # fmt: skip


def limit_this_process(seconds: float) -> None:
    """Let the process neither grow, run nor write without end, and let people's pages come first.

    Where the system knows no such limits, the clock of the one who waits is left.
    """
    try:
        import resource
    except ImportError:
        return
    os.nice(5)
    for what, most in (
        (resource.RLIMIT_AS, LARGEST_MEMORY),
        (resource.RLIMIT_CPU, math.ceil(seconds)),
        (resource.RLIMIT_FSIZE, LARGEST_ANSWER),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def fitted(width: float, height: float, wanted: int) -> tuple[int, int]:
    """The size of a page in pixels, ``wanted`` across unless that makes too many of them."""
    scale = min(wanted / width, math.sqrt(MOST_PIXELS / (width * height)), LONGEST_SIDE / max(width, height))
    return max(1, math.floor(width * scale)), max(1, math.floor(height * scale))


def count_pages(content: bytes, kind: str) -> int:
    """How many pages the file has; a picture is one."""
    if kind != "pdf":
        return 1
    import pypdfium2

    with pypdfium2.PdfDocument(content) as pdf:
        return len(pdf)


def draw(content: bytes, order: Order) -> bytes:
    """One page as a JPEG.

    Raises:
        CannotDraw: there is no such page.
    """
    page = _pdf_page(content, order) if order.kind == "pdf" else _picture(content, order)
    if order.turn:
        page = page.transpose(TURNS[order.turn])
    if order.mark:
        write_over(page, order.mark)
    target = io.BytesIO()
    page.save(target, "JPEG", quality=QUALITY, subsampling=0)
    return target.getvalue()


def _pdf_page(content: bytes, order: Order) -> Image.Image:
    import pypdfium2

    with pypdfium2.PdfDocument(content) as pdf:
        if not 1 <= order.page <= len(pdf):
            raise CannotDraw("no such page")
        # Without this, what was typed into a form's boxes is left out.
        pdf.init_forms()
        page = pdf[order.page - 1]
        width, height = (max(side, 1.0) for side in page.get_size())
        across, _down = fitted(*_turned(width, height, order.turn), order.width)
        # The library rounds up: a hair less keeps it from making a pixel more.
        scale = (across - 0.01) / _turned(width, height, order.turn)[0]
        drawn: Image.Image = page.render(scale=scale, rev_byteorder=True).to_pil()
        return drawn.convert("RGB")


def _picture(content: bytes, order: Order) -> Image.Image:
    if order.page != 1:
        raise CannotDraw("no such page")
    Image.MAX_IMAGE_PIXELS = MOST_SOURCE_PIXELS // 2  # Pillow refuses above twice as many
    with Image.open(io.BytesIO(content), formats=[order.kind.upper()]) as opened:
        # JPEG then decodes at an eighth, a quarter or half of the size when that is enough.
        opened.draft("RGB", (order.width, order.width))
        upright = ImageOps.exif_transpose(opened)
    across, _down = fitted(*_turned(*upright.size, order.turn), order.width)
    # A small picture stays as it is, the browser makes it larger as well as we could; a mark needs room.
    scale = across / _turned(*upright.size, order.turn)[0]
    size = [max(1, round(side * (scale if order.mark else min(1.0, scale)))) for side in upright.size]
    return _on_white(upright).resize((size[0], size[1]), Image.Resampling.LANCZOS)


def _turned(width: float, height: float, turn: int) -> tuple[float, float]:
    return (height, width) if turn in (90, 270) else (width, height)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits a dot
        return picture.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        paper = Image.new("RGB", clear.size, "white")
        paper.paste(clear, mask=clear.getchannel("A"))
        return paper
    return picture.convert("RGB")


def write_over(page: Image.Image, mark: str) -> None:
    """Write the mark in sloping lines all over the page, so that no part can be cut out without it."""
    size = max(14, round(min(page.size) / 34))
    font = ImageFont.truetype(FONT, size)
    left, top, right, bottom = (round(side) for side in font.getbbox(mark))
    text = Image.new("L", (right - left + 2 * size, bottom - top + size), 0)
    ImageDraw.Draw(text).text((size - left, size // 2 - top), mark, font=font, fill=255)
    sloping = text.rotate(SLOPE, Image.Resampling.BICUBIC, expand=True)
    along, up = (round(text.width * side(math.radians(SLOPE))) for side in (math.cos, math.sin))
    between = size * LINES_APART
    over = Image.new("L", page.size, 0)
    for column in range(-1, page.width // along + 1):
        # Each mark goes on where the one at its left ends.
        for y in range(-sloping.height - column * up % between, page.height, between):
            over.paste(255, (column * along, y), sloping)
    page.paste(INK, (0, 0), over.point(lambda value: value * SHADE // 255))


def redraw(content: bytes, order: PhotoOrder) -> bytes:
    """The photograph as the order wants it, without any notes."""
    Image.MAX_IMAGE_PIXELS = MOST_PHOTO_PIXELS
    with Image.open(io.BytesIO(content), formats=[order.kind]) as picture:
        return _for_page(picture, order) if order.for_page else _upright(picture, order)


def _upright(picture: Image.Image, order: PhotoOrder) -> bytes:
    profile = picture.info.get("icc_profile")
    if order.most_pixels and picture.width * picture.height > order.most_pixels:
        picture = _halved(picture)
    upright = ImageOps.exif_transpose(picture)
    options = {"icc_profile": profile} if profile else {}
    if order.kind == "PNG":
        return _png_within(upright, order, options)
    for quality in QUALITIES:
        drawn = _saved(upright, "JPEG", quality=quality, **options)
        if len(drawn) <= order.largest:
            break
    return drawn


def _halved(picture: Image.Image) -> Image.Image:
    """Half as wide and high. JPEG is decoded so, with a quarter of the memory."""
    if picture.format == "JPEG":
        picture.draft(picture.mode, (picture.width // 2, picture.height // 2))
        return picture
    mode = picture.mode
    see_through = mode == "PA" or "transparency" in picture.info
    between = {"1": "L", "P": "RGBA" if see_through else "RGB", "PA": "RGBA", "I;16": "I", "I;16B": "I"}
    # Converting to what it is would take a copy of it.
    smaller = (picture.convert(between[mode]) if mode in between else picture).reduce(2)
    return smaller.convert("I;16") if smaller.mode == "I" else smaller


def _png_within(picture: Image.Image, order: PhotoOrder, options: dict[str, object]) -> bytes:
    drawn = _saved(picture, "PNG", **options)
    while len(drawn) > order.largest:
        picture = _halved(picture)
        drawn = _saved(picture, "PNG", **options)
    return drawn


def _for_page(picture: Image.Image, order: PhotoOrder) -> bytes:
    if order.smaller and order.kind == "JPEG":
        picture.draft(picture.mode, A4_AT_300_DPI)
    see_through = "A" in picture.getbands() or "transparency" in picture.info
    flat = _flat(picture) if see_through else picture.convert("RGB")
    if not order.smaller:
        return _saved(flat, "PNG")
    flat.thumbnail(A4_AT_300_DPI)
    for quality in PAGE_QUALITIES:
        drawn = _saved(flat, "JPEG", quality=quality)
        if len(drawn) <= order.largest:
            return drawn
    flat.thumbnail(A4_AT_200_DPI)
    return _saved(flat, "JPEG", quality=PAGE_QUALITIES[-1])


def _flat(picture: Image.Image) -> Image.Image:
    on_paper = Image.new("RGB", picture.size, "white")
    drawn = picture.convert("RGBA")
    on_paper.paste(drawn, mask=drawn.getchannel("A"))
    return on_paper


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    picture.info.clear()  # nothing but what is named is written
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def answer(content: bytes, order: Order) -> bytes:
    """The page as a JPEG, or the number of pages in digits."""
    return draw(content, order) if order.page else str(count_pages(content, order.kind)).encode()


def first_words(content: bytes, most: int) -> bytes:
    """The beginning of the text of a PDF's first page."""
    import pypdfium2

    with pypdfium2.PdfDocument(content) as pdf:
        return bytes(pdf[0].get_textpage().get_text_bounded()[:most].encode("utf-8", "replace"))


def main() -> int:
    """Read the order and the file, write the answer; 1 when the page cannot be drawn."""
    asked = json.loads(sys.stdin.buffer.readline())
    limit_this_process(asked.pop("seconds"))
    task = asked.pop("task")
    try:
        content = sys.stdin.buffer.read()
        if task == "words":
            made = first_words(content, **asked)
        else:
            made = redraw(content, PhotoOrder(**asked)) if task == "photo" else answer(content, Order(**asked))
    except FAILURES as failure:
        sys.stderr.write(type(failure).__name__)
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
