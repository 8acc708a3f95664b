"""People: who they are, what they may, where they are signed in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kursliste.domain.openid import LONGEST_SUBJECT
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.models.base import Base, Key, enum_column


def _unique(name: str, *columns: str) -> Index:
    """Return a unique index over rows that have a value in the last column."""
    filled = text(f"{columns[-1]} IS NOT NULL")
    return Index(name, *columns, unique=True, sqlite_where=filled, postgresql_where=filled)


class User(Base):
    """A person with an account; ``email`` is kept in lower case and signs them in."""

    __tablename__ = "app_user"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    demo_slug: Mapped[str | None] = mapped_column(String(40), unique=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", order_by="Membership.id"
    )
    second_factor: Mapped["SecondFactor | None"] = relationship(viewonly=True)

    def as_actor(self) -> Actor:
        """Return the person as rules see them; an inactive person holds nothing."""
        grants = frozenset(
            Grant(m.role, m.district_id, m.provider_id) for m in self.memberships if self.is_active
        )
        return Actor(self.id, self.name, grants)

    @property
    def has_second_factor(self) -> bool:
        """Whether the person set up an app and proved that it works."""
        return self.second_factor is not None and self.second_factor.confirmed_at is not None


class Membership(Base):
    """One role of one person; a person may report for several providers (PRODUCT.md, rule 10)."""

    __tablename__ = "membership"
    __table_args__ = (
        # Three indexes and not one constraint: a column without a value never equals another.
        _unique("ix_membership_provider_once", "user_id", "provider_id"),
        _unique("ix_membership_district_once", "user_id", "role", "district_id"),
        Index(
            "ix_membership_administrator_once",
            "user_id",
            unique=True,
            sqlite_where=text("role = 'administrator'"),
            postgresql_where=text("role = 'administrator'"),
        ),
        CheckConstraint(
            "(role = 'provider') = (provider_id IS NOT NULL)", name="provider_has_provider"
        ),
        CheckConstraint(
            "(role IN ('coordinator', 'counsellor')) = (district_id IS NOT NULL)",
            name="staff_has_district",
        ),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role, "role"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"), index=True)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"), index=True)

    user: Mapped[User] = relationship(back_populates="memberships")


class UserSession(Base):
    """A signed-in browser. The cookie's secret is stored as its SHA-256 only.

    ``second_factor_at`` is when the second step was taken last, None where it was not: then the
    browser is signed in only if the person needs none.
    """

    __tablename__ = "user_session"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(String(120), default="")

    user: Mapped[User] = relationship()


class SecondFactor(Base):
    """The app that proves a person in a second step; it counts from ``confirmed_at`` on.

    ``last_step`` is the newest step of 30 seconds whose code was used: a code holds once.
    """

    __tablename__ = "second_factor"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), unique=True)
    sealed_secret: Mapped[str] = mapped_column(String(300))
    begun_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class PaperCode(Base):
    """One of ten codes for the day on which the phone is lost; each holds once."""

    __tablename__ = "paper_code"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]


class RememberedDevice(Base):
    """A browser that stands for the mailbox in the first step; the app is asked for in any case."""

    __tablename__ = "remembered_device"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    user: Mapped[User] = relationship()


class UserIdentity(Base):
    """An account of an authority's identity provider that signs a person in: issuer and subject.

    A person connects it while signed in; an address of mail connects nothing (SECURITY.md, T42).
    """

    __tablename__ = "user_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    linked_at: Mapped[datetime]


class SignInLink(Base):
    """A one-time way in, by link or 8-digit code, bound to the browser that asked for it."""

    __tablename__ = "sign_in_link"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    bind_hash: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    code_tries: Mapped[int] = mapped_column(default=0)


class RateCounter(Base):
    """How often something was tried in a window of time; counted in the database, so it is exact
    across servers and restarts.
    """

    __tablename__ = "rate_counter"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=1)
