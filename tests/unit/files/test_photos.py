"""Photographs are kept upright and without the place they were taken at; several become one PDF."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image, ImageCms, ImageFile

from app.domain.file_kinds import LARGEST_FILE, FileKind
from app.domain.values.errors import RuleBroken
from app.files.pictures import photos
from app.files.pictures.photos import tidy
from app.services.documents.intake import look_into, look_into_photos
from tests import make_telephone_pictures as telephone
from tests.make_files import jpeg_bytes, pdf_bytes, png_bytes

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def notes(orientation: int = 1) -> Image.Exif:
    """What a telephone writes: how it was held, who made it, and where it was."""
    made = Image.Exif()
    made[ORIENTATION] = orientation
    made[MAKER] = "Telephone"
    made.get_ifd(GPS)[2] = (13.0, 45.0, 30.0)
    return made


def halves(kind: str = "JPEG", **options: object) -> bytes:
    """A lying picture, red on the left and blue on the right."""
    picture = Image.new("RGB", (80, 40), "red")
    picture.paste("blue", (40, 0, 80, 40))
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def pixels(content: bytes) -> bytes:
    return opened(content).tobytes()


@pytest.mark.parametrize(("kind", "suffix"), [("JPEG", "jpg"), ("PNG", "png")])
def test_the_place_and_all_other_notes_are_gone_and_the_pixels_are_not_touched(kind: str, suffix: str) -> None:
    taken = halves(kind, exif=notes())
    assert GPS in opened(taken).getexif()

    kept = look_into(taken, f"ภาพ.{suffix}").content

    assert dict(opened(kept).getexif()) == {}
    assert b"Telephone" not in kept
    assert pixels(kept) == pixels(taken)


def test_notes_in_xmp_comments_and_text_are_gone() -> None:
    xmp = b"<x:xmpmeta>GPSLatitude 13,45N</x:xmpmeta>"
    jpeg = halves(xmp=xmp, comment=b"taken at home")

    kept = tidy(jpeg, FileKind.JPEG)

    assert b"GPSLatitude" not in kept
    assert b"taken at home" not in kept


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_photo_is_turned_as_it_was_held(kind: str, orientation: int) -> None:
    taken = halves(kind, exif=notes(orientation))

    kept = tidy(taken, FileKind[kind])

    upright = opened(kept)
    assert dict(upright.getexif()) == {}
    # The first four are held lying, the last four standing.
    assert upright.size == ((80, 40) if orientation < 5 else (40, 80))
    # 3 is upside down: blue comes to the left. 6 is turned right: the left edge, red, comes to the top.
    corner = {2: "blue", 3: "blue", 4: "red", 5: "red", 6: "red", 7: "blue", 8: "blue"}[orientation]
    red, _green, blue = upright.convert("RGB").getpixel((3, 3))  # type: ignore[misc]
    assert (blue > red) is (corner == "blue")


@pytest.mark.parametrize("orientation", [1, 6])
def test_the_colour_profile_stays(orientation: int) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    kept = tidy(halves(exif=notes(orientation), icc_profile=profile), FileKind.JPEG)

    assert opened(kept).info["icc_profile"] == profile


def test_a_picture_without_notes_stays_byte_for_byte() -> None:
    assert tidy(jpeg_bytes(), FileKind.JPEG) == jpeg_bytes()
    assert tidy(png_bytes(), FileKind.PNG) == png_bytes()
    progressive = jpeg_bytes((300, 200), progressive=True)
    assert tidy(progressive, FileKind.JPEG) == progressive


def test_broken_notes_do_not_keep_a_picture_out() -> None:
    whole = halves(exif=b"Exif\0\0MM\0*\0\0\xff\xff\xff\xff")

    assert pixels(look_into(whole, "ภาพ.jpg").content) == pixels(whole)


def test_of_the_pictures_in_one_file_the_first_is_kept() -> None:
    several = io.BytesIO()
    first, second = opened(halves()), opened(jpeg_bytes((20, 20)))
    first.save(several, "MPO", save_all=True, append_images=[second])

    kept = look_into(several.getvalue(), "ภาพ.jpg").content

    assert b"MPF\0" not in kept
    assert len(kept) < len(several.getvalue())
    assert pixels(kept) == pixels(several.getvalue())


@pytest.mark.parametrize(
    "made",
    [
        telephone.samsung_jpeg,
        telephone.samsung_motion_jpeg,
        telephone.motion_jpeg,
        telephone.huawei_jpeg,
        telephone.vivo_jpeg,
        telephone.oneplus_jpeg,
        telephone.bright_jpeg,
        telephone.stray_jpeg,
    ],
)
def test_what_a_telephone_wrote_behind_the_picture_is_cut_off(made: Callable[[], bytes]) -> None:
    taken = made()

    kept = look_into(taken, "ภาพ.jpg").content

    assert kept.endswith(b"\xff\xd9")
    assert len(kept) < len(taken)
    assert pixels(kept) == pixels(taken)


def test_the_rest_of_a_larger_picture_is_cut_off() -> None:
    taken = telephone.cut_png()

    assert look_into(taken, "ภาพ.png").content == png_bytes((30, 20))


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "L"), ("JPEG", "RGB"), ("PNG", "1"), ("PNG", "P"), ("PNG", "I;16"), ("PNG", "RGBA")]
)
def test_a_picture_of_more_pixels_than_are_kept_is_kept_half_as_wide_and_high(
    monkeypatch: pytest.MonkeyPatch, kind: str, mode: str
) -> None:
    monkeypatch.setattr(photos, "MOST_PIXELS_KEPT", 9_000)
    taken = telephone.large_picture(kind, mode, (110, 100))

    incoming = look_into(taken, "ภาพ.jpg")

    assert incoming.made_smaller
    assert opened(incoming.content).size == (55, 50)
    assert (incoming.kind, incoming.name) == (FileKind[kind], "ภาพ.jpg" if kind == "JPEG" else "ภาพ.png")


def test_photos_become_one_pdf_upright_and_in_their_order() -> None:
    photos = [
        (halves(exif=notes(6)), "หน้าแรก.jpg"),
        (png_bytes((90, 30)), "หน้าสอง.png"),
        (halves(), "หน้าสาม.jpg"),
    ]

    joined = look_into_photos(photos)

    assert (joined.name, joined.kind, joined.pages) == ("หน้าแรก.pdf", FileKind.PDF, 3)
    with pikepdf.open(io.BytesIO(joined.content)) as pdf:
        boxes = [[round(float(side)) for side in page.mediabox] for page in pdf.pages]
        widths = [int(next(iter(page.get_images().values())).Width) for page in pdf.pages]
    # A4 in points, standing for a standing picture.
    assert boxes == [[0, 0, 595, 842], [0, 0, 842, 595], [0, 0, 842, 595]]
    assert widths == [40, 90, 80]


def test_see_through_pictures_can_be_joined() -> None:
    glass = io.BytesIO()
    Image.new("RGBA", (30, 30), (0, 0, 0, 0)).save(glass, "PNG")

    assert look_into_photos([(glass.getvalue(), "ก.png"), (jpeg_bytes(), "ข.jpg")]).pages == 2


def test_photos_too_large_together_are_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    page = io.BytesIO()
    Image.effect_noise((1500, 1500), 90).save(page, "JPEG", quality=100)
    monkeypatch.setattr("app.files.pictures.photos.LARGEST_FILE", int(len(page.getvalue()) * 1.8))

    joined = look_into_photos([(page.getvalue(), "1.jpg"), (page.getvalue(), "2.jpg")])

    assert joined.pages == 2
    assert len(joined.content) < LARGEST_FILE


def test_joining_stops_at_the_first_page_that_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    page = io.BytesIO()
    Image.effect_noise((700, 700), 90).save(page, "JPEG", quality=95)
    drawn: list[int] = []

    def draw_large(content: bytes, _order: object) -> bytes:
        drawn.append(len(content))
        return content

    monkeypatch.setattr(photos, "LARGEST_FILE", int(len(page.getvalue()) * 2.5))
    monkeypatch.setattr(photos, "_redrawn", draw_large)

    with pytest.raises(RuleBroken, match="Join fewer"):
        look_into_photos([(page.getvalue(), f"{number}.jpg") for number in range(9)])

    assert len(drawn) == 3


def test_each_page_among_many_keeps_to_its_share_of_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    page = io.BytesIO()
    Image.effect_noise((600, 600), 90).save(page, "JPEG", quality=95)
    # Four pages of noise: at the usual quality they are about two thirds of what came, too much for this room.
    room = int(len(page.getvalue()) * 1.9)
    monkeypatch.setattr(photos, "LARGEST_FILE", room)

    joined = look_into_photos([(page.getvalue(), f"{number}.jpg") for number in range(4)])

    assert joined.pages == 4
    assert len(joined.content) <= room


def test_only_pictures_are_joined() -> None:
    with pytest.raises(RuleBroken, match="Only pictures"):
        look_into_photos([(jpeg_bytes(), "ก.jpg"), (pdf_bytes(), "ข.pdf")])


def test_pages_are_counted() -> None:
    assert look_into(pdf_bytes(pages=3), "ก.pdf").pages == 3
    assert look_into(png_bytes(), "ก.png").pages == 1


def test_a_picture_that_cannot_be_drawn_anew_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "SECONDS", 0.01)

    with pytest.raises(RuleBroken, match="could not be turned"):
        look_into(halves(exif=notes(6)), "ภาพ.jpg")


def test_no_pixel_of_a_picture_that_is_turned_is_looked_at_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process does it, so that this one answers others meanwhile."""
    taken = halves(exif=notes(6))

    def refuse(_picture: Image.Image) -> None:
        raise AssertionError("decoded in the process that answers people")

    with monkeypatch.context() as changed:
        changed.setattr(ImageFile.ImageFile, "load", refuse)
        turned = tidy(taken, FileKind.JPEG)

    assert opened(turned).size == (40, 80)
