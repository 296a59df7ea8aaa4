"""Help pages with the versions of their texts, words that are explained, and pictures."""

from datetime import datetime

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import BigInteger, Boolean, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.file_kinds import FileKind
from app.domain.values.help_pages import HelpSubject, TermPlace
from app.domain.values.text import N_
from app.models.base import Audited, Named, Searchable, Versioned, labelled
from app.models.document_types import ENGLISH
from app.models.types import Moment

MARKDOWN = N_(
    "In Markdown: # begins a heading, - a line of a list, 1. a numbered one, **bold**, "
    "[words](https://…) a link. HTML is shown as it is typed."
)


class HelpPage(Named, Searchable, Audited, Versioned, Model):
    """A page that tells people how something is done; set out of use, never deleted, so that its versions stay."""

    __tablename__ = "help_page"
    searched_columns = ("title", "title_en", "text", "text_en")
    sorted_column = called_by = "title"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = labelled(
        N_("Address of the page"), String(60), unique=True, nullable=False, help_text=N_("What stands behind /help/")
    )
    subject: Mapped[str] = labelled(N_("Topic"), String(16), choices=HelpSubject, nullable=False)
    title: Mapped[str] = labelled(N_("Thai title"), String(200), nullable=False)
    title_en: Mapped[str | None] = labelled(N_("English title"), String(200), help_text=ENGLISH)
    text: Mapped[str] = labelled(N_("Thai text"), Text, nullable=False, help_text=MARKDOWN)
    text_en: Mapped[str | None] = labelled(N_("English text"), Text, help_text=ENGLISH)
    position: Mapped[int] = labelled(N_("Position in lists"), Integer, nullable=False, default=0)
    active: Mapped[bool] = labelled(N_("In use"), Boolean, nullable=False, default=True)
    editions: Mapped[list["HelpVersion"]] = relationship(back_populates="page", order_by="HelpVersion.number.desc()")

    @classmethod
    def name_column(cls, *, english: bool) -> str:
        return "title_en" if english else "title"


class HelpVersion(Model):
    """The text of a page as it was from a moment on; never changed, so that a confirmation can point to it."""

    __tablename__ = "help_version"
    __table_args__ = (UniqueConstraint("page_id", "number", name="uq_help_version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = labelled(N_("Help page"), ForeignKey("help_page.id"), nullable=False)
    number: Mapped[int] = labelled(N_("Version"), Integer, nullable=False)
    title: Mapped[str] = mapped_column(String(200), nullable=False)
    title_en: Mapped[str | None] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, nullable=False)
    text_en: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = labelled(N_("In force from"), Moment(), nullable=False)
    made_by_id: Mapped[int | None] = labelled(N_("Who"), ForeignKey("ab_user.id"))
    page: Mapped[HelpPage] = relationship(back_populates="editions")
    made_by: Mapped[User | None] = relationship(User)


class HelpTerm(Named, Searchable, Audited, Versioned, Model):
    """A hard word and what it means, in the help and beside a field of the application form."""

    __tablename__ = "help_term"
    searched_columns = ("name", "name_en", "meaning", "meaning_en")

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = labelled(N_("Word"), String(120), unique=True, nullable=False)
    name_en: Mapped[str | None] = labelled(N_("English word"), String(120), help_text=ENGLISH)
    meaning: Mapped[str] = labelled(
        N_("Meaning"), String(600), nullable=False, help_text=N_("One or two short sentences")
    )
    meaning_en: Mapped[str | None] = labelled(N_("Meaning in English"), String(600), help_text=ENGLISH)
    place: Mapped[str | None] = labelled(
        N_("Explained beside the field"),
        String(16),
        choices=TermPlace,
        help_text=N_("Of the application form; empty: in the list of words alone"),
    )
    active: Mapped[bool] = labelled(N_("In use"), Boolean, nullable=False, default=True)


class HelpPicture(Model):
    """A picture that help pages show, for everybody; its address has a random name."""

    __tablename__ = "help_picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, nullable=False)
    file_name: Mapped[str] = labelled(N_("File name"), String(255), nullable=False)
    kind: Mapped[str] = labelled(N_("File kind"), String(8), choices=FileKind, nullable=False)
    size: Mapped[int] = labelled(N_("Size"), BigInteger, nullable=False)
    sha256: Mapped[str] = labelled(N_("SHA-256"), String(64), nullable=False)
    storage_key: Mapped[str] = mapped_column(String(80), unique=True, nullable=False)
    uploaded_at: Mapped[datetime] = labelled(N_("Attached on"), Moment(), nullable=False)
    uploaded_by_id: Mapped[int | None] = labelled(N_("Added by"), ForeignKey("ab_user.id"))

    def __repr__(self) -> str:
        return self.file_name
