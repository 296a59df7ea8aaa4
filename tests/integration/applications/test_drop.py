"""All papers at once: each file is put to the document that its name or text tells, and moved when that was wrong."""

import re
from io import BytesIO

import pytest
from sqlalchemy import select

from app.demo.document_types import DOCUMENT_TYPES
from app.extensions import db
from app.models.document_types import DocumentType
from app.models.documents import Document
from app.models.programmes import LoanProgramme, ProgrammeDocument
from app.services.documents.guessing import guess
from tests import make
from tests.integration.applications.cooperative_place import CooperativePlace
from tests.make_files import pdf_bytes, png_bytes

KINDS = [
    DocumentType(id=number, code=kind.code, name=kind.name_th, name_en=kind.name_en)
    for number, kind in enumerate(DOCUMENT_TYPES, 1)
]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("รายงานการประชุมใหญ่ 2569.pdf", "", "general-meeting-minutes"),
        ("รายงานการประชุมคณะกรรมการดำเนินการ_15พย69.pdf", "", "board-minutes"),
        ("งบทดลอง ต.ค. 69.xlsx", "", "trial-balance"),
        ("ข้อบังคับสหกรณ์.pdf", "", "bylaws"),
        ("guarantors.pdf", "", "guarantors"),
        ("scan0001.pdf", "ใบสำคัญรับจดทะเบียน\nสหกรณ์ เลขที่ 1", "registration"),
        ("scan0001.pdf", "เรียน ประธานกรรมการ", None),
        ("IMG_2024.jpg", "", None),
        ("สหกรณ์.pdf", "", None),  # stands in the names of many
        (".pdf", "", None),
    ],
)
def test_a_guess_is_made_by_name_then_by_text_and_not_in_doubt(name: str, text: str, code: str | None) -> None:
    found = guess(name, text, KINDS)

    assert (found.code if found else None) == code


def two_papers(place: CooperativePlace) -> tuple[int, dict[str, int]]:
    """A draft under a programme that asks for two papers; its id, and theirs by their names."""
    with make.rows(place.app):
        programme = db.session.get_one(LoanProgramme, place.programme)
        names = {"งบทดลองเดือนล่าสุด": "trial", "ข้อบังคับสหกรณ์": "bylaws"}
        for name, code in names.items():
            kind = DocumentType(code=code, name=name, name_en=code, position=9)
            programme.documents.append(ProgrammeDocument(document_type=kind, required=False))
        db.session.flush()
        kinds = db.session.scalars(select(DocumentType).where(DocumentType.code.in_(names.values())))
        papers = {kind.name: kind.id for kind in kinds}
    return place.application(), papers


def held(place: CooperativePlace, key: int) -> dict[str, int]:
    with make.rows(place.app):
        rows = db.session.scalars(select(Document).where(Document.application_id == key, Document.removed_at.is_(None)))
        return {row.file_name: row.document_type_id for row in rows}


def test_files_are_sorted_one_by_one_and_moved(place: CooperativePlace) -> None:
    key, papers = two_papers(place)
    trial, bylaws = papers["งบทดลองเดือนล่าสุด"], papers["ข้อบังคับสหกรณ์"]
    client = place.browser("preparer")
    files = [
        (BytesIO(pdf_bytes("a")), "งบทดลอง.pdf"),
        (BytesIO(pdf_bytes("b")), "ข้อบังคับ สหกรณ์.pdf"),
        (BytesIO(png_bytes()), "IMG_1.png"),
        (BytesIO(b"MZ no document"), "งบทดลองเดือนล่าสุด.pdf"),
    ]

    answer = client.send(f"/apply/{key}/drop", {"files": files}, content_type="multipart/form-data")
    text = client.text(answer.headers["Location"])

    before = held(place, key)
    assert (before["งบทดลอง.pdf"], before["ข้อบังคับ สหกรณ์.pdf"]) == (trial, bylaws)
    assert "IMG_1.png" not in before
    unknown = make.in_thai(place.app, "It cannot be told which document this is. Attach it below, at its document.")
    assert f"IMG_1.png: {unknown}" in text
    assert "งบทดลองเดือนล่าสุด.pdf: " in text
    with make.rows(place.app):
        public_id = db.session.scalars(select(Document).where(Document.file_name == "งบทดลอง.pdf")).one().public_id
    client.send(f"/apply/{key}/sort/{public_id}", {"type": str(bylaws)})
    assert held(place, key)["งบทดลอง.pdf"] == bylaws
    client.send(f"/apply/{key}/sort/{public_id}", {"type": "99999"})
    assert held(place, key)["งบทดลอง.pdf"] == bylaws


def test_what_has_to_be_there_stands_first_and_the_rest_is_folded(place: CooperativePlace) -> None:
    key, papers = two_papers(place)

    text = place.browser("preparer").text(f"/apply/{key}/documents")

    required, *optional = re.findall(r'<li id="paper-(\d+)">(.*?)(?=<li id="paper-|<template)', text, re.DOTALL)
    assert int(required[0]) not in papers.values()
    assert {int(number) for number, _body in optional} == set(papers.values())
    words = make.in_thai(place.app, "Attach it if you have it")
    assert [words in body for _number, body in (required, *optional)] == [False, True, True]
