"""How long a page of a scanned PDF takes to be drawn: 20 pages, 10 MB, as office scanners make them.

Each picture is drawn by a process of its own, as the desk does it. Run it from the project's folder:
``.venv/bin/python -m bench.pages [--pages 20] [--rounds 5]``.
"""

import argparse
import io
import resource
import statistics
import tempfile
import time
from collections.abc import Callable

import img2pdf
from flask import Flask
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from app.files.pictures.page_drawing import FONT, Order
from app.files.pictures.page_pictures import drawn_by_program

A4 = (1654, 2339)  # dots, at 200 an inch
LINE = "รายงานการประชุมคณะกรรมการดำเนินการ เรื่อง การกู้เงินกองทุนเพื่อผู้ใช้แรงงาน 1,250,000.00 บาท"
MARK = "เจ้าหน้าที่ ตัวอย่าง · 25 พ.ย. 2569 14:05 น."


def scanned_page(number: int) -> bytes:
    """A page of text with a scanner's noise, as a JPEG of about half a megabyte."""
    paper = Image.effect_noise(A4, 26).point(lambda value: min(255, value + 95)).filter(ImageFilter.GaussianBlur(0.8))
    page = paper.convert("RGB")
    draw, font = ImageDraw.Draw(page), ImageFont.truetype(FONT, 28)
    for line in range(40):
        draw.text((140, 150 + 50 * line), f"{number}.{line + 1} {LINE}", font=font, fill=(30, 30, 40))
    target = io.BytesIO()
    page.save(target, "JPEG", quality=45, dpi=(200, 200))
    return target.getvalue()


def scanned_pdf(pages: int) -> bytes:
    """The pages as one PDF."""
    made: bytes = img2pdf.convert([scanned_page(number + 1) for number in range(pages)])
    return made


def timed(rounds: int, act: Callable[[], object]) -> str:
    times = []
    for _round in range(rounds):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return f"first {times[0]:.0f} ms, median {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    content = scanned_pdf(chosen.pages)
    print(f"PDF of {chosen.pages} pages, {len(content) / 2**20:.1f} MB")
    for words, order in (
        ("number of pages", Order("pdf", 0)),
        ("page 1, 1000 across", Order("pdf", 1)),
        (f"page {chosen.pages}, 1000 across", Order("pdf", chosen.pages)),
        ("page 1, 1000 across, with a mark", Order("pdf", 1, mark=MARK)),
        ("page 1, 2600 across", Order("pdf", 1, 2600)),
    ):
        size = len(drawn_by_program([content], order)) / 1024
        told = timed(chosen.rounds, lambda order=order: drawn_by_program([content], order))  # type: ignore[misc]
        print(f"{words:36} {told}, {size:,.0f} KB")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest drawing process: {peak:.0f} MB")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        machine = Flask("bench")
        machine.config["INSTANCE_DIR"] = folder
        with machine.app_context():
            main()
