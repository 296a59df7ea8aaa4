"""Builds pictures as telephones and programs for cutting pictures leave them: with something behind the picture."""

import io
import json
import struct

from PIL import Image

from tests.make_files import jpeg_bytes, png_bytes
from tests.make_hostile_files import telephone_jpeg


def _samsung(*records: tuple[int, bytes, bytes]) -> bytes:
    """Records, a directory of where each begins, counted back from it, and the directory's length."""
    blocks = [struct.pack("<HHI", 0, kind, len(name)) + name + data for kind, name, data in records]
    directory = b"SEFH" + struct.pack("<II", 107, len(records))
    for place, (kind, _name, _data) in enumerate(records):
        back = sum(map(len, blocks[place:]))
        directory += struct.pack("<HHII", 0, kind, back, len(blocks[place]))
    return b"".join(blocks) + directory + struct.pack("<I", len(directory)) + b"SEFT"


def film() -> bytes:
    return struct.pack(">I", 24) + b"ftypmp42" + b"\0\0\0\0isommp42" + struct.pack(">I", 4008) + b"mdat" + b"\7" * 4000


def samsung_jpeg() -> bytes:
    return jpeg_bytes() + _samsung((0x0A01, b"Image_UTC_Data", b"1764460000000"), (0x0AA1, b"MCC_Data", b"520"))


def samsung_motion_jpeg() -> bytes:
    return jpeg_bytes() + _samsung((0x0A30, b"MotionPhoto_Data", film()), (0x0A01, b"Image_UTC_Data", b"1"))


def motion_jpeg() -> bytes:
    return jpeg_bytes() + film()


def vivo_jpeg() -> bytes:
    words = json.dumps({"version": "1", "model": "invented"}).encode()
    return jpeg_bytes() + b"vivo" + words + struct.pack(">I", len(words)) + b"streamdata"


def oneplus_jpeg() -> bytes:
    words = json.dumps({"watermark": {"name": "invented"}}).encode()
    return jpeg_bytes() + words + struct.pack("<I", len(words)) + b"jxrs"


def huawei_jpeg() -> bytes:
    return jpeg_bytes() + film() + b"v2_f35              " + b"LIVE_4072           "


def bright_jpeg() -> bytes:
    """A picture with a second one for bright screens, and a telephone's records behind both."""
    return telephone_jpeg() + _samsung((0x0A01, b"Image_UTC_Data", b"1764460000000"))


def stray_jpeg() -> bytes:
    return jpeg_bytes() + b"\x1a"


def cut_png() -> bytes:
    """A program wrote the smaller picture over the larger one and left the rest of that."""
    larger = png_bytes((300, 200))
    return png_bytes((30, 20)) + larger[-200:]


def large_picture(kind: str, mode: str = "L", size: tuple[int, int] = (11_000, 10_000), **options: object) -> bytes:
    """A picture of 110 million pixels, all alike, so that it is quickly made."""
    target = io.BytesIO()
    Image.new(mode, size).save(target, kind, **options)
    return target.getvalue()
