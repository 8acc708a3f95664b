"""What a coordinator does with the look of a list."""

from dataclasses import replace

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from kursliste.domain.errors import ConflictError, Rule
from kursliste.domain.events import JournalEvent
from kursliste.domain.layout import STANDARD, Layout, Logo
from kursliste.domain.layout_rules import LONGEST_LOGO_TEXT, check_layout
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.domain.texts import checked_text
from kursliste.infrastructure import journal
from kursliste.infrastructure.pictures import Picture
from kursliste.models.edition import Edition
from kursliste.models.layout import ListLayout, LogoImage
from kursliste.models.masterdata import CourseList
from kursliste.publishing.queries import list_layout_or_none
from kursliste.web.layout_words import differences

NOT_STORED = 0
"""The version of a layout that was never changed."""


def change_layout(
    session: Session,
    course_list: CourseList,
    layout: Layout,
    *,
    knows_gaps: bool,
    seen_version: int,
    actor: Actor,
) -> bool:
    """Let the next edition of a list look like ``layout``; False if nothing changes.

    The logo stays what it is, see :func:`put_logo`. Raises RuleViolationError for a layout that
    makes no list, and for gaps that the person does not know of; ConflictError if somebody else
    changed the layout since ``seen_version`` (0: the standard layout).
    """
    require(actor, Permission.LIST_CONFIGURE, course_list.scope)
    found = _locked(session, course_list)
    before = found.layout if found else STANDARD
    layout = layout.with_logo_of(before)
    if layout == before:
        return False
    if seen_version != (found.version if found else NOT_STORED):
        changes = differences(before, layout)
        raise ConflictError([(part, mine, old) for part, (old, mine) in changes.items()])
    check_layout(layout, knows_gaps=knows_gaps)
    _keep(session, course_list, found, layout, actor=actor)
    return True


def put_logo(
    session: Session, course_list: CourseList, picture: Picture, text: str, *, actor: Actor
) -> None:
    """Set the logo of a list; ``text`` says what it shows to those who do not see it.

    Raises RuleViolationError if ``text`` is missing or too long.
    """
    require(actor, Permission.LIST_CONFIGURE, course_list.scope)
    words = checked_text(text, field="text", longest=LONGEST_LOGO_TEXT, missing=Rule.VALUE_MISSING)
    found = _locked(session, course_list)
    before = found.layout if found else STANDARD
    if session.get(LogoImage, picture.sha256) is None:
        session.add(
            LogoImage(
                sha256=picture.sha256,
                media_type=picture.media_type,
                width=picture.width,
                height=picture.height,
                content=picture.content,
            )
        )
        session.flush()  # the layout names it
    logo = Logo(
        sha256=picture.sha256,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        text=words,
    )
    _keep(session, course_list, found, replace(before, logo=logo), actor=actor)
    _forget(session, before.logo)


def remove_logo(session: Session, course_list: CourseList, *, actor: Actor) -> bool:
    """Take the logo of a list away; False if it has none. Published editions keep theirs."""
    require(actor, Permission.LIST_CONFIGURE, course_list.scope)
    found = _locked(session, course_list)
    if found is None or found.layout.logo is None:
        return False
    logo = found.layout.logo
    _keep(session, course_list, found, replace(found.layout, logo=None), actor=actor)
    _forget(session, logo)
    return True


def _locked(session: Session, course_list: CourseList) -> ListLayout | None:
    """Return the layout of a list. The lock is the list's: a new layout has no row yet."""
    session.execute(select(CourseList.id).where(CourseList.id == course_list.id).with_for_update())
    return list_layout_or_none(session, course_list)


def _keep(
    session: Session,
    course_list: CourseList,
    found: ListLayout | None,
    layout: Layout,
    *,
    actor: Actor,
) -> None:
    before = found.layout if found else STANDARD
    if found is None:
        found = ListLayout(course_list_id=course_list.id)
        session.add(found)
    found.keep(layout)
    session.flush()  # the journal tells what is stored
    journal.record(
        session,
        JournalEvent.COURSE_LIST_CONFIGURED,
        course_list,
        actor=actor,
        scope=course_list.scope,
        changes=differences(before, layout),
    )


def _forget(session: Session, logo: Logo | None) -> None:
    """Delete an image that neither a list nor an edition names any more."""
    if logo is None:
        return
    session.execute(
        delete(LogoImage).where(
            LogoImage.sha256 == logo.sha256,
            ~exists().where(ListLayout.logo_sha256 == LogoImage.sha256),
            ~exists().where(Edition.logo_sha256 == LogoImage.sha256),
        )
    )
