"""Provinces and the offices that serve them."""

from flask_appbuilder import Model
from sqlalchemy import Boolean, Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_
from app.models.base import Audited, Named, Searchable, Versioned, labelled


class Region(LabelledEnum):
    """Six regions; the department's own grouping is not known from a source."""

    NORTH = "north", N_("North")
    CENTRAL = "central", N_("Central")
    NORTHEAST = "northeast", N_("Northeast")
    EAST = "east", N_("East")
    WEST = "west", N_("West")
    SOUTH = "south", N_("South")


class OfficeKind(LabelledEnum):
    """Where a cooperative may file."""

    PROVINCE = "province", N_("Provincial office")
    BANGKOK_AREA = "bangkok_area", N_("Bangkok area office")
    CENTRAL = "central", N_("Central division")


office_province = Table(
    "office_province",
    Model.metadata,
    Column("office_id", ForeignKey("office.id", ondelete="CASCADE"), primary_key=True),
    Column("province_id", ForeignKey("province.id"), primary_key=True, index=True),
)


class Province(Named, Searchable, Audited, Versioned, Model):
    """One of the 77 provinces; the ISO 3166-2 code joins it to the map."""

    __tablename__ = "province"
    searched_columns = ("name", "name_en", "code")

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = labelled(N_("ISO code"), String(8), unique=True, nullable=False)
    name: Mapped[str] = labelled(N_("Thai name"), String(80), unique=True, nullable=False)
    name_en: Mapped[str] = labelled(N_("English name"), String(80), nullable=False)
    region: Mapped[str] = labelled(N_("Region"), String(16), choices=Region, nullable=False)
    offices: Mapped[list["Office"]] = relationship(
        secondary=office_province, back_populates="provinces", info={"label": N_("Offices")}
    )


class Office(Named, Searchable, Audited, Versioned, Model):
    """An office of the department that receives applications."""

    __tablename__ = "office"
    called_by = "short_name"
    searched_columns = ("name", "short_name", "name_en", "code")

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = labelled(N_("Code"), String(16), unique=True, nullable=False)
    kind: Mapped[str] = labelled(N_("Kind"), String(16), choices=OfficeKind, nullable=False)
    name: Mapped[str] = labelled(N_("Thai name"), String(160), unique=True, nullable=False)
    short_name: Mapped[str] = labelled(N_("Short name"), String(80), nullable=False)
    name_en: Mapped[str] = labelled(N_("English name"), String(160), nullable=False)
    phone: Mapped[str | None] = labelled(N_("Telephone"), String(40))
    email: Mapped[str | None] = labelled(N_("E-mail"), String(200))
    address: Mapped[str | None] = labelled(N_("Address"), String(400))
    active: Mapped[bool] = labelled(N_("In use"), Boolean, nullable=False, default=True)
    provinces: Mapped[list[Province]] = relationship(
        secondary=office_province, back_populates="offices", info={"label": N_("Provinces served")}
    )
