"""The help as everybody reads it and administrators write it."""

import io
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.applications import DocumentRequest
from app.models.help_pages import HelpPage, HelpPicture, HelpVersion
from app.security.scope import unscoped
from app.services.help.delivered import fill_help
from app.services.help.mistakes import FEWEST, often_returned
from tests.client import FundClient
from tests.forms import fields_of
from tests.make_files import png_bytes as png

PAGES = ("apply", "prepare", "answer", "follow", "quote", "officers", "privacy")


def key_of(app: Flask, key: str) -> int:
    with app.app_context():
        return int(db.session.scalars(select(HelpPage.id).where(HelpPage.key == key)).one())


def test_everybody_reads_finds_and_prints_the_help(visitor: FundClient) -> None:
    home = visitor.text("/help/")
    assert all(f'href="/help/{key}"' in home for key in PAGES)
    assert "305.75" in visitor.text("/help/quote")
    assert 'href="/help/quote"' in visitor.text("/help/?q=ปลอดดอกเบี้ย ประมาณ")
    assert "ไม่พบ" in visitor.text("/help/?q=ฮิปโปโปเตมัส")
    assert "นายทะเบียนสหกรณ์เห็นชอบ" in visitor.text("/help/terms")
    assert visitor.get("/help/nothing").status_code == 404
    assert 'href="/privacy/"' in home
    assert "มาตรา 24 (4)" in visitor.text("/privacy/")
    assert visitor.get("/privacy/?version=7").status_code == 404


def test_hard_words_are_explained_below_the_fields(client_for: Callable[[str], FundClient]) -> None:
    page = client_for("coop1").text("/apply/new")
    assert page.count('<details class="explained">') == 5
    assert "ไม่ใช่อัตราที่กองทุนคิดกับสหกรณ์" in page


def test_a_page_keeps_its_versions_and_refuses_odd_links(
    demo_app: Flask, client_for: Callable[[str], FundClient]
) -> None:
    admin, pk = client_for("admin"), key_of(demo_app, "apply")
    form = fields_of(admin.text(f"/help-pages/edit/{pk}"))

    odd = admin.send(f"/help-pages/edit/{pk}", {**form, "text": "[x](javascript:alert(1))"})
    assert "javascript:alert(1)" in odd.get_data(as_text=True)
    assert "โปรดแก้" in odd.get_data(as_text=True)
    assert admin.send(f"/help-pages/edit/{pk}", {**form, "text": "ข้อความใหม่ <b>ก</b>"}).status_code == 302

    assert "&lt;b&gt;ก&lt;/b&gt;" in FundClient(demo_app).text("/help/apply")
    compared = admin.text(f"/help-pages/{pk}/versions")
    assert "<ins>" in compared
    assert "<del>" in compared
    with demo_app.app_context():
        numbers = db.session.scalars(select(HelpVersion.number).where(HelpVersion.page_id == pk)).all()
        assert sorted(numbers) == [1, 2]
        assert fill_help(db.session.scalars(select(HelpVersion.at)).first()) == 0


def test_the_privacy_notice_stays(demo_app: Flask, client_for: Callable[[str], FundClient]) -> None:
    admin, pk = client_for("admin"), key_of(demo_app, "privacy")
    form = fields_of(admin.text(f"/help-pages/edit/{pk}"))
    form.pop("active", None)

    refused = admin.send(f"/help-pages/edit/{pk}", form)

    assert "เลิกใช้ประกาศความเป็นส่วนตัวไม่ได้" in refused.get_data(as_text=True)


def test_pictures_are_looked_into_shown_to_all_and_kept_while_a_page_shows_them(
    demo_app: Flask, client_for: Callable[[str], FundClient]
) -> None:
    admin, pk = client_for("admin"), key_of(demo_app, "apply")

    fake = admin.send("/help-pictures/", {"file": (io.BytesIO(b"no picture"), "a.png")})
    assert fake.status_code == 422
    assert admin.send("/help-pictures/", {"file": (io.BytesIO(png()), "a.png")}).status_code == 302
    with demo_app.app_context():
        name, row = db.session.execute(select(HelpPicture.public_id, HelpPicture.id)).one()
    assert FundClient(demo_app).get(f"/help/pictures/{name}").mimetype == "image/png"
    form = fields_of(admin.text(f"/help-pages/edit/{pk}"))
    admin.send(f"/help-pages/edit/{pk}", {**form, "text": f"![ก](/help/pictures/{name})"})
    kept = admin.send(f"/help-pictures/{row}/remove", follow_redirects=True)

    assert "แสดงภาพนี้อยู่" in kept.get_data(as_text=True)
    assert f'src="/help/pictures/{name}"' in FundClient(demo_app).text("/help/apply")


def test_what_is_often_returned_is_counted_and_what_is_rare_left_out(demo_app: Flask) -> None:
    with demo_app.app_context(), unscoped():
        one = db.session.scalars(select(DocumentRequest).limit(1)).one()
        values = {"application_id": one.application_id, "cooperative_id": one.cooperative_id, "asked_at": one.asked_at}
        common, rare = one.document_type_id, one.document_type_id + 1
        db.session.query(DocumentRequest).delete()
        asked = [common] * FEWEST + [rare] * (FEWEST - 1)
        db.session.add_all(DocumentRequest(document_type_id=each, **values) for each in asked)
        db.session.commit()
        found = often_returned()
        assert [(row.type.id, row.times) for row in found.rows] == [(common, FEWEST)]
        assert found.counted == 2 * FEWEST - 1

    page = FundClient(demo_app).text("/help/mistakes")
    assert f"{FEWEST} ครั้ง" in page
