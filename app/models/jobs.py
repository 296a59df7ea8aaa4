"""When each job of the worker was last done, and since when it fails; nobody's rows."""

from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.types import Moment


class JobRound(Model):
    """The last round of one job, written anew each time."""

    __tablename__ = "job_round"

    job: Mapped[str] = mapped_column(String(32), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(Moment(), nullable=False)
    ended_at: Mapped[datetime] = mapped_column(Moment(), nullable=False)
    done: Mapped[int] = mapped_column(Integer, nullable=False)
    failing_since: Mapped[datetime | None] = mapped_column(Moment())
    cause: Mapped[str | None] = mapped_column(String(300))
