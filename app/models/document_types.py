"""Kinds of papers programmes may ask for, and their blank forms."""

from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Boolean, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.file_kinds import LARGEST_FILE, FileKind
from app.domain.papers import MIB, PaperLimits, Validity, kinds_from
from app.domain.values.text import N_
from app.models.base import Audited, Named, Searchable, Versioned, labelled
from app.models.types import Moment

ENGLISH = N_("For readers of English; while it is empty, they are shown the Thai text")


class DocumentType(Named, Searchable, Audited, Versioned, Model):
    """A kind of paper a programme may ask for."""

    __tablename__ = "document_type"
    searched_columns = ("name", "name_en", "code")

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = labelled(N_("Code"), String(40), unique=True, nullable=False)
    name: Mapped[str] = labelled(N_("Thai name"), String(200), unique=True, nullable=False)
    name_en: Mapped[str] = labelled(N_("English name"), String(200), nullable=False)
    help_text: Mapped[str | None] = labelled(N_("What to attach"), Text)
    help_text_en: Mapped[str | None] = labelled(N_("What to attach, in English"), Text, help_text=ENGLISH)
    purpose: Mapped[str | None] = labelled(N_("What it is for"), Text, help_text=N_("Why the fund asks for it"))
    purpose_en: Mapped[str | None] = labelled(N_("What it is for, in English"), Text, help_text=ENGLISH)
    kinds: Mapped[str] = labelled(N_("Accepted kinds of file"), String(60), nullable=False, default="")
    largest_mb: Mapped[int | None] = labelled(
        N_("Largest file (MB)"), Integer, help_text=N_("Empty: 20 MB, as for every file")
    )
    most_files: Mapped[int | None] = labelled(N_("Most files"), Integer, help_text=N_("Empty: any number"))
    validity: Mapped[str] = labelled(
        N_("How long it may be used"), String(16), choices=Validity, nullable=False, default=Validity.ALWAYS
    )
    valid_months: Mapped[int | None] = labelled(
        N_("Months it may be used"), Integer, help_text=N_("Only for a number of months from the day on the paper")
    )
    reusable: Mapped[bool] = labelled(
        N_("May be taken from an earlier application"),
        Boolean,
        nullable=False,
        default=False,
        help_text=N_("An accepted one that is still valid is offered instead of asked for again"),
    )
    identity: Mapped[bool] = labelled(
        N_("Identity paper"),
        Boolean,
        nullable=False,
        default=False,
        help_text=N_("Who opens it says for what, and sees it with a watermark"),
    )
    has_figures: Mapped[bool] = labelled(
        N_("Financial statements"),
        Boolean,
        nullable=False,
        default=False,
        help_text=N_("Officers type its figures beside the page"),
    )
    retention_years: Mapped[int | None] = labelled(
        N_("Years it is kept after the application ended"),
        Integer,
        help_text=N_("An assumption: no source states it. Empty: for ever"),
    )
    position: Mapped[int] = labelled(N_("Position in lists"), Integer, nullable=False, default=0)
    active: Mapped[bool] = labelled(N_("In use"), Boolean, nullable=False, default=True)
    example: Mapped["DocumentExample | None"] = relationship(
        back_populates="document_type", info={"label": N_("Blank form or example")}
    )

    @property
    def limits(self) -> PaperLimits:
        """What files it takes."""
        largest = min(self.largest_mb * MIB, LARGEST_FILE) if self.largest_mb else LARGEST_FILE
        return PaperLimits(kinds_from(self.kinds), largest, self.most_files)


class DocumentExample(Versioned, Model):
    """A blank form or an example of a document type, for everybody to download."""

    __tablename__ = "document_example"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_type_id: Mapped[int] = labelled(
        N_("Document type"), ForeignKey("document_type.id"), nullable=False, unique=True
    )
    file_name: Mapped[str] = labelled(N_("File name"), String(255), nullable=False)
    kind: Mapped[str] = labelled(N_("File kind"), String(8), choices=FileKind, nullable=False)
    size: Mapped[int] = labelled(N_("Size"), BigInteger, nullable=False)
    sha256: Mapped[str] = labelled(N_("SHA-256"), String(64), nullable=False)
    storage_key: Mapped[str] = mapped_column(String(80), unique=True, nullable=False)
    uploaded_at: Mapped[datetime] = labelled(N_("Attached on"), Moment(), nullable=False)
    document_type: Mapped[DocumentType] = relationship(back_populates="example")

    def __repr__(self) -> str:
        return self.file_name
