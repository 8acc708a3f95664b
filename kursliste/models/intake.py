"""A list that a coordinator uploaded and has not taken over yet: what was read, never the file."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kursliste.domain.calendar import Month
from kursliste.domain.permissions import Scope
from kursliste.models.base import Base, JsonText, Key
from kursliste.models.masterdata import CourseList


class ListUpload(Base):
    """The preview of a taking over. ``understood`` is what the reader made of the file, with what
    the coordinator mended; ``taken_over_at`` is set when it became reports.
    """

    __tablename__ = "list_upload"

    id: Mapped[Key]
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    course_list_id: Mapped[int] = mapped_column(ForeignKey("course_list.id"))
    month: Mapped[Month]
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    understood: Mapped[dict[str, Any]] = mapped_column(JsonText())
    taken_over_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    course_list: Mapped[CourseList] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(district_id=self.district_id)
