"""How a list looks: its own layout, and the images that layouts and editions name."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from kursliste.domain.layout import Layout, layout_from
from kursliste.models.base import Base, JsonText, Key


class LogoImage(Base):
    """An image by the SHA-256 of its bytes, kept as long as a list or an edition names it.

    ``width`` and ``height`` are in pixels.
    """

    __tablename__ = "logo_image"
    __table_args__ = (
        CheckConstraint("media_type IN ('image/png', 'image/jpeg')", name="media_type"),
        CheckConstraint("width >= 1 AND height >= 1", name="has_a_size"),
    )

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary())


class ListLayout(Base):
    """The layout of a list; a list without a row has the standard one.

    ``stored`` is what ``domain.layout.Layout.stored`` gave; ``logo_sha256`` repeats the logo's hash
    so that the image cannot vanish.
    """

    __tablename__ = "list_layout"

    id: Mapped[Key]
    course_list_id: Mapped[int] = mapped_column(ForeignKey("course_list.id"), unique=True)
    stored: Mapped[dict[str, Any]] = mapped_column(JsonText())
    logo_sha256: Mapped[str | None] = mapped_column(ForeignKey("logo_image.sha256"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def layout(self) -> Layout:
        return layout_from(self.stored)

    def keep(self, layout: Layout) -> None:
        """Take ``layout`` from now on."""
        self.stored = layout.stored()
        self.logo_sha256 = layout.logo.sha256 if layout.logo else None
