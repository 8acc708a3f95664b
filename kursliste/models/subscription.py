"""Readers who want a mail when a list comes out, and what was mailed to them.

Of a reader only the address, what they look for and some instants are kept. A key of a mail's link
is stored as its SHA-256 only.
"""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kursliste.domain.permissions import Scope
from kursliste.domain.subscription import DEFAULT_MOST_KB, LARGEST_MOST_KB
from kursliste.models.base import Base, JsonText, Key
from kursliste.models.edition import Edition
from kursliste.models.masterdata import CourseList, District
from kursliste.models.outbox import OutgoingMail


class Subscription(Base):
    """One list and one filter that one address wants to hear about; without a filter all of it.

    Nobody is written to before ``confirmed_at``. It rests since ``asleep_since``, when several
    mails in a row were refused. ``always``: also when nothing is new for the filter. ``language``
    is the one of the page it was ordered on; mails in a language that is gone are German.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("course_list_id", "email", "filter_key"),
        ForeignKeyConstraint(
            ["course_list_id", "district_id"], ["course_list.id", "course_list.district_id"]
        ),
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint(
            "asleep_since IS NULL OR confirmed_at IS NOT NULL", name="only_confirmed_rest"
        ),
    )

    id: Mapped[Key]
    course_list_id: Mapped[int]
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    filters: Mapped[dict[str, list[str]]] = mapped_column(JsonText())
    filter_key: Mapped[str] = mapped_column(String(64))
    always: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(20), default="de")
    requested_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    asleep_since: Mapped[datetime | None]

    course_list: Mapped[CourseList] = relationship(overlaps="district")
    district: Mapped[District] = relationship(overlaps="course_list")

    @property
    def scope(self) -> Scope:
        return Scope(district_id=self.district_id)

    @property
    def is_active(self) -> bool:
        """Whether mails go to it."""
        return self.confirmed_at is not None and self.asleep_since is None


class Mailing(Base):
    """What publishing an edition wants mailed; the tick makes mails of it, in batches.

    Written in the transaction that publishes, also where nothing shall be sent. ``reached_id`` is
    the last subscription that was looked at, so that a tick that was killed goes on behind it.
    """

    __tablename__ = "mailing"
    __table_args__ = (
        CheckConstraint("sends OR finished_at IS NOT NULL", name="nothing_to_send_is_finished"),
        CheckConstraint("sends OR NOT attaches", name="attaches_what_is_sent"),
    )

    id: Mapped[Key]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), unique=True)
    sends: Mapped[bool]
    attaches: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]
    reached_id: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    edition: Mapped[Edition] = relationship()

    @property
    def scope(self) -> Scope:
        return self.edition.scope


class ReaderMail(Base):
    """One mail to a reader and the key of the links in it.

    ``mailing_id`` is empty for a mail that asks for a confirmation. ``mail_id`` is empty when the
    mail was taken back before it left; ``subscription_id`` when the reader has left: the link then
    still says so.
    """

    __tablename__ = "reader_mail"
    __table_args__ = (UniqueConstraint("mailing_id", "subscription_id"),)

    id: Mapped[Key]
    subscription_id: Mapped[int | None] = mapped_column(
        ForeignKey("subscription.id", ondelete="SET NULL"), index=True
    )
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailing.id"))
    mail_id: Mapped[int | None] = mapped_column(
        ForeignKey("outgoing_mail.id", ondelete="SET NULL"), index=True
    )
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    queued_at: Mapped[datetime]

    subscription: Mapped[Subscription | None] = relationship()
    mail: Mapped[OutgoingMail | None] = relationship()


class MailingRules(Base):
    """How a list's mails come: a list without a row sends the link only.

    The Excel file is attached if it has ``most_kb`` kilobytes at most.
    """

    __tablename__ = "mailing_rules"
    __table_args__ = (
        CheckConstraint(f"most_kb BETWEEN 1 AND {LARGEST_MOST_KB}", name="most_kb_in_range"),
    )

    id: Mapped[Key]
    course_list_id: Mapped[int] = mapped_column(ForeignKey("course_list.id"), unique=True)
    attaches: Mapped[bool] = mapped_column(default=False)
    most_kb: Mapped[int] = mapped_column(default=DEFAULT_MOST_KB)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
